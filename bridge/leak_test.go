package bridge_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// openFiles counts the descriptors of the process.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}

// What a script leaves open is closed when its run ends, however it ends.
func TestSocketsEndWithTheRun(t *testing.T) {
	e := start(t, bridge.Config{Logger: quiet()})
	const open = `
		$server = stream_socket_server('tcp://127.0.0.1:0');
		$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
		$GLOBALS['accepted'] = stream_socket_accept($server);
		$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		$udp = stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND);
		$cycle = new stdClass;
		$cycle->self = [$cycle, $udp];
		static $kept; $kept = $client;`
	output(t, e, open)
	before, opened := openFiles(t), e.Sockets().Opened()
	require.EqualValues(t, 6, opened)
	for _, end := range []string{
		"", "exit(3);", "no_such_function();", "throw new Exception;", "trigger_error('x', E_USER_ERROR);",
		"$f = new Fiber(function () use ($udp) { Fiber::suspend(); }); $f->start(); exit;",
		"register_shutdown_function(function () use ($pair) { exit(1); });",
		"fclose($server); fclose($accepted);",
		"ini_set('memory_limit', '8M'); str_repeat('x', 10 << 20);",
	} {
		for range 20 {
			_, _, _ = run(t, e, bridge.Request{Code: open + end, INI: map[string]string{"display_errors": "0", "log_errors": "0"}})
			require.Zero(t, e.Sockets().Len(), end)
			opened += 6
			require.Equal(t, opened, e.Sockets().Opened(), end)
		}
		require.LessOrEqual(t, openFiles(t), before, end)
	}
}

// C writes down what it accepts and closes; Go's table must agree at every moment.
func TestTableWhileConnectionsComeAndGo(t *testing.T) {
	var e *bridge.Engine
	listed := func(c *phpext.Call) (phpext.Value, error) {
		return phpext.String(fmt.Sprintf("%d %d", e.Sockets().Opened(), e.Sockets().Len())), nil
	}
	for _, rounds := range []int{1, 500, 513, 10_000} {
		t.Run(fmt.Sprint(rounds), func(t *testing.T) {
			e = startWith(t, phpext.Function{Prototype: "host_table(): string", Call: listed})
			before := openFiles(t)
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"rounds": rounds}, Code: `
				$server = stream_socket_server('tcp://127.0.0.1:0');
				$name = 'tcp://' . stream_socket_get_name($server, false);
				echo host_table(), "\n";
				for ($i = 0; $i < $rounds; $i++) {
					$client = stream_socket_client($name);
					$c = stream_socket_accept($server);
					fclose($client);
					fclose($c);
				}
				echo host_table(), "\n";`})
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("1 1\n%d 1\n", 1+2*rounds), out)
			require.EqualValues(t, 1+2*rounds, e.Sockets().Opened())
			require.Zero(t, e.Sockets().Len())
			require.LessOrEqual(t, openFiles(t), before)
		})
	}
}

// Nobody looks at the table while all connections stay open: what C wrote down is more
// than it has room for.
func TestTableOfManyConnections(t *testing.T) {
	e := start(t, bridge.Config{})
	var seen []resources.Info
	done := make(chan struct{})
	out, _, err := run(t, e, bridge.Request{
		Output: writerFunc(func(p []byte) (int, error) {
			go func() { defer close(done); seen = e.Sockets().List() }()
			<-done
			return len(p), nil
		}),
		Code: `
			$server = stream_socket_server('tcp://127.0.0.1:0');
			$name = 'tcp://' . stream_socket_get_name($server, false);
			for ($i = 0; $i < 3000; $i++) {
				$open[] = stream_socket_client($name);
				$open[] = stream_socket_accept($server);
			}
			echo 'x';`,
	})
	require.NoError(t, err, out)
	require.Len(t, seen, 6001)
	local, handles := seen[0].Local, make(map[resources.Handle]bool)
	accepted := 0
	for _, info := range seen {
		handles[info.Handle] = true
		if info.Local == local && info.Remote != "" {
			accepted++
		}
	}
	require.Equal(t, 3000, accepted)
	require.Len(t, handles, 6001)
	require.Zero(t, e.Sockets().Len())
}
