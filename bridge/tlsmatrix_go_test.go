package bridge_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// goSeen is what Go tells of a connection, in OpenSSL's words.
func goSeen(state tls.ConnectionState, echoed int, ends string) tlsSeen {
	s := tlsSeen{
		Protocol: strings.Replace(tls.VersionName(state.Version), "TLS ", "TLSv", 1),
		Cipher:   tls.CipherSuiteName(state.CipherSuite), ALPN: state.NegotiatedProtocol,
		Resumed: state.DidResume, Echoed: echoed, Ends: ends,
	}
	if state.Version < tls.VersionTLS13 {
		s.Cipher = strings.NewReplacer("TLS_", "", "_WITH_AES_", "-AES", "_WITH_", "-", "POLY1305_SHA256", "POLY1305", "_", "-").Replace(s.Cipher)
	}
	if len(state.PeerCertificates) > 0 {
		s.Peer = state.PeerCertificates[0].Subject.CommonName
	}
	return s
}

// rawConn is a connection below TLS that keeps in mind whether it has come to its end. Go takes that for
// the end of TLS, too; with a close_notify it does not look for it.
type rawConn struct {
	net.Conn
	ended bool
}

func (c *rawConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.ended = c.ended || errors.Is(err, io.EOF)
	return n, err
}

// orderly corrects who closed by how.
func (c *rawConn) orderly(ends string) string {
	if ends == "there" && c.ended {
		return "broken: no close_notify"
	}
	return ends
}

func goClient(t *testing.T, m *tlsMatrix, c tlsCell) func(address, name string) tlsSeen {
	config := &tls.Config{RootCAs: m.roots(), NextProtos: c.clientALPN, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	c.limit(config, "client")
	if c.given != "" {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair := m.pair(c.given) // also where the server asks for those of other authorities
			return &pair, nil
		}
	}
	return func(address, name string) tlsSeen {
		config := config.Clone()
		config.ServerName = name
		raw, err := net.DialTimeout("tcp", address, patience)
		require.NoError(t, err)
		defer raw.Close()
		require.NoError(t, raw.SetDeadline(time.Now().Add(patience)))
		below := &rawConn{Conn: raw}
		conn := tls.Client(below, config)
		if err := conn.Handshake(); err != nil {
			return tlsSeen{Ends: "broken: " + err.Error()}
		}
		defer conn.Close()
		echoed, ends := c.use(bufio.NewReader(conn), conn, io.Discard)
		return goSeen(conn.ConnectionState(), echoed, below.orderly(ends))
	}
}

func goServer(t *testing.T, m *tlsMatrix, c tlsCell) (string, func() []tlsSeen) {
	config := &tls.Config{ClientCAs: m.roots(), NextProtos: c.serverALPN, ClientAuth: map[string]tls.ClientAuthType{
		"": tls.NoClientCert, "wanted": tls.VerifyClientCertIfGiven, "required": tls.RequireAndVerifyClientCert,
	}[c.asks]}
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair := m.pair(c.presents(hello.ServerName))
		return &pair, nil
	}
	c.limit(config, "server")
	results := make(chan tlsSeen, len(c.names))
	address := serveConns(t, func(raw net.Conn) {
		_ = raw.SetDeadline(time.Now().Add(patience))
		below := &rawConn{Conn: raw}
		conn := tls.Server(below, config)
		if err := conn.Handshake(); err != nil {
			results <- tlsSeen{Ends: "broken: " + err.Error()}
			hold(raw) // to close it at once, with something unread, could get the alert lost
			return
		}
		defer conn.Close()
		echoed, ends := serveDigits(bufio.NewReader(conn), conn, io.Discard)
		results <- goSeen(conn.ConnectionState(), echoed, below.orderly(ends))
	})
	return address, func() []tlsSeen { return collect(t, c, results) }
}

// collect takes what a server saw of each of the cell's connections.
func collect(t *testing.T, c tlsCell, results <-chan tlsSeen) (seen []tlsSeen) {
	t.Helper()
	for range c.names {
		select {
		case s := <-results:
			seen = append(seen, s)
		case <-time.After(patience):
			require.Fail(t, "the server did not finish")
		}
	}
	return seen
}
