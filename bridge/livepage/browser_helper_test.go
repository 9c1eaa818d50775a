package livepage

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser finds a Chromium; without one the test is skipped.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chromium-headless-shell",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium in PATH (Debian: chromium), so nobody looks at the page")
	return ""
}

// browse opens a page that must not complain on its console.
func browse(t *testing.T, budget, url string, options ...string) string {
	t.Helper()
	stdout, console := open(t, budget, url, options...)
	require.Empty(t, console, "the page complains")
	return stdout
}

// open opens a page without a window and returns what the browser prints,
// and the lines of the page's console. Its clock
// runs ahead wherever the page only waits: budget is how much time passes for the page,
// while the browser takes a second or two.
func open(t *testing.T, budget, url string, options ...string) (stdout string, console []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	options = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
		// Whatever the page asked for elsewhere would fail, and be on the console.
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--enable-logging=stderr", "--user-data-dir=" + t.TempDir(), "--virtual-time-budget=" + budget,
		"--lang=en-US", "--hide-scrollbars",
	}, options...)
	cmd := exec.CommandContext(ctx, browser(t), append(options, url)...)
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	// It is a family of processes, which end together.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if cmd.Process != nil {
		// Some of the family take their time, and would write into a folder that is
		// being removed.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	require.NoError(t, err, errors.String())
	for line := range strings.Lines(errors.String()) {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, line)
		}
	}
	return out.String(), console
}

// site is a server with the page under a prefix that notes what it is asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serve(t *testing.T, pattern string, h http.Handler) *site {
	t.Helper()
	s := &site{}
	mux := http.NewServeMux()
	mux.Handle(pattern, h)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.String())
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// keep writes a file into the folder that go test -artifacts keeps.
func keep(t *testing.T, name string) string { return t.ArtifactDir() + string(os.PathSeparator) + name }
