package bridge_test

import (
	"crypto/tls"
	"net"
	"testing"

	"github.com/phpsock/phpsock/bridge"
)

// hangingTLS are scripts that wait for a peer forever. $silent accepts and says nothing,
// $tls and $old (TLS 1.2) never say or read anything after the handshake. Each prints "up"
// when it is about to hang; nothing else may be printed, no handler and no destructor run.
var hangingTLS = []struct{ name, code string }{
	{"handshake", `echo 'up'; stream_socket_client("ssl://$silent", $no, $text, 1000, STREAM_CLIENT_CONNECT, $trusting); echo 'on';`},
	{"handshake, default time", `echo 'up'; fsockopen("tls://$silent"); echo 'on';`},
	{"handshake of https", `echo 'up'; file_get_contents("https://$silent/"); echo 'on';`},
	{"enable_crypto", `$c = stream_socket_client("tcp://$silent", $no, $text, 1000); echo 'up'; stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT); echo 'on';`},
	{"enable_crypto of a server", `$c = stream_socket_client("tcp://$silent"); stream_set_timeout($c, 1000); echo 'up'; stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER); echo 'on';`},
	{"enable_crypto in a loop", `$c = stream_socket_client("tcp://$silent"); stream_set_blocking($c, false); echo 'up'; while (stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT) === 0) { $r = [$c]; $w = $x = null; stream_select($r, $w, $x, 60); }`},
	{"handshake in a fiber", `echo 'up'; (new Fiber(fn() => stream_socket_client("ssl://$silent", $no, $text, 1000)))->start(); echo 'on';`},
	{"handshake in a handler", `set_error_handler(function () use ($silent) { echo 'up'; fsockopen("ssl://$silent"); echo 'on'; }); echo $undefined;`},
	{"handshake in a shutdown function", `register_shutdown_function(function () use ($silent) { echo 'up'; fsockopen("ssl://$silent"); echo 'on'; });`},
	{"handshake in a destructor", `class D { public $to; function __destruct() { echo 'up'; fsockopen("ssl://$this->to"); echo 'on'; } } $d = new D; $d->to = $silent;`},
	{"persistent handshake", `echo 'up'; pfsockopen("ssl://$silent"); echo 'on';`},
	{"fread", `$c = open($tls); echo 'up'; fread($c, 10); echo 'on';`},
	{"fread of TLS 1.2", `$c = open($old); echo 'up'; fread($c, 10); echo 'on';`},
	{"fgets", `$c = open($tls); echo 'up'; while (!feof($c)) fgets($c); echo 'on';`},
	{"stream_get_contents", `$c = open($tls); echo 'up'; stream_get_contents($c); echo 'on';`},
	{"fread without a limit", `ini_set('default_socket_timeout', '-1'); $c = open($tls); echo 'up'; fread($c, 10); echo 'on';`},
	{"fread after enable_crypto", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, $GLOBALS['trusting']); stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT); stream_set_timeout($c, 1000); echo 'up'; fread($c, 10); echo 'on';`},
	{"fread after crypto was off", `$c = stream_socket_client("tcp://$silent"); stream_set_blocking($c, false); stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT); stream_set_blocking($c, true); stream_set_timeout($c, 1000); echo 'up'; fread($c, 10); echo 'on';`},
	{"recvfrom", `$c = open($old); echo 'up'; stream_socket_recvfrom($c, 10); echo 'on';`},
	{"select", `$c = open($old); $r = [$c]; $w = $x = null; echo 'up'; stream_select($r, $w, $x, null); echo 'on';`},
	{"fwrite", `$c = open($tls); echo 'up'; while (true) fwrite($c, str_repeat('x', 1 << 20)); echo 'on';`},
	{"fwrite of TLS 1.2", `$c = open($old); echo 'up'; while (true) fwrite($c, str_repeat('x', 1 << 20)); echo 'on';`},
	{"stream_copy_to_stream", `$c = open($tls); $z = fopen('/dev/zero', 'r'); echo 'up'; stream_copy_to_stream($z, $c); echo 'on';`},
	{"accept", tlsServer + `echo 'up'; stream_socket_accept($s, -1); echo 'on';`},
	{"accept in a loop", tlsServer + `echo 'up'; while (true) stream_socket_accept($s, 60);`},
	{"handshake of an accepted one", tlsServer + `$c = stream_socket_client("tcp://$address"); echo 'up'; stream_socket_accept($s, -1); echo 'on';`},
	{"half a handshake", tlsServer + `$c = stream_socket_client("tcp://$address"); fwrite($c, "\x16\x03\x01\x02\x00\x01"); echo 'up'; stream_socket_accept($s, -1); echo 'on';`},
}

const hangingTLSPrologue = `
	$trusting = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
	function open($address) {
		$c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $GLOBALS['trusting']);
		if (ini_get('default_socket_timeout') > 0) stream_set_timeout($c, 1000);
		return $c;
	}
	set_error_handler(function ($level, $text) { echo $text; });
	register_shutdown_function(function () { echo ''; });
	`

func TestTLSCancel(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl})
		requireTLS(t, e)
		id := newIdentity(t)
		deaf := func(version uint16) string {
			return serveConns(t, func(raw net.Conn) {
				conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{id.Certificate}, MaxVersion: version})
				if conn.Handshake() == nil {
					<-t.Context().Done()
				}
			})
		}
		vars := map[string]any{"silent": serveConns(t, hold), "tls": deaf(tls.VersionTLS13), "old": deaf(tls.VersionTLS12), "file": id.path}
		for _, tt := range hangingTLS {
			t.Run(tt.name, func(t *testing.T) {
				requireCancel(t, e, bridge.Request{Code: hangingTLSPrologue + tt.code, Vars: vars})
			})
		}
	})
}
