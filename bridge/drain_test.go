package bridge_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// Servers as programs have them: PHP's manual's, one with an event loop, and one that
// looks at phpsock_draining().
var servers = map[string]string{
	"accept": `$server = stream_socket_server($address);
		while (true) {
			$conn = @stream_socket_accept($server, 1);
			if ($conn) { fgets($conn); fwrite($conn, $version . "\n"); fclose($conn); }
		}`,
	"select": `$server = stream_socket_server($address);
		$conns = [];
		while (true) {
			$read = [$server, ...$conns]; $w = $e = null;
			stream_select($read, $w, $e, null);
			foreach ($read as $r) {
				if ($r === $server) {
					if ($conn = @stream_socket_accept($server, 0)) $conns[(int) $conn] = $conn;
				} else {
					if (fgets($r) !== false) fwrite($r, $version . "\n");
					fclose($r); unset($conns[(int) $r]);
				}
			}
		}`,
	"asks": `$server = stream_socket_server($address);
		while (!phpsock_draining()) {
			if ($conn = @stream_socket_accept($server, -1)) { fgets($conn); fwrite($conn, $version . "\n"); fclose($conn); }
		}
		echo 'ended by itself';`,
}

// serve runs a server script in the background; wait returns how it ended.
func serve(t *testing.T, e *bridge.Engine, code string, vars map[string]any) (wait func() (string, error)) {
	t.Helper()
	var out strings.Builder
	done := make(chan error, 1)
	runs := e.Stats().Runs
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go func() {
		_, err := e.Run(ctx, bridge.Request{Code: code, Vars: vars, Output: &out, Log: io.Discard})
		done <- err
	}()
	require.Eventually(t, func() bool { return e.Stats().Runs > runs }, patience, time.Millisecond)
	return func() (string, error) {
		select {
		case err := <-done:
			return out.String(), err
		case <-time.After(patience):
			return "", errors.New("the server goes on")
		}
	}
}

// ask is one request of a client.
func ask(address string) (string, error) {
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "version?\n"); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	if err == nil && len(answer) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimSpace(string(answer)), err
}

// A new script takes over the listener of the one before, with all who wait in its queue:
// no client of a busy server notices, however often the script is replaced.
func TestRestartLosesNoConnection(t *testing.T) {
	for name, script := range servers {
		for _, kind := range []string{"provided", "kept"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				e := start(t, bridge.Config{KeepListeners: true})
				listener, err := net.Listen("tcp4", "127.0.0.1:0")
				require.NoError(t, err)
				address := listener.Addr().String()
				if kind == "provided" {
					_, err = e.Provide("tcp://"+address, listener)
					require.NoError(t, err)
				} else {
					require.NoError(t, listener.Close())
				}
				wait := serve(t, e, script, map[string]any{"address": "tcp://" + address, "version": 0})
				require.Eventually(t, func() bool { _, err := ask(address); return err == nil }, patience, time.Millisecond)

				var asked, failed atomic.Int64
				var clients sync.WaitGroup
				stop := make(chan struct{})
				t.Cleanup(clients.Wait)
				stopOnce := sync.OnceFunc(func() { close(stop) })
				t.Cleanup(stopOnce)
				for range 4 {
					clients.Go(func() {
						for {
							select {
							case <-stop:
								return
							default:
							}
							if _, err := ask(address); err != nil {
								failed.Add(1)
								t.Error(err)
								return
							}
							asked.Add(1)
						}
					})
				}
				const versions = 10
				for version := 1; version <= versions; version++ {
					goal := asked.Load() + 20
					require.Eventually(t, func() bool { return asked.Load() >= goal || failed.Load() > 0 }, patience, time.Millisecond)
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					require.NoError(t, e.Drain(ctx))
					cancel()
					out, err := wait()
					require.NoError(t, err)
					require.Equal(t, name == "asks", strings.Contains(out, "ended by itself"))
					wait = serve(t, e, script, map[string]any{"address": "tcp://" + address, "version": version})
				}
				require.Eventually(t, func() bool {
					answer, err := ask(address)
					return err == nil && answer == "10"
				}, patience, time.Millisecond)
				stopOnce()
				clients.Wait()
				require.Zero(t, failed.Load())
				require.NoError(t, e.Drain(t.Context()))
				_, err = wait()
				require.NoError(t, err)
				require.Zero(t, e.Sockets().Len())
			})
		}
	}
}

