package bridge_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// plain hides what a listener is, so that nobody finds its descriptor.
type plain struct{ net.Listener }

func (p plain) Accept() (net.Conn, error) {
	conn, err := p.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return plainConn{conn}, nil
}

type plainConn struct{ net.Conn }

type plainPacket struct{ net.PacketConn }

const upperServer = `
	$server = stream_socket_server($address, $no, $text) or die("$no $text");
	echo stream_socket_get_name($server, false), "\n";
	$conn = stream_socket_accept($server, 5, $peer);
	echo $peer === stream_socket_get_name($conn, true) ? 'same' : 'other', ' ';
	echo stream_get_meta_data($conn)['stream_type'], "\n";
	while (($line = fgets($conn)) !== false) fwrite($conn, strtoupper($line));
	echo feof($conn) ? 'end' : 'more';
`

// A script's server gets the listener that the host provides for its address, whatever
// that is made of, and the host sees its sockets.
func TestProvidedListeners(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ network, address, scheme, asked string }{
		"tcp":                {"tcp4", "127.0.0.1:0", "tcp://", ""},
		"tcp under a name":   {"tcp4", "127.0.0.1:0", "tcp://", "example.test:80"},
		"tcp, all addresses": {"tcp4", "127.0.0.1:0", "tcp://", "0.0.0.0:8080"},
		"IPv6":               {"tcp6", "[::1]:0", "tcp://", ""},
		"unix":               {"unix", filepath.Join(dir, "u"), "unix://", ""},
		"unix, elsewhere":    {"unix", filepath.Join(dir, "v"), "unix://", "/run/app.sock"},
	} {
		for _, wrapped := range []bool{false, true} {
			kind := map[bool]string{false: "by descriptor", true: "wrapped"}[wrapped]
			t.Run(name+", "+kind, func(t *testing.T) {
				e := start(t, bridge.Config{})
				l, err := net.Listen(c.network, c.address)
				require.NoError(t, err)
				addr, asked := l.Addr().String(), c.asked
				if asked == "" {
					asked = addr
				}
				if wrapped {
					l = plain{l}
				}
				provided, err := e.Provide(c.scheme+asked, l)
				require.NoError(t, err)
				t.Cleanup(func() { _ = provided.Close() })
				answers := make(chan string, 1)
				go func() {
					conn, err := net.DialTimeout(c.network, addr, patience)
					if err != nil {
						answers <- err.Error()
						return
					}
					defer conn.Close()
					_ = conn.SetDeadline(time.Now().Add(patience))
					_, _ = io.WriteString(conn, "hello\n")
					line, _ := bufio.NewReader(conn).ReadString('\n')
					answers <- line
				}()
				out, _, err := run(t, e, bridge.Request{Code: upperServer, Vars: map[string]any{"address": c.scheme + asked}})
				require.NoError(t, err)
				require.Equal(t, "HELLO\n", <-answers)
				require.Contains(t, out, addr+"\n")
				require.True(t, strings.HasSuffix(out, "end"), out)
				require.Zero(t, e.Sockets().Len())
				require.Equal(t, uint64(6), e.Stats().BytesIn)
				require.Equal(t, uint64(6), e.Stats().BytesOut)
			})
		}
	}
}

// While a script has a provided listener, nobody else gets it; afterwards the next one does.
func TestProvidedListenerIsTakenOnce(t *testing.T) {
	e := start(t, bridge.Config{})
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	_, err = e.Provide("tcp://app.test:80", l)
	require.NoError(t, err)
	const code = `
		$a = stream_socket_server('tcp://app.test:80');
		$b = @stream_socket_server('tcp://app.test:80', $no, $text);
		var_dump(is_resource($a), $b, $no, $text);
		fclose($a);
		var_dump(is_resource(stream_socket_server('tcp://app.test:80')));`
	for range 2 {
		require.Equal(t, "bool(true)\nbool(false)\nint(98)\nstring(22) \"Address already in use\"\nbool(true)\n", output(t, e, code))
	}
	requireClean(t, e)
}

