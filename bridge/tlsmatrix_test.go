package bridge_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The engine's TLS, as server and as client, against other implementations: one test for each
// combination of peer, version, certificate and what else matters; then what PHP says of a server's
// certificate, and TLS that begins late. For example
//
//	go test ./bridge -run 'TestTLSMatrix/server/openssl/tls1.3/ecdsa/alpn'
//	go test ./bridge -run 'TestTLSMatrix/verify/IDN'

// tlsMatrixDifferences are the cells where the engine's words cannot be PHP's, with the reason.
// A cell that is listed does differ.
var tlsMatrixDifferences = map[string]string{
	"verify/trailing dot": "the SNI of Go's clients is without it; PHP's has it, which the Go server of the test refuses",
}

// tlsResumes is whether a server resumes sessions. OpenSSL under PHP has a context for each
// connection and thus forgets them.
const tlsResumes = true

// tlsMatrix is what the cells share.
type tlsMatrix struct {
	certificates
	command        string // phpsock
	server, client string // the scripts
}

// stock is PHP's own command line.
func (m *tlsMatrix) stock(t *testing.T) string {
	t.Helper()
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	return php
}

// tlsCell is one test of the matrix.
type tlsCell struct {
	side    string // which one the engine is: "server" or "client"
	peer    string
	version string // "tls1.2", "tls1.3"
	key     string // "rsa", "ecdsa"
	what    string
	mode    string // of the engine: "ssl", "enable" (blocking), "nonblocking", or "https" (client)

	// Who is limited to the version: the engine, or else its peer.
	strict bool
	// Certificates of clients: whether the server asks for one ("", "wanted", "required") and
	// which one it is given.
	asks, given string
	// fails is set where the server turns the client away for its certificate, or for its protocols.
	fails                  bool
	serverALPN, clientALPN []string
	alpn                   string // what is agreed upon
	sni                    bool   // the server has certificates for names
	names                  []string
	resumes                bool
	sizes                  []int
	closes                 string         // "server", "client"
	options                map[string]any // more of the engine's context
	upgrade                *tlsUpgrade    // for the scripts of STARTTLS
}

func (c tlsCell) String() string {
	return strings.Join([]string{c.side, c.peer, c.version, c.key, c.what}, "/")
}

// limits reports whether a side is the one that knows one version only.
func (c tlsCell) limits(role string) bool { return c.strict == (role == c.side) }

func (c tlsCell) limit(config *tls.Config, role string) {
	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS13
	if c.limits(role) {
		config.MinVersion = map[string]uint16{"tls1.2": tls.VersionTLS12, "tls1.3": tls.VersionTLS13}[c.version]
		config.MaxVersion = config.MinVersion
	}
}

// presents is the certificate that a server has for a name.
func (c tlsCell) presents(name string) string {
	switch {
	case c.sni && name == "a.example.test":
		return "sni-exact"
	case c.sni && name == "b.example.test":
		return "sni-wildcard"
	}
	return c.key
}

// php is what the scripts take for their options.
func (c tlsCell) php(t *testing.T, m *tlsMatrix, role, mode, address string) string {
	t.Helper()
	version := "TLS"
	if c.limits(strings.ToLower(role)) {
		version = strings.Replace(strings.Replace(c.version, "tls", "TLSv", 1), ".", "_", 1)
	}
	own, alpn := c.given, c.clientALPN
	ssl := map[string]any{"cafile": m.file("root.crt")}
	if role == "SERVER" {
		own, alpn = c.presents(""), c.serverALPN
		if c.asks != "wanted" { // not to say anything is to want one
			ssl["verify_peer"], ssl["verify_peer_name"] = c.asks == "required", false
		}
		if c.sni {
			// The first key that matches counts.
			ssl["SNI_server_certs"] = json.RawMessage(fmt.Sprintf(`{"a.example.test": %q, "*.example.test": {"local_cert": %q, "local_pk": %q}}`,
				m.file("sni-exact.pem"), m.file("sni-wildcard.crt"), m.file("sni-wildcard.key")))
		}
	}
	if own != "" {
		ssl["local_cert"] = m.file(own + ".pem")
		if mode != "ssl" {
			ssl["local_cert"], ssl["local_pk"] = m.file(own+".crt"), m.file(own+".key")
		}
	}
	if len(alpn) > 0 {
		ssl["alpn_protocols"] = strings.Join(alpn, ",")
	}
	if strings.ToLower(role) == c.side {
		maps.Copy(ssl, c.options)
	}
	options, err := json.Marshal(map[string]any{
		"role": role, "mode": mode, "version": version, "ssl": ssl, "address": address, "clients": len(c.names),
		"names": c.names, "sizes": append([]int{}, c.sizes...), "closes": c.closes, "upgrade": c.upgrade,
	})
	require.NoError(t, err)
	return string(options)
}

