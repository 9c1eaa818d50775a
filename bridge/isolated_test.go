package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
)

// isolatedEnv names the test that a copy of the test binary is to run.
const isolatedEnv = "PHPSOCK_ISOLATED"

// processPatience is how long a test waits for a process that it started.
const processPatience = 100 * time.Second

// isolated runs the calling test in a process of its own, because it handles the process's
// signals, forks, or would take all other tests with it if it crashed. It reports true in
// the process that only waited for the other. A prefix is a command that starts its arguments.
func isolated(t *testing.T, prefix ...string) bool {
	t.Helper()
	if os.Getenv(isolatedEnv) == t.Name() {
		return false
	}
	self, err := os.Executable()
	require.NoError(t, err)
	only := "^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$"
	args := append(prefix, self, "-test.run="+only, "-test.v", "-test.count=1", "-test.timeout="+processPatience.String())
	ctx, cancel := context.WithTimeout(t.Context(), processPatience+10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), isolatedEnv+"="+t.Name())
	cmd.WaitDelay = time.Second // children of the test may keep its output open
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", tail(out))
	if bytes.Contains(out, []byte("--- SKIP: "+t.Name())) {
		t.Skip("skipped in its own process")
	}
	require.Contains(t, string(out), "--- PASS: "+t.Name())
	return true
}

// tail is what is worth showing of a process that failed, maybe with a dump of all goroutines.
func tail(out []byte) []byte {
	const limit = 8000
	if len(out) <= limit {
		return out
	}
	return append(append(out[:limit/2:limit/2], "\n[...]\n"...), out[len(out)-limit/2:]...)
}

// buildCommand builds phpsock, which is the engine with OwnProcess set.
func buildCommand(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "phpsock")
	args := []string{"build"}
	if raceEnabled {
		args = append(args, "-race")
	}
	out, err := exec.CommandContext(t.Context(), "go", append(args, "-o", path, "../cmd/phpsock")...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return path
}

// finished is how a process ended.
type finished struct {
	stdout, stderr string
	status         int // 128 + the signal that ended it
}

// execute runs a command to its end; one that hangs fails the test.
func execute(t *testing.T, cmd *exec.Cmd) finished {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &stdout
	}
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Second
	require.NoError(t, cmd.Start())
	timer := time.AfterFunc(processPatience, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	require.True(t, timer.Stop(), "it hangs: %s\n%s", stdout.String(), tail(stderr.Bytes()))
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	f := finished{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode()}
	if ws, ok := cmd.ProcessState.Sys().(interface {
		Signaled() bool
		Signal() unix.Signal
	}); ok && ws.Signaled() {
		f.status = 128 + int(ws.Signal())
	}
	return f
}

// twins runs a script with php-compatible command lines: first PHP's own, then phpsock.
func twins(t *testing.T, command, code string, args ...string) (native, ours finished) {
	t.Helper()
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	file := writeFile(t, "script.php", "<?php "+code)
	for program, f := range map[string]*finished{php: &native, command: &ours} {
		*f = execute(t, exec.Command(program, append([]string{"-n", "-d", "log_errors=0", file}, args...)...))
	}
	return native, ours
}

// threadID is a host function: the id of the thread that the script runs on.
var threadID = phpext.Function{Prototype: "host_thread(): int", Call: func(*phpext.Call) (phpext.Value, error) {
	return phpext.Int(int64(unix.Gettid())), nil
}}

// churn keeps the host busy until the test ends: goroutines whose small stacks grow and
// shrink, and one garbage collection after the other.
func churn(t *testing.T) {
	stop := make(chan struct{})
	done := make(chan struct{}, 4)
	work := func(f func()) {
		defer func() { done <- struct{}{} }()
		for {
			select {
			case <-stop:
				return
			default:
				f()
			}
		}
	}
	for range 3 {
		go work(func() {
			small := make(chan int)
			go func() { small <- descend(40) }()
			<-small
		})
	}
	go work(runtime.GC)
	t.Cleanup(func() {
		close(stop)
		for range 4 {
			<-done
		}
	})
}

// descend makes the goroutine's stack grow.
func descend(n int) int {
	var frame [128]byte
	if n == 0 {
		return int(frame[0])
	}
	return descend(n-1) + int(frame[n%len(frame)])
}

// statusOf reads a line of a thread's status, for example "SigBlk".
func statusOf(t *testing.T, thread int, field string) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/status", thread))
	require.NoError(t, err)
	for line := range strings.Lines(string(data)) {
		if name, value, _ := strings.Cut(line, ":"); name == field {
			return strings.TrimSpace(value)
		}
	}
	require.Fail(t, "no such line", field)
	return ""
}
