package ssl_test

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

// What goes wrong in handshakes with peers that send bytes of no TLS library, in the
// words of crypto/tls and of the PHP that is installed.

func record(kind byte, version uint16, data []byte) []byte {
	b := []byte{kind, byte(version >> 8), byte(version), 0, 0}
	binary.BigEndian.PutUint16(b[3:], uint16(len(data)))
	return append(b, data...)
}

func message(kind byte, body []byte) []byte {
	return append([]byte{kind, 0, byte(len(body) >> 8), byte(len(body))}, body...)
}

func serverHello(version, suite uint16, extensions ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, version)
	b = append(b, make([]byte, 33)...) // random, no session
	b = append(binary.BigEndian.AppendUint16(b, suite), 0)
	b = binary.BigEndian.AppendUint16(b, uint16(len(extensions)))
	return record(22, 0x303, message(2, append(b, extensions...)))
}

func clientHello(suite uint16, compression byte, extensions ...byte) []byte {
	b := append([]byte{3, 3}, make([]byte, 33)...)
	b = append(b, 0, 2, byte(suite>>8), byte(suite), 1, compression)
	b = binary.BigEndian.AppendUint16(b, uint16(len(extensions)))
	return record(22, 0x301, message(1, append(b, extensions...)))
}

var (
	renegotiation = []byte{0xff, 1, 0, 1, 0}
	groups        = []byte{0, 10, 0, 6, 0, 4, 0, 29, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3} // and signatures
)

// raw is bytes that a peer sends, and what a client or a server says of them.
type raw struct {
	name   string
	server bool
	bytes  []byte
	want   string
}

func raws() []raw {
	const (
		version    = "0A00010B:SSL routines::wrong version number"
		unexpected = "0A0000F4:SSL routines::unexpected message"
		length     = "0A00009F:SSL routines::length mismatch"
		protocol   = "0A000102:SSL routines::unsupported protocol"
	)
	hello12 := serverHello(0x303, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, renegotiation...)
	after := func(b []byte) []byte { return append(bytes.Clone(hello12), b...) }
	offer := clientHello(tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0, groups...)
	afterOffer := func(b []byte) []byte { return append(bytes.Clone(offer), b...) }
	return []raw{
		{"answer of HTTP", false, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), version},
		{"long record", false, append([]byte{22, 3, 3, 255, 255}, make([]byte, 70_000)...), "0A0000C6:SSL routines::packet length too long"},
		{"data first", false, record(23, 0x303, []byte("abc")), unexpected},
		{"other message", false, record(22, 0x303, message(20, make([]byte, 12))), unexpected},
		{"unknown message", false, record(22, 0x303, message(77, make([]byte, 12))), unexpected},
		{"short hello", false, record(22, 0x303, message(2, []byte{3, 3, 1})), length},
		{"TLS 1.0", false, serverHello(0x301, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA), protocol},
		{"SSLv3", false, serverHello(0x300, tls.TLS_RSA_WITH_AES_128_CBC_SHA), protocol},
		{"suite that was not offered", false, serverHello(0x303, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, renegotiation...),
			"0A000105:SSL routines::wrong cipher returned"},
		{"extension that was not offered", false, serverHello(0x303, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0, 16, 0, 5, 0, 3, 2, 'h', '2'),
			"0A0000D9:SSL routines::unsolicited extension"},
		{"long message", false, record(22, 0x303, []byte{2, 255, 255, 255, 0, 0}), "0A000098:SSL routines::excessive message size"},
		{"renegotiation", false, serverHello(0x303, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0xff, 1, 0, 3, 2, 1, 2),
			"0A000151:SSL routines::renegotiation mismatch"},
		{"Finished too early", false, after(record(22, 0x303, message(20, make([]byte, 12)))), unexpected},
		{"other version later", false, after(record(22, 0x301, message(11, []byte{0, 0, 0}))), version},
		{"cipher change too early", false, after(record(20, 0x303, []byte{1})), unexpected},

		{"GET", true, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "0A00009C:SSL routines::http request"},
		{"CONNECT", true, []byte("CONNECT x:1 HTTP/1.1\r\n\r\n"), "0A00009B:SSL routines::https proxy request"},
		{"OPTIONS", true, []byte("OPTIONS * HTTP/1.1\r\n\r\n"), version},
		{"data first, server", true, record(23, 0x301, make([]byte, 40)), unexpected},
		{"long record, server", true, append([]byte{22, 3, 1, 255, 255}, make([]byte, 70_000)...), "0A0000C6:SSL routines::packet length too long"},
		{"short hello, server", true, record(22, 0x301, message(1, []byte{3, 3, 1, 2})), length},
		{"other message, server", true, serverHello(0x303, 0xc02b), unexpected},
		{"long message, server", true, record(22, 0x301, []byte{1, 255, 255, 255, 0, 0}), "0A000098:SSL routines::excessive message size"},
		{"no suite in common", true, clientHello(0x1234, 0, groups...), shared},
		{"compression", true, clientHello(tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 1, groups...), "0A0000BB:SSL routines::no compression specified"},
		{"renegotiation, server", true, clientHello(tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0, append(bytes.Clone(groups), 0xff, 1, 0, 3, 2, 1, 2)...),
			"0A000151:SSL routines::renegotiation mismatch"},
		{"point formats", true, clientHello(tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0, append(bytes.Clone(groups), 0, 11, 0, 2, 1, 1)...), shared},
		{"Finished too early, server", true, afterOffer(record(22, 0x303, message(20, make([]byte, 12)))), unexpected},
		{"cipher change too early, server", true, afterOffer(record(20, 0x303, []byte{1})), unexpected},
	}
}