func TestTLSMatrix(t *testing.T) {
	m := &tlsMatrix{
		certificates: newCertificates(t), command: buildCommand(t),
		server: writeFile(t, "server.php", tlsMatrixServer), client: writeFile(t, "client.php", tlsMatrixClient),
	}
	requireTLSOf(t, m.command)
	for _, c := range tlsCells(m) {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			ours, peers := m.run(t, m.command, c)
			require.Len(t, peers, len(ours))
			for i := range ours {
				c.check(t, i, ours[i], peers[i])
			}
			if c.fails {
				native, _ := m.run(t, m.stock(t), c)
				for i := range native { // which cipher it was is up to them
					native[i].Cipher, native[i].Bits, ours[i].Cipher, ours[i].Bits = "", 0, "", 0
				}
				requireWords(t, c.String(), native, ours)
			}
		})
	}
	m.verify(t)
	m.startTLS(t)
	m.keepPlainText(t)
}

// requireWords compares what the engine said with what PHP said.
func requireWords(t *testing.T, cell string, native, ours any) {
	t.Helper()
	if reason := tlsMatrixDifferences[cell]; reason != "" {
		require.NotEqual(t, native, ours, "no difference any more: %s", reason)
		return
	}
	require.Equal(t, native, ours)
}

// requireTLSOf skips the test where a program like PHP's command line has no TLS.
func requireTLSOf(t *testing.T, command string) {
	t.Helper()
	out := execute(t, exec.CommandContext(t.Context(), command, "-n", writeFile(t, "tls.php", `<?php echo in_array('ssl', stream_get_transports()) ? 'yes' : 'no';`)))
	if out.stdout == "no" {
		t.Skip("PHP has no ext/openssl")
	}
}

// run lets a program like PHP's command line be the one side of a cell and the peer the other.
func (m *tlsMatrix) run(t *testing.T, program string, c tlsCell) (ours, peers []tlsSeen) {
	t.Helper()
	peer := tlsPeers[c.peer]
	if c.side == "server" {
		connect := peer.client(t, m, c)
		address, seen := phpServer(t, program, m, c, c.mode)
		for _, name := range c.names {
			peers = append(peers, connect(address, name))
		}
		return seen(), peers
	}
	address, seen := peer.server(t, m, c)
	ours = phpClient(t, program, m, c, address, c.mode)
	return ours, seen()
}

// check compares what both sides saw of a connection with each other and with what was to be.
func (c tlsCell) check(t *testing.T, i int, ours, peer tlsSeen) {
	t.Helper()
	server, client := ours, peer
	if c.side == "client" {
		server, client = peer, ours
	}
	saw := fmt.Sprintf("connection %d: ours %+v, the peer's %+v", i, ours, peer)
	if c.fails {
		// In TLS 1.3 a client is through with its handshake before the server judges its certificate.
		require.Zero(t, ours.Echoed+peer.Echoed, saw)
		require.NotEqual(t, "there", server.Ends, saw)
		require.True(t, server.Protocol == "" || c.side == "client", saw)
		return
	}
	echoed := 0
	for _, n := range c.sizes {
		echoed += n
	}
	require.Equal(t, echoed, server.Echoed, saw)
	require.Equal(t, echoed, client.Echoed, saw)
	require.Empty(t, ours.Warnings, saw)
	require.Empty(t, peer.Warnings, saw)
	presented := c.presents(c.names[i])
	protocol := strings.Replace(c.version, "tls", "TLSv", 1)
	if c.mode == "https" { // which tells nothing of its connection
		require.Equal(t, protocol, server.Protocol, saw)
		require.Equal(t, presented, client.Peer, saw)
		return
	}
	for _, s := range []tlsSeen{ours, peer} {
		require.Equal(t, protocol, s.Protocol, saw)
		require.Equal(t, c.alpn, s.ALPN, saw)
	}
	require.Equal(t, peer.Cipher, ours.Cipher, saw)
	require.Contains(t, []int{128, 256}, ours.Bits, saw)
	require.Equal(t, presented, client.Peer, saw)
	require.Equal(t, c.given, server.Peer, saw)
	require.Equal(t, map[string][]string{"server": {"here", "there"}, "client": {"there", "here"}}[c.closes], []string{server.Ends, client.Ends}, saw)
	require.Equal(t, c.resumes && tlsResumes && i > 0, peer.Resumed, saw)
}