// TLS in the host: the script knows nothing of it.
func TestProvidedTLSListener(t *testing.T) {
	e := start(t, bridge.Config{})
	server := httptestCertificate(t)
	l, err := tls.Listen("tcp4", "127.0.0.1:0", server)
	require.NoError(t, err)
	addr := l.Addr().String()
	_, err = e.Provide("tcp://0.0.0.0:80", l)
	require.NoError(t, err)
	got := make(chan string, 1)
	go func() {
		client := http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{
			RootCAs: server.RootCAs, ServerName: "example.com",
		}}}
		answer, err := client.Get("https://" + addr + "/")
		if err != nil {
			got <- err.Error()
			return
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		got <- string(body)
	}()
	output(t, e, `$c = stream_socket_accept(stream_socket_server('tcp://0.0.0.0:80'), 10);
		while (trim(fgets($c)) !== '');
		fwrite($c, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");`)
	require.Equal(t, "hello", <-got)
}

// Datagram servers, by descriptor and not.
func TestProvidedPacketConns(t *testing.T) {
	for _, wrapped := range []bool{false, true} {
		e := start(t, bridge.Config{})
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		require.NoError(t, err)
		addr := c.LocalAddr().String()
		if wrapped {
			c = plainPacket{c}
		}
		_, err = e.ProvidePacket("udp://0.0.0.0:53", c)
		require.NoError(t, err)
		client, err := net.Dial("udp4", addr)
		require.NoError(t, err)
		_, err = client.Write([]byte("one"))
		require.NoError(t, err)
		_, err = client.Write([]byte("two"))
		require.NoError(t, err)
		out, _, err := run(t, e, bridge.Request{Code: `
			$s = stream_socket_server('udp://0.0.0.0:53', $no, $text, STREAM_SERVER_BIND);
			echo stream_socket_get_name($s, false), "\n";
			$data = stream_socket_recvfrom($s, 100, 0, $peer);
			echo $data, ' ', $peer, "\n", stream_socket_sendto($s, "re: $data", 0, $peer), "\n";
			echo fread($s, 100), "\n";
			$r = [$s]; $w = $e = null; var_dump(stream_select($r, $w, $e, 0));
			var_dump(@fwrite($s, 'to nobody'));`})
		require.NoError(t, err)
		require.Equal(t, addr+"\none "+client.LocalAddr().String()+"\n7\ntwo\nint(0)\nbool(false)\n", out, "wrapped: %v", wrapped)
		buf := make([]byte, 100)
		require.NoError(t, client.SetDeadline(time.Now().Add(patience)))
		n, err := client.Read(buf)
		require.NoError(t, err)
		require.Equal(t, "re: one", string(buf[:n]))
		require.NoError(t, client.Close())
		require.NoError(t, e.Close(t.Context()))
	}
}

// The host accepts, the script serves: a connection is a variable of the script.
func TestConnectionsAsVariables(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, wrapped := range []bool{false, true} {
		ours, theirs := tcpPair(t)
		var conn net.Conn = theirs
		if wrapped {
			conn = plainConn{theirs}
		}
		_, err := io.WriteString(ours, "hello\n")
		require.NoError(t, err)
		out, _, err := run(t, e, bridge.Request{
			Code: `echo stream_socket_get_name($client, true) . ' ' . fgets($client); fwrite($client, "bye\n");`,
			Vars: map[string]any{"client": conn},
		})
		require.NoError(t, err)
		require.Equal(t, ours.LocalAddr().String()+" hello\n", out)
		rest, err := io.ReadAll(ours)
		require.NoError(t, err)
		require.Equal(t, "bye\n", string(rest))
	}
	_, err := e.Run(t.Context(), bridge.Request{Code: "1;", Dir: "/nowhere", Vars: map[string]any{"client": plainConn{conn(t)}}})
	require.ErrorIs(t, err, os.ErrNotExist)
	requireClean(t, e)
}

func conn(t *testing.T) net.Conn {
	t.Helper()
	_, theirs := tcpPair(t)
	return theirs
}

