package bridge_test

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tlsOptionFiles are what the scripts of tlsOptions find, and whom they talk to.
type tlsOptionFiles struct {
	certificates
	prologue string
}

// theTLSOptionFiles are made of the certificates by the program openssl.
var theTLSOptionFiles = `
openssl x509 -in ecdsa.crt -outform DER -out der.crt
openssl pkey -in ecdsa.key -outform DER -out der.key
for kind in rsa ecdsa; do
	openssl pkcs8 -topk8 -in $kind.key -out $kind-aes.key -v2 aes-256-cbc -passout pass:secret
	openssl pkcs8 -topk8 -in $kind.key -out $kind-des3.key -v2 des3 -passout pass:secret
	openssl pkcs8 -topk8 -in $kind.key -out $kind-sha512.key -v2 aes-128-cbc -v2prf hmacWithSHA512 -passout pass:secret
	openssl pkcs8 -topk8 -in $kind.key -out $kind-scrypt.key -scrypt -passout pass:secret
	openssl pkcs8 -topk8 -in $kind.key -out $kind-pbes1.key -v1 PBE-SHA1-3DES -passout pass:secret
	openssl pkcs8 -topk8 -in $kind.key -out $kind-number.key -v2 aes-256-cbc -passout pass:4711
done
openssl rsa -in rsa.key -traditional -out rsa-plain.key
openssl rsa -in rsa.key -traditional -aes256 -out rsa-traditional.key -passout pass:secret
openssl rsa -in rsa.key -traditional -des3 -out rsa-traditional-des3.key -passout pass:secret
openssl ec -in ecdsa.key -out ecdsa-plain.key
openssl ec -in ecdsa.key -aes128 -out ecdsa-traditional.key -passout pass:secret
openssl ec -in ecdsa.key -des3 -out ecdsa-traditional-des3.key -passout pass:secret
openssl ecparam -name prime256v1 -out params
cat params ecdsa-plain.key > ecdsa-params.key
openssl pkey -in ecdsa.key -pubout -out public.key
self() { # NAME, options
	name=$1; shift
	openssl req -x509 -nodes -days 2 -subj /CN=localhost -keyout $name.key -out $name.crt "$@" && cat $name.crt $name.key > $name.pem
}
self weak -newkey rsa:1024
self sha1 -newkey rsa:2048 -sha1
self rsa3072 -newkey rsa:3072
self ed25519 -newkey ed25519
self p384 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1
self p521 -newkey ec -pkeyopt ec_paramgen_curve:secp521r1
self expired-self -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -not_after 20200101000000Z || cp ecdsa.pem expired-self.pem
mkdir capath folder rehashed && cp root.crt stranger.crt capath && openssl rehash capath
cp root.crt rehashed/root.pem && openssl rehash rehashed
openssl x509 -in root.crt -trustout -addtrust serverAuth -out trusted.crt
openssl x509 -in root.crt -trustout -addreject serverAuth -out rejected.crt
`

func newTLSOptionFiles(t *testing.T) *tlsOptionFiles {
	t.Helper()
	o := &tlsOptionFiles{certificates: newCertificates(t)}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl to make files")
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", theTLSOptionFiles)
	cmd.Dir = o.folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	o.write(t)

	var code strings.Builder
	code.WriteString("$f = '" + o.folder + "'; ")
	for name, value := range map[string]string{
		"tls":    o.serve(t, &tls.Config{Certificates: []tls.Certificate{o.pair("ecdsa")}}),
		"rsa":    o.serve(t, &tls.Config{Certificates: []tls.Certificate{o.pair("rsa")}}),
		"v10":    o.serveVersion(t, tls.VersionTLS10),
		"v11":    o.serveVersion(t, tls.VersionTLS11),
		"v12":    o.serveVersion(t, tls.VersionTLS12),
		"v13":    o.serveVersion(t, tls.VersionTLS13),
		"alpn":   o.serve(t, &tls.Config{Certificates: []tls.Certificate{o.pair("ecdsa")}, NextProtos: []string{"h2", "http/1.1"}}),
		"dialer": o.dialer(t),
	} {
		code.WriteString("$" + name + " = '" + value + "'; ")
	}
	o.prologue = code.String() + tlsOptionsPrologue
	return o
}

