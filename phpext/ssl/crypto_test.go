package ssl_test

import (
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/phpext/ssl"
	"github.com/phpsock/phpsock/resources/secure"
)

const (
	client = int64(121) // STREAM_CRYPTO_METHOD_TLS_CLIENT
	server = int64(120)
)

// host is a fake engine with the rows of TLS.
type host struct {
	*phpexttest.Engine
	*ssl.Crypto
	t testing.TB
}

func newHost(t testing.TB, configs secure.Configs) *host {
	t.Helper()
	crypto := &ssl.Crypto{Configs: configs}
	engine, err := phpexttest.New(nil, crypto.Functions()...)
	require.NoError(t, err)
	t.Cleanup(func() {
		crypto.CloseTransient()
		engine.Close()
	})
	return &host{Engine: engine, Crypto: crypto, t: t}
}

func contextOf(t testing.TB, options map[string]any) *phpext.StreamContext {
	t.Helper()
	v, err := phpext.ValueOf(map[string]any{"ssl": options})
	require.NoError(t, err)
	return &phpext.StreamContext{Options: v.Array()}
}

// setup sets a stream up as the engine does, which resolves every file that an option names
// to itself.
func (h *host) setup(fd int, method int64, options map[string]any, like ...int64) phpexttest.Result {
	h.t.Helper()
	paths := map[string]any{}
	for _, name := range []string{"local_cert", "local_pk"} {
		if path, ok := options[name].(string); ok {
			paths[path] = path
		}
	}
	name := any("localhost")
	if method == server {
		name = nil
	}
	session := int64(0)
	if len(like) > 0 {
		session = like[0]
	}
	h.DefaultContext = contextOf(h.t, options)
	return h.Call("tls_setup", int64(0), int64(fd), method, false, "localhost:1", name, paths, nil, "", "", session)
}

// pairOf is a client and a server whose streams do not block.
func (h *host) pairOf(clientOptions, serverOptions map[string]any, like ...int64) (c, s int64) {
	h.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = unix.Close(fds[0]); _ = unix.Close(fds[1]) })
	made := h.setup(fds[0], client, clientOptions, like...)
	require.Empty(h.t, made.Texts())
	c = made.Value.Int()
	made = h.setup(fds[1], server, serverOptions)
	require.Empty(h.t, made.Texts())
	return c, made.Value.Int()
}

// shake takes both through the handshake and returns what the rows gave in the end.
func (h *host) shake(c, s int64, clientOptions, serverOptions map[string]any) (ofClient, ofServer phpexttest.Result) {
	h.t.Helper()
	over := func(r phpexttest.Result) bool {
		outcome, ok := r.Value.Array().Get(phpext.IntKey(0))
		return ok && outcome.Kind() == phpext.KindBool
	}
	for end := time.Now().Add(10 * time.Second); !over(ofClient) || !over(ofServer); {
		require.True(h.t, time.Now().Before(end), "the handshake does not end")
		if !over(ofClient) {
			h.DefaultContext = contextOf(h.t, clientOptions)
			ofClient = h.Call("tls_handshake", c, false, int64(0), int64(0))
		}
		if !over(ofServer) {
			h.DefaultContext = contextOf(h.t, serverOptions)
			ofServer = h.Call("tls_handshake", s, false, int64(0), int64(0))
		}
	}
	return ofClient, ofServer
}

func succeeded(r phpexttest.Result) bool {
	outcome, _ := r.Value.Array().Get(phpext.IntKey(0))
	return outcome.Bool()
}

// identityFile writes a certificate for localhost, with its key.
func identityFile(t testing.TB, path string) *x509.Certificate {
	t.Helper()
	h := issue(t, nil, newEC(t, elliptic.P256()), "localhost", func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		c.DNSNames = []string{"localhost"}
	})
	require.NoError(t, os.WriteFile(path, append(certPEM(h), keyPEM(t, h.key)...), 0o600))
	return h.Certificate
}

