package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The program starts itself, as subject and as client: so does this one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == serveArgument || os.Args[1] == dialArgument) {
		main()
		return
	}
	os.Exit(m.Run())
}

// newTestBench has the stock PHP if there is one.
func newTestBench(t *testing.T) *bench {
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	b := &bench{cpus: cpus[:min(len(cpus), 2)], length: 100 * time.Millisecond, folder: t.TempDir()}
	b.scripts = filepath.Join("..", "..", "testdata", "bench")
	b.self, err = os.Executable()
	require.NoError(t, err)
	b.php, _ = findPHP(t.Context(), "8.2")
	return b
}

// Every row with TLS has its figures, with the Go program and with the stock PHP if there
// is one. What phpsock comes to, scripts/bench shows.
func TestTLSRows(t *testing.T) {
	b := newTestBench(t)
	require.NoError(t, writeCertificates(b.folder))
	subjects := []string{goNet}
	if b.php != "" {
		subjects = append(subjects, native)
	}
	for _, r := range chosen(regexp.MustCompile(`^tls-`), len(b.cpus)) {
		for _, subject := range subjects {
			t.Run(r.name+"/"+subject, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				measured, err := b.measure(ctx, r, subject)
				require.NoError(t, err)
				require.Len(t, measured, len(r.lines()))
				require.Positive(t, measured[0].Value)
				if r.busy == 0 && r.idle == 0 {
					require.Positive(t, measured[0].CPU)
				} else {
					require.Zero(t, measured[0].CPU)
				}
				switch {
				case r.name == "tls-handshake-resumed" && subject == goNet:
					require.InDelta(t, 100, measured[1].Value, 1, "percent")
				case len(measured) == 3:
					require.LessOrEqual(t, measured[0].Value, measured[1].Value)
					require.LessOrEqual(t, measured[1].Value, measured[2].Value)
				}
			})
		}
	}
}

// A client trusts nobody but the authorities that it is given.
func TestTrust(t *testing.T) {
	ours, others := t.TempDir(), t.TempDir()
	require.NoError(t, writeCertificates(ours))
	require.NoError(t, writeCertificates(others))
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	var failed error
	require.NoError(t, onThread(func() error {
		p, err := start(t.Context(), cpus, nil, []string{self, serveArgument, "tls-echo", filepath.Join(ours, rsaFile)})
		if err != nil {
			return err
		}
		defer p.stop()
		address, err := p.line()
		if err != nil {
			return err
		}
		failed = dial([]string{filepath.Join(others, authorityFile), "echo", address, "10"}, io.Discard)
		return dial([]string{filepath.Join(ours, authorityFile), "echo", address, "10"}, io.Discard)
	}))
	require.ErrorContains(t, failed, "certificate")
}

func TestDialRefuses(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, writeCertificates(folder))
	authorities := filepath.Join(folder, authorityFile)
	empty := filepath.Join(folder, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for _, args := range [][]string{nil, {authorities, "echo", "127.0.0.1:1"}, {authorities, "what", "127.0.0.1:1", "1"}} {
		require.ErrorIs(t, dial(args, io.Discard), errDial)
	}
	require.ErrorContains(t, dial([]string{empty, "echo", "127.0.0.1:1", "1"}, io.Discard), "no certificate in ")
	for _, args := range [][]string{{"1s"}, {"1", "many"}} {
		require.ErrorIs(t, dial(append([]string{authorities, "echo", "127.0.0.1:1"}, args...), io.Discard), strconv.ErrSyntax)
	}
	for _, what := range []string{"handshake", "resumed", "echo", "hold", "send", "fetch", "paced"} {
		require.ErrorContains(t, dial([]string{authorities, what, "127.0.0.1:1", "1"}, io.Discard), "refused", what)
	}
}

// What is done in the first fifth is no part of the rate.
func TestRate(t *testing.T) {
	// work does something early and more late.
	work := func(early, late int64) func(*tally) error {
		return func(t *tally) error {
			t.done.Add(early)
			for begin, more := time.Now(), late; !t.over.Load(); time.Sleep(time.Millisecond) {
				if more > 0 && time.Since(begin) > 300*time.Millisecond {
					t.done.Add(more)
					more = 0
				}
			}
			return nil
		}
	}
	perSecond, all, err := rate(500*time.Millisecond, []func(*tally) error{work(1000, 0), work(500, 80)})
	require.NoError(t, err)
	require.Positive(t, perSecond)
	require.Less(t, perSecond, 1000., "it were 80 / 0.4 s, if all were punctual")
	require.InDelta(t, 1580, all, 0)

	broken := errors.New("broken")
	_, _, err = rate(time.Hour, []func(*tally) error{work(1, 1), func(*tally) error { return broken }})
	require.ErrorIs(t, err, broken)
}