// write makes files of which some are not quite what they should be.
func (o *tlsOptionFiles) write(t *testing.T) {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(o.file(name))
		require.NoError(t, err)
		return data
	}
	all, crt, key := read("ecdsa.pem"), read("ecdsa.crt"), read("ecdsa.key")
	oneLine := func(data []byte) []byte {
		var out bytes.Buffer
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			text := string(pem.EncodeToMemory(block))
			lines := strings.Split(strings.TrimSpace(text), "\n")
			out.WriteString(lines[0] + "\n" + strings.Join(lines[1:len(lines)-1], "") + "\n" + lines[len(lines)-1] + "\n")
		}
		return out.Bytes()
	}
	for name, data := range map[string][]byte{
		"crlf.pem":        bytes.ReplaceAll(all, []byte("\n"), []byte("\r\n")),
		"key-first.pem":   append(bytes.Clone(key), crt...),
		"text.pem":        append([]byte("Subject: localhost\n\xff\x00 text\n"), all...),
		"bom.pem":         append([]byte("\xef\xbb\xbf"), all...),
		"indented.pem":    bytes.ReplaceAll(all, []byte("\n"), []byte("\n ")),
		"trailing.pem":    append(bytes.Clone(all), "garbage\n-----BEGIN CERTIFICATE-----\n"...),
		"bad-link.pem":    append(bytes.Clone(all), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"...),
		"truncated.pem":   all[:len(all)/4],
		"oneline.pem":     oneLine(all),
		"unended.pem":     bytes.TrimRight(all, "\n"),
		"blanks.pem":      bytes.ReplaceAll(all, []byte("\n"), []byte("  \n")),
		"garbage.pem":     bytes.Repeat([]byte("garbage\x00\xff\n"), 100),
		"empty.pem":       nil,
		"two-keys.pem":    append(append(bytes.Clone(crt), read("rsa.key")...), key...),
		"two-rsa.pem":     append(bytes.Clone(all), read("rsa.pem")...),
		"reversed.pem":    append(append(read("intermediate.crt"), crt...), key...),
		"leaf-twice.pem":  append(bytes.Clone(crt), all...),
		"roots.crt":       append(read("stranger.crt"), read("root.crt")...),
		"half-roots.crt":  append([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), read("root.crt")...),
		"authorities.crt": append(read("intermediate.crt"), read("root.crt")...),
		"leaf-alone.pem":  append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.pair("ecdsa").Certificate[0]}), key...),
		"root-rsa.crt":    append(read("root.crt"), read("ecdsa.key")...),
	} {
		require.NoError(t, os.WriteFile(o.file(name), data, 0o600))
	}
	require.NoError(t, os.Symlink(o.file("ecdsa.pem"), o.file("link.pem")))
	require.NoError(t, os.Symlink(o.file("nothing"), o.file("dangling.pem")))
	require.NoError(t, os.Mkdir(o.file("sub"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(o.file("sub"), "relative.pem"), all, 0o600))
}

// serve echoes.
func (o *tlsOptionFiles) serve(t *testing.T, config *tls.Config) string {
	t.Helper()
	return serveConns(t, func(raw net.Conn) {
		_ = raw.SetDeadline(time.Now().Add(patience))
		conn := tls.Server(raw, config)
		if conn.Handshake() == nil {
			echoTLS(conn)
			_ = conn.Close()
		}
	})
}

func (o *tlsOptionFiles) serveVersion(t *testing.T, version uint16) string {
	t.Helper()
	return o.serve(t, &tls.Config{Certificates: []tls.Certificate{o.pair("ecdsa")}, MinVersion: version, MaxVersion: version})
}

// dialer connects by TLS to the address that it is sent, says "hello" there and what it
// hears back.
func (o *tlsOptionFiles) dialer(t *testing.T) string {
	t.Helper()
	return serveConns(t, func(control net.Conn) {
		_ = control.SetDeadline(time.Now().Add(patience))
		buf := make([]byte, 100)
		n, _ := control.Read(buf)
		raw, err := net.Dial("tcp", string(buf[:n]))
		if err != nil {
			return
		}
		defer raw.Close()
		_ = raw.SetDeadline(time.Now().Add(patience))
		conn := tls.Client(raw, &tls.Config{RootCAs: o.roots(), ServerName: "localhost", NextProtos: []string{"h2", "http/1.1"}})
		if _, err := conn.Write([]byte("hello")); err != nil {
			return
		}
		_, _ = control.Write([]byte("connected"))
		n, _ = conn.Read(buf)
		_, _ = control.Write(buf[:n])
	})
}