func TestHandshakeOfTwoStreams(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	identityFile(t, file)
	h := newHost(t, secure.Configs{})
	own := map[string]any{"local_cert": file, "alpn_protocols": "two,one"}
	trust := map[string]any{"cafile": file, "alpn_protocols": "one", "capture_peer_cert": true, "capture_peer_cert_chain": true}
	c, s := h.pairOf(trust, own)
	ofClient, ofServer := h.shake(c, s, trust, own)
	require.True(t, succeeded(ofClient), ofClient.Texts())
	require.True(t, succeeded(ofServer), ofServer.Texts())
	crypto, _ := ofClient.Value.Array().Get(phpext.IntKey(2))
	protocol, _ := crypto.Array().GetText("alpn_protocol")
	require.Equal(t, "one", protocol.Text())
	certificate, _ := ofClient.Value.Array().Get(phpext.IntKey(3))
	require.True(t, strings.HasPrefix(certificate.Text(), "-----BEGIN CERTIFICATE-----"))
	chain, _ := ofClient.Value.Array().Get(phpext.IntKey(4))
	require.Equal(t, 1, chain.Array().Len())
	nobodyAsked, _ := ofServer.Value.Array().Get(phpext.IntKey(4))
	require.Equal(t, phpext.KindBool, nobodyAsked.Kind())

	n, _, err := h.Session(uint64(c)).Write([]byte("hello"), false)
	require.NoError(t, err)
	require.Equal(t, 5, n)
	buf := make([]byte, 10)
	n, _, err = h.Session(uint64(s)).Read(buf)
	require.NoError(t, err)
	require.Equal(t, "hello", string(buf[:n]))
	require.Equal(t, 2, h.Len())
	require.Equal(t, 2, h.CloseTransient())
	require.Zero(t, h.Len())
	require.Nil(t, h.Session(uint64(c)))
}

// Sessions are resumed between streams with the same options, and by a stream that is
// named, but what others verified does not count.
func TestResumption(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	identityFile(t, file)
	h := newHost(t, secure.Configs{})
	own, trust := map[string]any{"local_cert": file}, map[string]any{"cafile": file}
	resumes := func(trust map[string]any, like ...int64) (int64, bool) {
		c, s := h.pairOf(trust, own, like...)
		ofClient, _ := h.shake(c, s, trust, own)
		if !succeeded(ofClient) {
			return c, false
		}
		_, _, err := h.Session(uint64(c)).Read(make([]byte, 1)) // where the ticket is
		require.NoError(t, err)
		return c, h.Session(uint64(c)).State().DidResume
	}
	first, resumed := resumes(trust)
	require.False(t, resumed)
	_, resumed = resumes(trust)
	require.True(t, resumed)
	other := map[string]any{"cafile": file, "verify_depth": 5}
	_, resumed = resumes(other)
	require.False(t, resumed, "other options are another client")
	_, resumed = resumes(other, first)
	require.True(t, resumed, "unless it is told to")
	stranger := filepath.Join(t.TempDir(), "stranger.pem")
	identityFile(t, stranger)
	c, _ := resumes(map[string]any{"cafile": stranger}, first)
	require.False(t, h.Session(uint64(c)).State().HandshakeComplete, "it verifies for itself")
	identityFile(t, file)
	_, resumed = resumes(trust)
	require.False(t, resumed, "the files are others now")
}

// A certificate that is replaced on disk is the next stream's.
func TestRotation(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	h := newHost(t, secure.Configs{})
	own, trust := map[string]any{"local_cert": file}, map[string]any{"verify_peer": false, "verify_peer_name": false}
	for range 3 {
		want := identityFile(t, file)
		for range 2 {
			c, s := h.pairOf(trust, own)
			ofClient, _ := h.shake(c, s, trust, own)
			require.True(t, succeeded(ofClient), ofClient.Texts())
			require.Equal(t, want.Raw, h.Session(uint64(c)).State().PeerCertificates[0].Raw)
		}
	}
}

// The time of a handshake is over when PHP's is, or the host's.
func TestHandshakeTimes(t *testing.T) {
	h := newHost(t, secure.Configs{})
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(fds[1])
	defer unix.Close(fds[0])
	for name, tt := range map[string]struct {
		blocks      bool
		limit, host int64
		whose       int64
	}{
		"PHP's":          {true, 30, 0, 1},
		"the host's":     {true, 1000, 30, 2},
		"PHP's is first": {true, 30, 1000, 1},
	} {
		t.Run(name, func(t *testing.T) {
			made := h.setup(fds[0], client, map[string]any{"verify_peer": false})
			require.Empty(t, made.Texts())
			r := h.Call("tls_handshake", made.Value.Int(), tt.blocks, tt.limit, tt.host)
			require.Equal(t, []string{"Warning: tls_handshake(): SSL: Handshake timed out"}, r.Texts())
			whose, _ := r.Value.Array().Get(phpext.IntKey(1))
			require.Equal(t, tt.whose, whose.Int())
			h.Crypto.Close(uint64(made.Value.Int()))
		})
	}
	made := h.setup(fds[0], client, map[string]any{"verify_peer": false})
	require.False(t, succeeded(h.Call("tls_handshake", made.Value.Int(), false, int64(0), int64(1))))
	time.Sleep(5 * time.Millisecond)
	r := h.Call("tls_handshake", made.Value.Int(), false, int64(0), int64(1))
	require.Len(t, r.Texts(), 1, "without blocking the host's limit holds, too")
}

