package bridge_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tlsSeen is what one side saw of a connection. What a peer does not tell stays empty.
type tlsSeen struct {
	Protocol string   `json:"protocol"` // as PHP calls it
	Cipher   string   `json:"cipher"`   // as OpenSSL calls it
	Bits     int      `json:"bits"`
	ALPN     string   `json:"alpn"`
	Peer     string   `json:"peer"`   // the CN of the other side's certificate
	Echoed   int      `json:"echoed"` // how many digits came through
	Ends     string   `json:"ends"`   // "here" or "there" is who closed, all else what went wrong
	Warnings []string `json:"warnings"`
	Resumed  bool     `json:"-"`
}

// tlsPeer is a program at the other end.
type tlsPeer struct {
	// client returns what connects, each time once more.
	client func(*testing.T, *tlsMatrix, tlsCell) func(address, name string) tlsSeen
	// server serves as many clients as the cell has names, and says what it saw.
	server func(*testing.T, *tlsMatrix, tlsCell) (address string, seen func() []tlsSeen)
}

// tlsPeers are the peers by name; who has no server is a client only.
var tlsPeers = map[string]tlsPeer{
	"openssl": {opensslClient, opensslServer},
	"php": {
		func(t *testing.T, m *tlsMatrix, c tlsCell) func(address, name string) tlsSeen {
			return func(address, name string) tlsSeen {
				c.names = []string{name}
				return phpClient(t, m.stock(t), m, c, address, "ssl")[0]
			}
		},
		func(t *testing.T, m *tlsMatrix, c tlsCell) (string, func() []tlsSeen) {
			return phpServer(t, m.stock(t), m, c, "ssl")
		},
	},
	"go":   {goClient, goServer},
	"curl": {curlClient, nil},
}

// peerProcess is a program whose standard input and output are read and written like a connection.
type peerProcess struct {
	*bufio.Reader
	*os.File // its standard input
	cmd      *exec.Cmd
	stderr   bytes.Buffer
}

// startPeer starts a program, which the end of the test, or of all patience, ends.
func startPeer(t *testing.T, name string, args ...string) *peerProcess {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	p := &peerProcess{cmd: exec.CommandContext(ctx, path, args...)}
	stdin, in, err := os.Pipe()
	require.NoError(t, err)
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	p.cmd.Stdin, p.cmd.Stderr, p.cmd.WaitDelay = stdin, &p.stderr, time.Second
	p.Reader, p.File = bufio.NewReader(stdout), in
	err = p.cmd.Start()
	_ = stdin.Close()
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		_ = p.Close()
		_ = p.cmd.Wait()
	})
	return p
}

// wait reads what the program says until its end, and its exit status.
func (p *peerProcess) wait() (rest string, status int) {
	data, _ := io.ReadAll(p.Reader)
	_ = p.cmd.Wait()
	return string(data), p.cmd.ProcessState.ExitCode()
}

// require fails the test for an error, with what the process said of it.
func (p *peerProcess) require(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		_ = p.Close()
		rest, status := p.wait()
		require.NoError(t, err, "%s%s (status %d)", rest, p.stderr.String(), status)
	}
}

// phpServer starts the script of a server with a command line like PHP's.
func phpServer(t *testing.T, program string, m *tlsMatrix, c tlsCell, mode string) (string, func() []tlsSeen) {
	t.Helper()
	p := startPeer(t, program, "-n", "-d", "log_errors=0", m.server, c.php(t, m, "SERVER", mode, ""))
	address, _ := p.ReadString('\n')
	return strings.TrimSpace(address), func() []tlsSeen { return p.reports(t, len(c.names)) }
}

func phpClient(t *testing.T, program string, m *tlsMatrix, c tlsCell, address, mode string) []tlsSeen {
	t.Helper()
	p := startPeer(t, program, "-n", "-d", "log_errors=0", m.client, c.php(t, m, "CLIENT", mode, address))
	return p.reports(t, len(c.names))
}

