package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The plain C programs do what their rows say, and so do the Go programs and the stock PHP
// if there is one. Those that take more files than there may be are left out.
func TestPlainRows(t *testing.T) {
	bin := t.TempDir()
	for _, program := range []string{"peer", "plain"} {
		source := filepath.Join("..", "..", "testdata", "bench", program+".c")
		out, err := exec.CommandContext(t.Context(), "cc", "-O2", "-Wall", "-Werror", "-o", filepath.Join(bin, program), source).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	b := newTestBench(t)
	b.bin = bin
	subjects := []string{goNet, plainC}
	if b.php != "" {
		subjects = append(subjects, native)
	}
	list, _ := affordable(chosen(regexp.MustCompile(`^(echo-1cpu|accept|accept-reply|udp|udg|http|loop-(1|1000)|storm-900|memory-900|start-.*)$`), len(b.cpus)), raiseFileLimit())
	require.NotEmpty(t, list)
	for _, r := range list {
		for _, subject := range subjects {
			t.Run(r.name+"/"+subject, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				measured, err := b.measure(ctx, r, subject)
				require.NoError(t, err)
				if r.host != nil {
					require.Empty(t, measured)
					return
				}
				require.Len(t, measured, 1)
				if r.idle > 0 {
					require.GreaterOrEqual(t, measured[0].Value, 0.)
					return
				}
				require.Positive(t, measured[0].Value)
				require.Positive(t, measured[0].CPU)
			})
		}
	}
}