// What crypto/tls cannot do is said once a run.
func TestUnsupportedOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	identityFile(t, file)
	h := newHost(t, secure.Configs{})
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(fds[1])
	defer unix.Close(fds[0])
	parameters := filepath.Join(t.TempDir(), "dh.pem")
	require.NoError(t, os.WriteFile(parameters, pem.EncodeToMemory(&pem.Block{Type: "DH PARAMETERS", Bytes: []byte{0x30, 0}}), 0o600))
	options := map[string]any{"local_cert": file, "dh_param": parameters, "honor_cipher_order": false}
	for run := range 2 {
		h.Engine.Run = uint64(run + 1)
		require.Len(t, h.setup(fds[0], server, options).Texts(), 2)
		require.Empty(t, h.setup(fds[0], server, options).Texts())
	}
}

// A configuration of the host is used as it is.
func TestHostConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	want := identityFile(t, file)
	pair, err := tls.LoadX509KeyPair(file, file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(want)
	h := newHost(t, secure.Configs{
		Clients: map[string]*tls.Config{"localhost:1": {RootCAs: pool}},
		Named:   map[string]*tls.Config{"web": {Certificates: []tls.Certificate{pair}, MaxVersion: tls.VersionTLS12}},
	})
	own := map[string]any{"host_config": "web", "local_cert": "/nowhere"}
	for range 2 {
		c, s := h.pairOf(nil, own)
		ofClient, ofServer := h.shake(c, s, nil, own)
		require.True(t, succeeded(ofClient), ofClient.Texts())
		require.True(t, succeeded(ofServer), ofServer.Texts())
		require.Equal(t, uint16(tls.VersionTLS12), h.Session(uint64(s)).State().Version)
	}
}

// FuzzOptions sets streams up with any value in any option: that works, or is refused in
// words, and no goroutine stays.
func FuzzOptions(f *testing.F) {
	names := []string{
		"verify_peer", "cafile", "capath", "verify_depth", "allow_self_signed", "ciphers", "security_level", "no_ticket",
		"alpn_protocols", "min_proto_version", "max_proto_version", "local_cert", "local_pk", "passphrase", "SNI_enabled",
		"SNI_server_certs", "peer_name", "peer_fingerprint", "dh_param", "honor_cipher_order", "rsa_key_size", "host_config",
	}
	dir := f.TempDir()
	file := filepath.Join(dir, "cert.pem")
	identityFile(f, file)
	for i := range names {
		f.Add(uint8(i), "h2,http/1.1", int64(3), uint8(0), uint8(i+5), file, true)
		f.Add(uint8(i), file, int64(-1), uint8(1), uint8(i+3), "ECDHE+AESGCM:!aNULL", false)
	}
	f.Fuzz(func(t *testing.T, first uint8, text string, number int64, kind, second uint8, other string, serves bool) {
		if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, dir) || strings.HasPrefix(other, "/") && !strings.HasPrefix(other, dir) {
			t.Skip("no files of this machine")
		}
		value := []any{text, number, number&1 == 1, nil, float64(number) / 3, []any{text, other}, map[string]any{text: other}, map[string]any{text: map[string]any{"local_cert": other, "local_pk": text}}}
		options := map[string]any{names[int(first)%len(names)]: value[int(kind)%len(value)], names[int(second)%len(names)]: other}
		h := newHost(t, secure.Configs{})
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		require.NoError(t, err)
		defer unix.Close(fds[0])
		defer unix.Close(fds[1])
		method := client
		if serves {
			method = server
		}
		made := h.setup(fds[0], method, options)
		require.Nil(t, made.Throw)
		if made.Value.Kind() == phpext.KindBool {
			require.NotEmpty(t, made.Texts())
			return
		}
		if serves {
			_, err = unix.Write(fds[1], []byte("no TLS"))
			require.NoError(t, err)
		}
		require.NoError(t, unix.Shutdown(fds[1], unix.SHUT_WR))
		require.False(t, succeeded(h.Call("tls_handshake", made.Value.Int(), true, int64(5000), int64(0))))
		h.Crypto.Close(uint64(made.Value.Int()))
		require.Zero(t, h.Len())
	})
}

// Streams that are given up in the middle of a handshake leave nothing behind.
func TestGivenUp(t *testing.T) {
	before := runtime.NumGoroutine()
	h := newHost(t, secure.Configs{})
	for range 50 {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		require.NoError(t, err)
		made := h.setup(fds[0], client, map[string]any{"verify_peer": false})
		h.Call("tls_handshake", made.Value.Int(), false, int64(0), int64(0))
		h.Crypto.Close(uint64(made.Value.Int()))
		_ = unix.Close(fds[0])
		_ = unix.Close(fds[1])
	}
	require.Zero(t, h.Len())
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(end), "%d goroutines, and %d before", runtime.NumGoroutine(), before)
	}
}