// reports are the lines that the scripts print.
func (p *peerProcess) reports(t *testing.T, n int) []tlsSeen {
	t.Helper()
	rest, status := p.wait()
	require.Zero(t, status, "%s%s", rest, p.stderr.String())
	require.Empty(t, p.stderr.String())
	lines := strings.Split(strings.TrimSpace(rest), "\n")
	require.Len(t, lines, n, "%s", rest)
	seen := make([]tlsSeen, n)
	for i, line := range lines {
		require.NoError(t, json.Unmarshal([]byte(line), &seen[i]), "%s", rest)
	}
	return seen
}

// digits are those of the scripts.
func digits(n int) []byte {
	var b []byte
	for i := 1_000_000; len(b) < n; i++ {
		b = fmt.Append(b, i)
	}
	return b[:n]
}

func putData(w io.Writer, data []byte) error {
	_, err := w.Write(append(fmt.Appendf(nil, "DATA %d %x\n", len(data), sha1.Sum(data)), data...))
	return err
}

// takeData reads what follows a line "DATA n sum".
func takeData(r io.Reader, line string) ([]byte, error) {
	var n int
	var sum string
	if _, err := fmt.Sscanf(line, "DATA %d %s", &n, &sum); err != nil {
		return nil, fmt.Errorf("%q: %w", line, err)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	if fmt.Sprintf("%x", sha1.Sum(data)) != sum {
		return nil, fmt.Errorf("another sum than in %q", line)
	}
	return data, nil
}

// wordOf skips lines until one that is of the scripts' protocol. All that it read goes to noise:
// openssl tells there what it has to say, with DONE or ERROR at the end.
func wordOf(r *bufio.Reader, noise io.Writer) (string, error) {
	for {
		line, err := r.ReadString('\n')
		_, _ = io.WriteString(noise, line)
		if err != nil {
			return "", err
		}
		// openssl may not have written the rest of a line of its own.
		line = strings.TrimSpace(line[max(strings.LastIndex(line, "DATA "), 0):])
		switch word, _, _ := strings.Cut(line, " "); word {
		case "DATA", "BYE", "GET", "DONE":
			return line, nil
		case "ERROR":
			return "", errors.New("ERROR")
		}
	}
}

// endOf says how a connection ended where the reader came to its end.
func endOf(err error) string {
	if err == nil || errors.Is(err, io.EOF) {
		return "there"
	}
	return "broken: " + err.Error()
}

// use is the client's side of the scripts' protocol.
func (c tlsCell) use(r *bufio.Reader, w io.Writer, noise io.Writer) (echoed int, ends string) {
	for _, n := range c.sizes {
		data := digits(n)
		if err := putData(w, data); err != nil {
			return echoed, "broken: " + err.Error()
		}
		line, err := wordOf(r, noise)
		if err != nil {
			return echoed, "broken: " + err.Error()
		}
		back, err := takeData(r, line)
		slices.Reverse(back)
		if err != nil || !bytes.Equal(back, data) {
			return echoed, fmt.Sprint("broken data: ", err)
		}
		echoed += n
	}
	if c.closes == "client" && !c.fails {
		return echoed, "here"
	}
	if !c.fails {
		_, _ = io.WriteString(w, "BYE\n")
	}
	_, err := wordOf(r, noise)
	return echoed, endOf(err)
}

// serveDigits is the server's side of it.
func serveDigits(r *bufio.Reader, w io.Writer, noise io.Writer) (echoed int, ends string) {
	for {
		line, err := wordOf(r, noise)
		var n int
		switch {
		case err != nil:
			return echoed, endOf(err)
		case line == "DONE":
			return echoed, "there"
		case line == "BYE":
			return echoed, "here"
		case strings.HasPrefix(line, "GET "):
			_, _ = fmt.Sscanf(line, "GET /%d", &n)
			for line != "" && err == nil {
				line, err = r.ReadString('\n')
				line = strings.TrimSpace(line)
			}
			_, _ = fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", n, digits(n))
			return echoed + n, "here"
		}
		data, err := takeData(r, line)
		if err != nil {
			return echoed, "broken: " + err.Error()
		}
		slices.Reverse(data)
		if err := putData(w, data); err != nil {
			return echoed, "broken: " + err.Error()
		}
		echoed += len(data)
	}
}