func (r raw) warning() string {
	if strings.HasPrefix(r.want, "0") {
		return prefix + r.want
	}
	return r.want
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// answer sends bytes once something was received, and waits for the end.
func answer(listener net.Listener, answer []byte) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = conn.Read(make([]byte, 4096))
	_, _ = conn.Write(answer)
	_, _ = io.Copy(io.Discard, conn)
}

// clientAgainst returns why the handshake of a client with such a server fails.
func clientAgainst(t *testing.T, bytes []byte) error {
	t.Helper()
	listener := listen(t)
	go answer(listener, bytes)
	conn, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	err = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake()
	require.Error(t, err)
	return err
}

// serverAgainst returns why the handshake of a server with such a client fails.
func serverAgainst(t *testing.T, h *holder, bytes []byte) error {
	t.Helper()
	listener := listen(t)
	go send(listener.Addr().String(), bytes)
	conn, err := listener.Accept()
	require.NoError(t, err)
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{h.Raw}, PrivateKey: h.key}}}
	err = tls.Server(conn, config).Handshake()
	require.Error(t, err)
	return err
}

func send(address string, bytes []byte) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = conn.Write(bytes)
	_, _ = io.Copy(io.Discard, conn)
}

func TestExplainRaw(t *testing.T) {
	h := issue(t, nil, nil, "x")
	for _, tt := range raws() {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			if tt.server {
				err = serverAgainst(t, h, tt.bytes)
			} else {
				err = clientAgainst(t, tt.bytes)
			}
			require.Equal(t, tt.warning(), ssl.Explain(err, tt.server).Warning(), "%v", err)
		})
	}
}

const phpClient = `
$c = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false,
	'min_proto_version' => 32, 'ciphers' => 'ECDHE']]);
stream_socket_client('tls://' . $argv[1], $e, $m, 5, STREAM_CLIENT_CONNECT, $c);`

const phpServer = `
ini_set('default_socket_timeout', 5);
$c = stream_context_create(['ssl' => ['local_cert' => $argv[1], 'verify_peer' => false]]);
$s = stream_socket_server('tls://127.0.0.1:0', $e, $m, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $c);
echo stream_socket_get_name($s, false), "\n";
stream_socket_accept($s);`

func TestExplainLikePHP(t *testing.T) {
	need(t, "php8.2")
	h := issue(t, nil, nil, "x")
	pair := filepath.Join(t.TempDir(), "pair.pem")
	require.NoError(t, os.WriteFile(pair, append(certPEM(h), keyPEM(t, h.key)...), 0o600))
	php := func(code string, arguments ...string) *exec.Cmd {
		options := []string{"-n", "-d", "display_errors=1", "-d", "html_errors=0", "-d", "log_errors=0"}
		return exec.Command("php8.2", append(append(options, "-r", code, "--"), arguments...)...)
	}
	for _, tt := range raws() {
		t.Run(tt.name, func(t *testing.T) {
			var out []byte
			if tt.server {
				cmd := php(phpServer, pair)
				pipe, err := cmd.StdoutPipe()
				require.NoError(t, err)
				require.NoError(t, cmd.Start())
				var address string
				_, err = fmt.Fscanln(pipe, &address)
				require.NoError(t, err)
				send(address, tt.bytes)
				out, err = io.ReadAll(pipe)
				require.NoError(t, err)
				_ = cmd.Wait()
			} else {
				listener := listen(t)
				go answer(listener, tt.bytes)
				out, _ = php(phpClient, listener.Addr().String()).Output()
			}
			require.Contains(t, string(out), "(): "+tt.warning()+" in ")
		})
	}
}