// tlsOptionsPrologue has functions for the scripts, and the variables $f, the folder of the
// certificates and files above; $tls, $rsa, $v10 ... $v13 and $alpn, servers that echo; and $dialer.
const tlsOptionsPrologue = `
const GONE = "\0gone"; // an option that is not to be
const SERVER = STREAM_CRYPTO_METHOD_TLS_SERVER, CLIENT = STREAM_CRYPTO_METHOD_TLS_CLIENT;
function context($options, $usual) { return stream_context_create(['ssl' => array_filter($options + $usual, fn($v) => $v !== GONE)]); }
function server_context($options = []) { return context($options, ['local_cert' => "$GLOBALS[f]/ecdsa.pem"]); }
function client_context($options = []) { return context($options, ['cafile' => "$GLOBALS[f]/root.crt", 'peer_name' => 'localhost']); }
// Both ends of a connection.
function connected($server = null, $client = null) {
	$l = stream_socket_server('tcp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $server ?? server_context());
	$c = stream_socket_client('tcp://' . stream_socket_get_name($l, false), $no, $text, 5, STREAM_CLIENT_CONNECT, $client ?? client_context());
	return ['server' => stream_socket_accept($l, 5), 'client' => $c];
}
// Shakes hands without blocking; what each end says is kept apart.
function shake($ends, $methods, &$said) {
	$done = ['server' => 0, 'client' => 0];
	$said = ['server' => [], 'client' => []];
	$who = null;
	foreach ($ends as $end) stream_set_blocking($end, false);
	set_error_handler(function ($level, $text) use (&$said, &$who) { $said[$who][] = "$level $text"; });
	for ($n = 0; $n < 1000 && in_array(0, $done, true); $n++) {
		foreach ($done as $who => $result) {
			if ($result !== 0) continue;
			try { $done[$who] = stream_socket_enable_crypto($ends[$who], true, $methods[$who]); }
			catch (Throwable $e) { $done[$who] = false; $said[$who][] = get_class($e) . ': ' . $e->getMessage(); }
			if ($done[$who] === false) @stream_socket_shutdown($ends[$who], STREAM_SHUT_WR);
		}
		usleep(500);
	}
	restore_error_handler();
	return $done;
}
function heard($stream) {
	for ($end = microtime(true) + 5; microtime(true) < $end;) {
		$read = ($read ?? '') . fread($stream, 100);
		if (strlen($read) >= 4) return $read; // TLS 1.0 sends the first byte by itself
		if (feof($stream)) return 'the end';
		$r = [$stream]; $w = $x = null; stream_select($r, $w, $x, 1);
	}
	return 'nothing';
}
function shown($value) {
	if (is_array($value)) return '[' . implode(', ', array_map(fn($k, $v) => "$k: " . shown($v), array_keys($value), $value)) . ']';
	if ($value instanceof OpenSSLCertificate) return 'the certificate of ' . openssl_x509_parse($value)['subject']['CN'];
	return is_object($value) ? get_class($value) : (is_resource($value) ? 'resource' : var_export($value, true));
}
function options($stream) { return shown(stream_context_get_options($stream)['ssl'] ?? 'none'); }
function both($server = [], $client = [], $methods = [], $cipher = false) {
	$ends = connected(server_context($server), client_context($client));
	$done = shake($ends, $methods + ['server' => SERVER, 'client' => CLIENT], $said);
	foreach ($done as $who => $result) {
		echo "$who: ", shown($result), "\n";
		foreach ($said[$who] as $text) echo "  $text\n";
		if ($result === true) {
			$meta = stream_get_meta_data($ends[$who])['crypto'];
			if (!$cipher) unset($meta['cipher_name'], $meta['cipher_bits'], $meta['cipher_version']);
			echo '  ', shown($meta), "\n";
		}
	}
	set_error_handler(function ($level, $text) { echo "  $level $text\n"; });
	if ($done['client'] === true) {
		fwrite($ends['client'], 'ping');
		if ($done['server'] === true) { echo heard($ends['server']), ' '; fwrite($ends['server'], 'pong'); }
		echo heard($ends['client']), "\n";
	}
	restore_error_handler();
	foreach ($ends as $who => $end) echo "$who: ", options($end), "\n";
}
// Options for a certificate, of a server and of a client.
function own($options) {
	both($options);
	both(['verify_peer' => true, 'cafile' => "$GLOBALS[f]/root.crt"], $options);
}
// Options for what is trusted, of a client and of a server.
function trust($options) {
	both([], $options + ['cafile' => GONE]);
	both($options + ['verify_peer' => true], ['local_cert' => "$GLOBALS[f]/client-ecdsa.pem"]);
}
// A blocking client.
function dial($url, $options = []) {
	$c = stream_socket_client($url, $no, $text, 5, STREAM_CLIENT_CONNECT, client_context($options));
	var_dump(is_resource($c), $no, $text);
	if ($c) { fwrite($c, 'ping'); var_dump(fread($c, 10), stream_get_meta_data($c)['crypto']['protocol']); }
	return $c;
}
// A blocking server.
function serve($options = [], $transport = 'ssl') {
	$l = stream_socket_server("$transport://127.0.0.1:0", $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, server_context($options));
	$control = stream_socket_client("tcp://$GLOBALS[dialer]");
	fwrite($control, stream_socket_get_name($l, false));
	$s = stream_socket_accept($l, 5);
	var_dump(is_resource($s));
	if ($s) { var_dump(fread($s, 10), stream_get_meta_data($s)['crypto']['protocol'], fwrite($s, 'bye')); }
	return [$s, $control, $l];
}
// A client to a server that echoes.
function client($options = []) { global $tls; return stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context($options)); }
class Text { function __construct(private $text) {} function __toString(): string { return $this->text; } }
class Thrower { function __toString(): string { throw new Exception('no text'); } }
`
