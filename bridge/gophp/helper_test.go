package php_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	php "github.com/phpsock/phpsock/bridge/gophp"
)

// patience is how long a test waits for what should happen at once.
const patience = 20 * time.Second

// start brings an engine up for the time of the test. A process has one, so tests that
// call it must not run in parallel.
func start(t testing.TB) *php.Engine {
	t.Helper()
	e, err := php.NewWith(bridge.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	t.Cleanup(e.Destroy)
	return e
}

// session is a context with what it printed and logged.
type session struct {
	*php.Context
	out, log bytes.Buffer
}

func open(t testing.TB, e *php.Engine) *session {
	t.Helper()
	c, err := e.NewContext()
	require.NoError(t, err)
	s := &session{Context: c}
	c.Output, c.Log = &s.out, &s.log
	t.Cleanup(c.Destroy)
	return s
}

// eval runs code that is expected to end well and returns what it printed.
func (s *session) eval(t testing.TB, code string) string {
	t.Helper()
	_, err := s.Eval(code)
	require.NoError(t, err)
	return s.printed()
}

// printed returns what was printed since it was asked last.
func (s *session) printed() string {
	defer s.out.Reset()
	return s.out.String()
}

// logged returns what was logged since it was asked last.
func (s *session) logged() string {
	defer s.log.Reset()
	return s.log.String()
}

// value returns what code returns.
func (s *session) value(t testing.TB, code string) interface{} {
	t.Helper()
	v, err := s.Eval(code)
	require.NoError(t, err)
	return v.Interface()
}

// script makes a PHP file in a folder of the test's own and returns its path.
func script(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte("<?php "+content), 0o600))
	return path
}

// soon fails the test if f does not return.
func soon(t testing.TB, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		require.FailNow(t, "it hangs")
	}
}
