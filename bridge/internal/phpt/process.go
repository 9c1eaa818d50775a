package phpt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// grace is how long output is still read after the child has ended or was killed, should a grandchild hold on to it.
const grace = 2 * time.Second

// command is one child process.
type command struct {
	path      string
	args      []string
	shellArgs string // further arguments as a shell reads them
	env       []string
	dir       string
	stdin     string
	limit     time.Duration
}

// process is an ended child.
type process struct {
	output   []byte // standard output and error together
	elapsed  time.Duration
	timedOut bool
	err      error // it could not be run to its end; an exit status is not an error
}

// start runs a child to its end. A child that dies of a signal has "Termsig=N" at the end of its output, as in
// run-tests.php, which no expectation matches.
func start(ctx context.Context, c command) process {
	limited, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	cmd := exec.CommandContext(limited, c.path, c.args...)
	if c.shellArgs != "" {
		line := append([]string{"-c", `exec "$0" "$@" -- ` + c.shellArgs, c.path}, c.args...)
		cmd = exec.CommandContext(limited, "/bin/sh", line...)
	}
	var output bytes.Buffer
	cmd.Env, cmd.Dir = c.env, c.dir
	cmd.Stdin = strings.NewReader(c.stdin)
	cmd.Stdout, cmd.Stderr = &output, &output
	// A process group of its own lets the children of a script go together with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace

	began := time.Now()
	err := cmd.Run()
	p := process{elapsed: time.Since(began)}
	var exit *exec.ExitError
	switch {
	case limited.Err() != nil:
		p.timedOut = ctx.Err() == nil
		p.err = fmt.Errorf("phpt: %s: stopped after %v: %w, output so far:\n%s", filepath.Base(c.path), p.elapsed.Round(time.Millisecond), limited.Err(), output.Bytes())
	case errors.As(err, &exit):
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			fmt.Fprintf(&output, "\nTermsig=%d\n", status.Signal())
		}
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		p.err = fmt.Errorf("phpt: %w", err)
	}
	p.output = output.Bytes()
	return p
}

// lookPath finds a binary and makes its path absolute, because children start in other folders.
func lookPath(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// quote makes a word safe for a shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
