package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

func TestChosenWaits(t *testing.T) {
	require.Len(t, chosenWaits(regexp.MustCompile(``)), len(waits.All()))
	require.Empty(t, chosenWaits(regexp.MustCompile(`^echo`)))
	one := chosenWaits(regexp.MustCompile(`^cancel-read$`))
	require.Len(t, one, 1)
	require.Equal(t, "fread()", one[0].What)
	require.Empty(t, chosen(regexp.MustCompile(`^cancel-`), 2), "no row of the other table")
}

func TestNewCancels(t *testing.T) {
	list := []waits.Wait{{Name: "a", What: "A"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	results, err := newCancels(list, []waits.Measured{
		{Name: "a", Latency: 3 * time.Millisecond, Ended: true},
		{Name: "b", Latency: time.Millisecond, Ended: true},
		{Name: "a", Latency: 100 * time.Microsecond, Ended: true},
		{Name: "b", Latency: 3 * time.Second},
		{Name: "a", Latency: 200 * time.Microsecond, Ended: true},
		{Name: "c", Failure: "did not wait"},
	})
	require.EqualError(t, err, "bench: c: did not wait")
	require.Equal(t, []cancels{
		{Name: "a", What: "A", Latencies: []float64{3, .1, .2}, Median: .2, P90: 3, Max: 3},
		{Name: "b", Latencies: []float64{1}, Median: 1, P90: 1, Max: 1, NotEnded: true},
		{Name: "c"},
		{Name: "d"},
	}, results)
}

func TestReadMeasured(t *testing.T) {
	list, err := readMeasured(strings.NewReader(`{"name":"a","round":1,"latency_ns":5,"ended":true}` + "\n"))
	require.NoError(t, err)
	require.Equal(t, []waits.Measured{{Name: "a", Round: 1, Latency: 5, Ended: true}}, list)
	list, err = readMeasured(strings.NewReader(`{"name":"a"}` + "\npanic"))
	require.ErrorContains(t, err, "bench: cancel: ")
	require.Len(t, list, 1)
}

// What was measured before the program failed counts.
func TestCancelAll(t *testing.T) {
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	list := []waits.Wait{{Name: "cancel-a"}}
	for name, tt := range map[string]struct{ program, want string }{
		"well":           {`[ "$*" = "7 ^cancel-a" ] && echo '{"name":"cancel-a","ended":true,"latency_ns":2000000}'`, ""},
		"a failure":      {`echo '{"name":"cancel-a","ended":true,"latency_ns":2000000}'; echo oops >&2; exit 3`, "oops"},
		"something else": {`echo '{"name":"cancel-a","ended":true,"latency_ns":2000000}'; echo oops; exec sleep 60`, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(bin, "cancel"), []byte("#!/bin/sh\n"+tt.program+"\n"), 0o777))
			b := &bench{programs: programs{bin: bin}, cpus: cpus}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			results, err := b.cancelAll(ctx, list, regexp.MustCompile(`^cancel-a`), 7)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.want)
			}
			require.Equal(t, []cancels{{Name: "cancel-a", Latencies: []float64{2}, Median: 2, P90: 2, Max: 2}}, results)
		})
	}
}

func TestCancelTable(t *testing.T) {
	r := sample()
	r.Rows, r.PHP = nil, ""
	r.Cancels = []cancels{
		{Name: "cancel-a", What: "waiting()", Latencies: []float64{.1, .2, 3}, Median: .2, P90: 3, Max: 3},
		{Name: "cancel-b", What: "b()"},
	}
	require.Equal(t, []string{
		"PHP 8.2.2 in phpsock; P, processors [0 1], load 0.5, up to 1024 open files, Linux 6, go1",
		"",
		"row       cancelled in  rounds  median   p90   max",
		"cancel-a  waiting()          3   0.200  3.00  3.00",
		"cancel-b  b()                0       -     -     -",
		"",
		r.cancelLegend(),
		"",
	}, strings.Split(r.text(), "\n"))
	require.Contains(t, r.cancelLegend(), "Not under 1 ms: cancel-b.")
	require.Contains(t, r.markdown(), "\n| cancel-a | waiting() | 3 | 0.200 | 3.00 | 3.00 |\n")

	r.Cancels[1] = cancels{Name: "cancel-b", What: "b()", Latencies: []float64{2}, Median: 2, P90: 2, Max: 2, NotEnded: true}
	require.Contains(t, r.text(), "cancel-b  b()                1    2.00  2.00  not ended\n")
	r.Cancels[1] = r.Cancels[0]
	require.Contains(t, r.cancelLegend(), "Every median is under 1 ms.")
	r.Rows = sample().Rows
	require.Contains(t, r.text(), legend+"\n\nrow       cancelled in")
}
