package bridge_test

import (
	"crypto"
	"crypto/md5"
	"crypto/tls"
	"encoding/hex"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tlsVerifications are clients that judge a server. Whether they take it, and what they say where
// they don't, is as with PHP. cafile is the root, unless the options say otherwise; in them,
// FOLDER is that of the certificates, and SHA1, SHA256 and MD5 are the server's fingerprints.
var tlsVerifications = []struct {
	name, certificate string
	options           string // in PHP
	good              bool
}{
	{"ecdsa", "ecdsa", ``, true},
	{"rsa", "rsa", ``, true},
	{"without intermediate authority", "by-root", ``, true},
	{"expired", "expired", ``, false},
	{"not yet valid", "not-yet-valid", ``, false},
	{"expired authority", "by-stale", ``, false},
	{"other authority", "by-stranger", ``, false},
	{"self-signed", "self-signed", ``, false},
	{"for clients only", "for-clients", ``, false},
	{"chain without its intermediate", "leaf-alone", ``, false},
	{"self-signed, allowed", "self-signed", `'allow_self_signed' => true`, true},
	{"self-signed, allowed, other host", "self-signed", `'allow_self_signed' => true, 'peer_name' => 'other.test'`, false},
	{"other authority, self-signed allowed", "by-stranger", `'allow_self_signed' => true`, false},
	{"unfinished chain, self-signed allowed", "leaf-alone", `'allow_self_signed' => true`, false},
	{"self-signed and trusted", "self-signed", `'cafile' => 'FOLDER/self-signed.crt'`, true},
	{"other authority, trusted", "by-stranger", `'cafile' => 'FOLDER/stranger.crt'`, true},

	// What is trusted has to be a root.
	{"intermediate trusted", "ecdsa", `'cafile' => 'FOLDER/intermediate.crt'`, false},
	{"leaf trusted", "ecdsa", `'cafile' => 'FOLDER/ecdsa.crt'`, false},
	{"nothing trusted", "ecdsa", `'cafile' => null`, false},
	{"cafile with a key only", "ecdsa", `'cafile' => 'FOLDER/root.key'`, false},
	{"cafile that is not there", "ecdsa", `'cafile' => 'FOLDER/none.crt'`, false},
	{"cafile by URL", "ecdsa", `'cafile' => 'file://FOLDER/root.crt'`, true},
	{"capath", "ecdsa", `'cafile' => null, 'capath' => capath()`, true},
	{"capath without names of hashes", "ecdsa", `'cafile' => null, 'capath' => 'FOLDER'`, false},
	{"capath that is not there", "ecdsa", `'cafile' => null, 'capath' => 'FOLDER/none'`, false},

	{"without verify_peer", "by-stranger", `'verify_peer' => false`, true},
	{"expired, without verify_peer", "expired", `'verify_peer' => false`, true},
	{"other host, without verify_peer", "other-host", `'verify_peer' => false`, false},
	{"other host, without verify_peer_name", "other-host", `'verify_peer_name' => false`, true},
	{"other authority, without verify_peer_name", "by-stranger", `'verify_peer_name' => false`, false},
	{"other host, without either", "other-host", `'verify_peer' => false, 'verify_peer_name' => false`, true},

	{"depth 0", "ecdsa", `'verify_depth' => 0`, false},
	{"depth 1", "ecdsa", `'verify_depth' => 1`, false},
	{"depth 2", "ecdsa", `'verify_depth' => 2`, true},
	{"depth 0, two certificates", "by-root", `'verify_depth' => 0`, false},
	{"depth 1, two certificates", "by-root", `'verify_depth' => 1`, true},
	{"depth 0, one certificate", "self-signed", `'verify_depth' => 0, 'cafile' => 'FOLDER/self-signed.crt'`, true},

	{"fingerprint, SHA-1", "ecdsa", `'peer_fingerprint' => 'SHA1'`, true},
	{"fingerprint, MD5", "ecdsa", `'peer_fingerprint' => 'MD5'`, true},
	{"fingerprint, SHA-256 as a string", "ecdsa", `'peer_fingerprint' => 'SHA256'`, false},
	{"fingerprint, upper case", "ecdsa", `'peer_fingerprint' => strtoupper('SHA1')`, true},
	{"fingerprint, other", "ecdsa", `'peer_fingerprint' => strrev('SHA1')`, false},
	{"fingerprint, array", "ecdsa", `'peer_fingerprint' => ['sha1' => 'SHA1', 'sha256' => 'SHA256']`, true},
	{"fingerprint, array with another", "ecdsa", `'peer_fingerprint' => ['sha1' => 'SHA1', 'sha256' => strrev('SHA256')]`, false},
	{"fingerprint, array without names", "ecdsa", `'peer_fingerprint' => ['SHA1']`, false},
	{"fingerprint, array of numbers", "ecdsa", `'peer_fingerprint' => ['sha1' => 7]`, false},
	{"fingerprint, empty array", "ecdsa", `'peer_fingerprint' => []`, false},
	{"fingerprint, unknown algorithm", "ecdsa", `'peer_fingerprint' => ['nope' => 'SHA1']`, false},
	{"fingerprint, number", "ecdsa", `'peer_fingerprint' => 7`, false},
	{"fingerprint of an unknown authority's", "by-stranger", `'peer_fingerprint' => 'SHA1'`, false},
	{"fingerprint and no verify_peer", "by-stranger", `'peer_fingerprint' => 'SHA1', 'verify_peer' => false`, true},
	{"fingerprint, but for the host", "other-host", `'peer_fingerprint' => 'SHA1'`, false},

	{"other host", "other-host", ``, false},
	{"IP", "ip-only", `'peer_name' => '127.0.0.1'`, true},
	{"IP from the address", "ip-only", `'peer_name' => null`, true},
	{"other IP", "ip-only", `'peer_name' => '127.0.0.2'`, false},
	{"IP and a name", "ip-only", ``, false},
	{"IP that none names", "wildcards", `'peer_name' => '127.0.0.1'`, false},
	{"CN only", "localhost", ``, true},
	{"CN only, other", "localhost", `'peer_name' => 'a.example.test'`, false},
	{"trailing dot", "ecdsa", `'peer_name' => 'localhost.'`, false},
	{"trailing dot, without SNI", "ecdsa", `'peer_name' => 'localhost.', 'SNI_enabled' => false`, false},
	{"upper case", "ecdsa", `'peer_name' => 'LocalHost'`, true},
	{"empty name", "ecdsa", `'peer_name' => ''`, false},
	{"wildcard", "wildcards", `'peer_name' => 'a.example.test'`, true},
	{"wildcard, upper case", "wildcards", `'peer_name' => 'A.EXAMPLE.Test'`, true},
	{"wildcard, two labels", "wildcards", `'peer_name' => 'a.b.example.test'`, false},
	{"wildcard, no label", "wildcards", `'peer_name' => 'example.test'`, false},
	{"wildcard, empty label", "wildcards", `'peer_name' => '.example.test'`, true},
	{"wildcard in a label", "wildcards", `'peer_name' => 'foo.half.test'`, true},
	{"wildcard in another label", "wildcards", `'peer_name' => 'bar.half.test'`, false},
	{"wildcard alone", "wildcards", `'peer_name' => 'anything'`, true},
	{"IDN", "idn", `'peer_name' => 'xn--bcher-kva.test'`, true},
	{"IDN, upper case", "idn", `'peer_name' => 'XN--BCHER-KVA.test'`, true},
	{"IDN, wildcard", "idn", `'peer_name' => 'a.xn--bcher-kva.test'`, true},
	{"IDN, as it is read", "idn", `'peer_name' => 'bücher.test'`, false},
	{"without SNI", "ecdsa", `'SNI_enabled' => false`, true},
}

// tlsJudge connects in all three ways and tells what it made of the server, and what it captured.
const tlsJudge = `<?php
function capath() {
	@mkdir('FOLDER/capath');
	$hash = openssl_x509_parse(file_get_contents('FOLDER/root.crt'))['hash'];
	copy('FOLDER/root.crt', "FOLDER/capath/$hash.0");
	return 'FOLDER/capath';
}
$names = fn($list) => is_array($list) ? array_map(fn($c) => openssl_x509_parse($c)['subject']['CN'], $list) : $list;
$judge = function ($open) use ($names) {
	$context = stream_context_create(['ssl' => array_filter([OPTIONS] + ['cafile' => 'FOLDER/root.crt', 'peer_name' => 'localhost',
		'capture_peer_cert' => true, 'capture_peer_cert_chain' => true], fn($v) => $v !== null)]);
	$open($context);
	$ssl = stream_context_get_options($context)['ssl'];
	echo json_encode([$names(isset($ssl['peer_certificate']) ? [$ssl['peer_certificate']] : 'none'), $names($ssl['peer_certificate_chain'] ?? 'none')]), "\n";
};
$judge(function ($context) {
	$c = stream_socket_client('ssl://ADDRESS', $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
	var_dump(is_resource($c), $no, $text);
	if ($c) { fwrite($c, "GET /\r\n\r\n"); var_dump(stream_get_contents($c)); }
});
$judge(function ($context) {
	$c = stream_socket_client('tcp://ADDRESS', $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
	var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT));
});
$judge(function ($context) { var_dump(file_get_contents('https://ADDRESS/', false, $context)); });
`

// verify lets PHP and the engine judge.
func (m *tlsMatrix) verify(t *testing.T) {
	// One server for each certificate, as its address is in the words.
	servers := map[string]string{}
	for _, v := range tlsVerifications {
		pair := m.pair(v.certificate)
		if v.certificate == "leaf-alone" {
			pair = m.pair("ecdsa")
			pair.Certificate = pair.Certificate[:1]
		}
		if servers[v.certificate] == "" {
			servers[v.certificate] = serveConns(t, func(raw net.Conn) {
				_ = raw.SetDeadline(time.Now().Add(patience))
				conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{pair}})
				if conn.Handshake() == nil {
					_, _ = conn.Read(make([]byte, 4096))
					_, _ = io.WriteString(conn, "HTTP/1.0 200 OK\r\n\r\nwelcome")
					_ = conn.Close()
				}
			})
		}
	}
	for _, v := range tlsVerifications {
		t.Run("verify/"+v.name, func(t *testing.T) {
			t.Parallel()
			fingerprints := []string{}
			if v.certificate != "leaf-alone" {
				sum := md5.Sum(m.pair(v.certificate).Certificate[0])
				fingerprints = []string{"SHA1", m.fingerprint(v.certificate, crypto.SHA1),
					"SHA256", m.fingerprint(v.certificate, crypto.SHA256), "MD5", hex.EncodeToString(sum[:])}
			}
			code := strings.Replace(tlsJudge, "OPTIONS", v.options, 1)
			code = strings.NewReplacer(append(fingerprints, "FOLDER", m.folder, "ADDRESS", servers[v.certificate])...).Replace(code)
			file := writeFile(t, "script.php", code)
			want := oracle(t, "", file)
			good := func(said string) bool { return strings.HasPrefix(strings.TrimLeft(said, "\n"), "bool(true)") }
			require.Equal(t, v.good, good(want), "PHP judges otherwise: %s", want)
			done := execute(t, exec.CommandContext(t.Context(), m.command, "-n", "-d", "log_errors=0", file))
			require.Equal(t, v.good, good(done.stdout), "%s", done.stdout) // the words may differ, but this
			requireWords(t, "verify/"+v.name, want, done.stdout)
		})
	}
}
