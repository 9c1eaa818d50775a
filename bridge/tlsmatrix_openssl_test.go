package bridge_test

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// firstMatch is the first group of a pattern in what openssl or curl said.
func firstMatch(said, pattern string) string {
	if m := regexp.MustCompile(`(?m)` + pattern).FindStringSubmatch(said); m != nil {
		return m[1]
	}
	return ""
}

// opensslArgs are those that client and server have in common.
func opensslArgs(m *tlsMatrix, c tlsCell, role, certificate string) []string {
	args := []string{"-CAfile", m.file("root.crt"), "-verify_return_error"}
	if certificate != "" {
		args = append(args, "-cert", m.file(certificate+".crt"), "-key", m.file(certificate+".key"), "-cert_chain", m.file("intermediate.crt"))
	}
	alpn := c.serverALPN
	if role == "client" {
		alpn = c.clientALPN
	}
	if len(alpn) > 0 {
		args = append(args, "-alpn", strings.Join(alpn, ","))
	}
	if c.limits(role) {
		args = append(args, "-"+strings.Replace(c.version, ".", "_", 1))
	}
	return args
}

func opensslClient(t *testing.T, m *tlsMatrix, c tlsCell) func(address, name string) tlsSeen {
	session := filepath.Join(t.TempDir(), "session")
	resume := "-sess_out"
	return func(address, name string) tlsSeen {
		args := append([]string{"s_client", "-connect", address, "-servername", name, "-verify_hostname", name, "-nocommands"},
			opensslArgs(m, c, "client", c.given)...)
		if c.resumes {
			args = append(args, resume, session)
			resume = "-sess_in"
		}
		p := startPeer(t, "openssl", args...)
		var said strings.Builder
		echoed, ends := c.use(p.Reader, p, &said)
		if ends == "here" {
			_ = p.Close() // the end of its input makes it close the connection
		}
		rest, status := p.wait()
		said.WriteString(rest)
		if status != 0 && !strings.HasPrefix(ends, "broken") {
			ends = fmt.Sprintf("broken: %d %s", status, p.stderr.String())
		}
		return tlsSeen{
			Protocol: firstMatch(said.String(), `^(?:New|Reused), (TLSv[\d.]+), Cipher is`),
			Cipher:   firstMatch(said.String(), `^(?:New|Reused), TLSv[\d.]+, Cipher is (\S+)`),
			ALPN:     firstMatch(said.String(), `^ALPN protocol: (\S+)`),
			Peer:     firstMatch(said.String(), `^subject=\s*CN ?= ?(\S+)`),
			Resumed:  firstMatch(said.String(), `^(Reused),`) != "", Echoed: echoed, Ends: ends,
		}
	}
}

func opensslServer(t *testing.T, m *tlsMatrix, c tlsCell) (string, func() []tlsSeen) {
	args := append([]string{"s_server", "-accept", "127.0.0.1:0", "-naccept", strconv.Itoa(len(c.names))},
		opensslArgs(m, c, "server", c.presents(""))...)
	if c.sni {
		args = append(args, "-servername", "a.example.test", "-cert2", m.file("sni-exact.crt"), "-key2", m.file("sni-exact.key"))
	}
	switch c.asks {
	case "wanted":
		args = append(args, "-verify", "3")
	case "required":
		args = append(args, "-Verify", "3")
	}
	p := startPeer(t, "openssl", args...)
	address := ""
	for address == "" {
		line, err := p.ReadString('\n')
		p.require(t, err)
		address = firstMatch(line, `^ACCEPT (127.0.0.1:\d+)`)
	}
	results := make(chan tlsSeen, len(c.names))
	go func() {
		for range c.names {
			results <- p.serveOne()
		}
	}()
	return address, func() []tlsSeen { return collect(t, c, results) }
}

// serveOne is what is to be said and seen of one connection of "openssl s_server".
func (p *peerProcess) serveOne() tlsSeen {
	var said strings.Builder
	echoed, ends := serveDigits(p.Reader, p, &said)
	if ends == "here" {
		// It is a command only at the beginning of what is read at once.
		for deadline := time.Now().Add(patience); p.unread() > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		_, _ = io.WriteString(p, "Q\n")
	} else if ends == "there" && !strings.Contains(said.String(), "\nDONE\n") {
		ends = "broken: " + said.String()
	}
	s := tlsSeen{
		Cipher: firstMatch(said.String(), `^CIPHER is (\S+)`),
		ALPN:   firstMatch(said.String(), `^ALPN protocols selected: (\S+)`),
		Peer:   firstMatch(said.String(), `^subject=\s*CN ?= ?(\S+)`),
		Echoed: echoed, Ends: ends,
	}
	switch {
	case strings.HasPrefix(s.Cipher, "TLS_"):
		s.Protocol = "TLSv1.3"
	case s.Cipher != "":
		s.Protocol = "TLSv1.2"
	}
	return s
}

// unread is how much of what it was given the process has not read yet.
func (p *peerProcess) unread() (n int) {
	if conn, err := p.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	}
	return n
}

// curlClient gets one page.
func curlClient(t *testing.T, m *tlsMatrix, c tlsCell) func(address, name string) tlsSeen {
	return func(address, name string) tlsSeen {
		host, port, err := net.SplitHostPort(address)
		require.NoError(t, err)
		n := 0
		for _, size := range c.sizes {
			n += size
		}
		args := []string{"-q", "--noproxy", "*", "--silent", "--show-error", "--verbose", "--cacert", m.file("root.crt"),
			"--max-time", strconv.Itoa(int(patience.Seconds())), "--resolve", name + ":" + port + ":" + host,
			fmt.Sprintf("https://%s:%s/%d", name, port, n)}
		if len(c.clientALPN) == 0 {
			args = append(args, "--no-alpn")
		}
		if c.limits("client") {
			args = append(args, "--"+strings.Replace(c.version, "tls", "tlsv", 1), "--tls-max", strings.TrimPrefix(c.version, "tls"))
		}
		if c.given != "" {
			args = append(args, "--cert", m.file(c.given+".crt"), "--key", m.file(c.given+".key"))
		}
		p := startPeer(t, "curl", args...)
		body, status := p.wait()
		said := p.stderr.String()
		s := tlsSeen{
			Protocol: firstMatch(said, `SSL connection using (TLSv[\d.]+)`),
			Cipher:   firstMatch(said, `SSL connection using TLSv[\d.]+ / (\S+)`),
			ALPN:     firstMatch(said, `ALPN: server accepted (\S+)`),
			Peer:     firstMatch(said, `subject: CN=(\S+)`),
			Ends:     "there",
		}
		if body == string(digits(n)) {
			s.Echoed = n
		}
		if status != 0 {
			s.Ends = fmt.Sprintf("broken: %d %s", status, said)
		}
		return s
	}
}