// A host function hands connections to the script and takes streams back, with what PHP
// had read too much.
func TestConnectionsOfHostFunctions(t *testing.T) {
	ours, theirs := tcpPair(t)
	var taken net.Conn
	e := startWith(t,
		phpext.Function{Prototype: "next_client()", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Stream(theirs)
		}},
		phpext.Function{Prototype: "hand_back($stream): bool", Call: func(c *phpext.Call) (phpext.Value, error) {
			var err error
			taken, err = c.TakeConn(0)
			return phpext.Bool(err == nil), err
		}},
	)
	_, err := io.WriteString(ours, "one\ntwo\nthree\n")
	require.NoError(t, err)
	require.Equal(t, "one bool(true)\nbool(false)\n", output(t, e, `
		$c = next_client();
		echo trim(fgets($c)), ' ';
		var_dump(hand_back($c), is_resource($c));`))
	require.Zero(t, e.Sockets().Len())
	reader := bufio.NewReader(taken)
	for _, want := range []string{"two\n", "three\n"} {
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, line)
	}
	_, err = io.WriteString(taken, "from Go\n")
	require.NoError(t, err)
	require.NoError(t, taken.Close())
	answer, err := io.ReadAll(ours)
	require.NoError(t, err)
	require.Equal(t, "from Go\n", string(answer))
	require.Contains(t, output(t, e, `try { hand_back(STDIN); } catch (TypeError $e) { echo $e->getMessage(); }`),
		"not a socket of this host")
}

// A PHP server is tested without a port, and reaches the host's own servers without one.
func TestMemoryNetwork(t *testing.T) {
	memory := resources.NewMemory()
	e := start(t, bridge.Config{Memory: memory})
	require.Contains(t, output(t, e, `echo implode(' ', stream_get_transports());`), " mem")

	t.Run("Go asks PHP", func(t *testing.T) {
		got := make(chan string, 1)
		go func() {
			client := http.Client{Timeout: patience, Transport: &http.Transport{DialContext: memory.DialContext}}
			for {
				answer, err := client.Get("http://app/")
				if err != nil {
					time.Sleep(time.Millisecond) // the script is not there yet
					continue
				}
				body, _ := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				got <- string(body)
				return
			}
		}()
		out := output(t, e, `$s = stream_socket_server('mem://app');
			echo stream_socket_get_name($s, false), "\n";
			$read = [$s]; $w = $x = null;
			echo stream_select($read, $w, $x, 10), "\n";
			$c = stream_socket_accept($s, 0, $peer);
			echo strtok($peer, '#'), "\n", stream_get_meta_data($c)['stream_type'], "\n";
			while (trim(fgets($c)) !== '');
			fwrite($c, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");`)
		require.Equal(t, "hello", <-got)
		require.Equal(t, "app\n1\napp\nmem_socket\n", out)
	})
	t.Run("PHP asks Go", func(t *testing.T) {
		l, err := memory.Listen("go")
		require.NoError(t, err)
		defer l.Close()
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					line, _ := bufio.NewReader(conn).ReadString('\n')
					_, _ = io.WriteString(conn, strings.ToUpper(line))
					_ = conn.Close()
				}()
			}
		}()
		require.Equal(t, "HELLO\nHELLO\ngo\n", output(t, e, `
			$c = stream_socket_client('mem://go'); fwrite($c, "hello\n"); echo fgets($c);
			$c = fsockopen('mem://go'); fwrite($c, "hello\n"); echo fgets($c), stream_socket_get_name($c, true), "\n";`))
	})
	t.Run("PHP asks PHP", func(t *testing.T) {
		require.Equal(t, "ping pong end 111 98", output(t, e, `
			$s = stream_socket_server('mem://php');
			$c = stream_socket_client('mem://php');
			$a = stream_socket_accept($s);
			fwrite($c, 'ping'); echo fread($a, 10), ' ';
			fwrite($a, 'pong'); stream_socket_shutdown($a, STREAM_SHUT_WR);
			echo stream_get_contents($c), ' ', feof($c) ? 'end' : 'more', ' ';
			@stream_socket_client('mem://nobody', $no); echo $no, ' ';
			@stream_socket_server('mem://php', $no); echo $no;`))
	})
	requireClean(t, e)
}

// tcpPair returns the two ends of a connection.
func tcpPair(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	ours, err = net.Dial("tcp4", l.Addr().String())
	require.NoError(t, err)
	require.NoError(t, ours.SetDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { _ = ours.Close() })
	theirs, err = l.Accept()
	require.NoError(t, err)
	return ours, theirs
}

// httptestCertificate returns the configuration of a server named example.com, with
// itself as RootCAs.
func httptestCertificate(t *testing.T) *tls.Config {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	config := &tls.Config{Certificates: s.TLS.Certificates, RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	config.RootCAs.AddCert(s.Certificate())
	return config
}