// Connections that are open are served to their end; shutdown functions run, and may use
// the network; new ones wait.
func TestDrainServesOpenConnections(t *testing.T) {
	e := start(t, bridge.Config{})
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	_, err = e.Provide("tcp://"+address, listener)
	require.NoError(t, err)
	wait := serve(t, e, `
		register_shutdown_function(function () {
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			fwrite($a, 'bye'); echo fread($b, 3);
			$r = [$b]; $w = $e = null; echo stream_select($r, $w, $e, 0, 1000);
		});
		$server = stream_socket_server($address); $open = [];
		while (true) {
			$read = [$server, ...$open]; $w = $e = null;
			stream_select($read, $w, $e, 10);
			foreach ($read as $s) {
				if ($s === $server) { $open[] = stream_socket_accept($server, 0); continue; }
				$line = fgets($s);
				if ($line === false) { unset($open[array_search($s, $open)]); fclose($s); } else fwrite($s, $line);
			}
		}`, map[string]any{"address": "tcp://" + address})
	conn, err := net.Dial("tcp4", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	echo := func() {
		_, err := io.WriteString(conn, "hello\n")
		require.NoError(t, err)
		buf := make([]byte, 6)
		_, err = io.ReadFull(conn, buf)
		require.NoError(t, err)
	}
	echo()
	drained := make(chan error, 1)
	go func() { drained <- e.Drain(t.Context()) }()
	require.Eventually(t, func() bool { return e.Stats().Draining }, patience, time.Millisecond)
	late, err := net.Dial("tcp4", address) // it waits in the queue
	require.NoError(t, err)
	defer late.Close()
	for range 50 {
		echo()
	}
	select {
	case err := <-drained:
		require.Fail(t, "the run ended with a connection open", "%v", err)
	default:
	}
	require.NoError(t, conn.Close())
	require.NoError(t, <-drained)
	out, err := wait()
	require.NoError(t, err)
	require.Equal(t, "bye0", out)

	out, _, err = run(t, e, bridge.Request{
		Code: `$c = stream_socket_accept(stream_socket_server($address), 5); var_dump(is_resource($c));`,
		Vars: map[string]any{"address": "tcp://" + address},
	})
	require.NoError(t, err)
	require.Equal(t, "bool(true)\n", out)
}

// A script that does not come to its end is ended when the time for that is over.
func TestDrainDeadline(t *testing.T) {
	e := start(t, bridge.Config{})
	wait := serve(t, e, `while (true) usleep(1000);`, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, e.Drain(ctx), context.DeadlineExceeded)
	_, err := wait()
	require.ErrorIs(t, err, bridge.ErrDrain)
	require.NoError(t, e.Drain(t.Context()), "nothing runs")
	requireClean(t, e)
}

// A UDP server ends where it waits for the next datagram.
func TestDrainDatagramServer(t *testing.T) {
	for name, code := range map[string]string{
		"recvfrom": `while (true) { stream_socket_recvfrom($s, 100, 0, $peer); }`,
		"select":   `while (true) { $r = [$s]; $w = $e = null; stream_select($r, $w, $e, 100); }`,
		"fread":    `while (true) { fread($s, 100); }`,
	} {
		t.Run(name, func(t *testing.T) {
			e := start(t, bridge.Config{GoOnly: name == "recvfrom"})
			wait := serve(t, e, `$s = stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND);`+code, nil)
			require.Eventually(t, func() bool { return e.Sockets().Len() == 1 }, patience, time.Millisecond)
			require.NoError(t, e.Drain(t.Context()))
			_, err := wait()
			require.NoError(t, err)
		})
	}
}
