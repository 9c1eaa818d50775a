package bridge_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// patience is how long a test waits for what should happen at once.
const patience = 20 * time.Second

// A signal that this process was started with as ignored, by nohup for one, would be ignored
// in all that the tests start, too.
func init() {
	for _, s := range []os.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}

// start brings an engine up for the time of the test, which may close it itself. A process has one engine, so
// tests that call it must not run in parallel.
func start(t testing.TB, cfg bridge.Config) *bridge.Engine {
	t.Helper()
	e, err := bridge.Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := e.Close(context.Background()); !errors.Is(err, bridge.ErrClosed) {
			require.NoError(t, err)
		}
	})
	return e
}

// startWith starts an engine with these host functions.
func startWith(t testing.TB, rows ...phpext.Function) *bridge.Engine {
	t.Helper()
	return start(t, bridge.Config{Functions: rows})
}

// reply returns a host function whose body does nothing but answer.
func reply(prototype string, v phpext.Value) phpext.Function {
	return phpext.Function{Prototype: prototype, Call: func(*phpext.Call) (phpext.Value, error) { return v, nil }}
}

// run runs a request and returns what it printed and logged. A run that hangs is ended
// and fails the test.
func run(t testing.TB, e *bridge.Engine, r bridge.Request) (string, *bridge.Result, error) {
	t.Helper()
	var out strings.Builder
	if r.Output == nil {
		r.Output = &out
	}
	if r.Log == nil {
		r.Log = &out
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("the script hangs"))
	defer cancel()
	result, err := e.Run(ctx, r)
	require.NoError(t, ctx.Err())
	return out.String(), result, err
}

// output runs code that is expected to end well and returns what it printed.
func output(t testing.TB, e *bridge.Engine, code string) string {
	t.Helper()
	out, _, err := run(t, e, bridge.Request{Code: code})
	require.NoError(t, err, out)
	return out
}

// requireClean checks that the engine is as if nothing had run before.
func requireClean(t testing.TB, e *bridge.Engine) {
	t.Helper()
	require.Zero(t, e.Sockets().Len(), "sockets outlived the run")
	require.Equal(t, "ok 0", output(t, e, `echo 'ok ', count(array_filter(array_keys($GLOBALS),
		fn($n) => !in_array($n, ['_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', 'argv', 'argc', '_ENV', '_REQUEST'])));`))
}

// oracle returns what PHP's own command line prints for code, or for a file; it skips
// the test where there is none of the engine's release.
func oracle(t testing.TB, code string, file ...string) string {
	t.Helper()
	release := strings.Join(strings.Split(bridge.Version(), ".")[:2], ".")
	php, err := exec.LookPath("php" + release)
	if err != nil {
		t.Skipf("no php%s to compare with", release)
	}
	args := []string{"-n", "-d", "log_errors=0"}
	if len(file) == 0 {
		args = append(args, "-r", code)
	}
	out, err := exec.CommandContext(t.Context(), php, append(args, file...)...).Output()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return string(out)
}

// writeFile makes a file in a folder of the test's own and returns its path.
func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// quiet is a logger for what a test provokes.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
