package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	o, err := parse(nil, io.Discard)
	require.NoError(t, err)
	require.Equal(t, rounds, o.rounds)
	require.Equal(t, cancelRounds, o.cancels)
	require.Equal(t, length, o.length)
	require.True(t, o.rows.MatchString("anything"))

	o, err = parse([]string{"-quick", "-busy", "-row", "^udp$", "-o", "a.md", "-o", "b.json"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, quickRounds, o.rounds)
	require.Equal(t, quickCancelRounds, o.cancels)
	require.Equal(t, quickLength, o.length)
	require.True(t, o.busy)
	require.False(t, o.rows.MatchString("udp6"))
	require.Equal(t, []string{"a.md", "b.json"}, o.outputs)

	o, err = parse([]string{"-quick", "-rounds", "9"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 9, o.rounds)
	require.Equal(t, 9, o.cancels)

	for _, args := range [][]string{{"-row", "("}, {"-o", "a.txt"}, {"-rounds", "x"}, {"more"}} {
		_, err := parse(args, io.Discard)
		require.Error(t, err, args)
	}
}

// Every row can be told apart, has its script, and a client or a subject that measures.
func TestRows(t *testing.T) {
	scripts := filepath.Join("..", "..", "testdata", "bench")
	seen := map[string]bool{}
	for _, r := range rows() {
		require.False(t, seen[r.name], r.name)
		seen[r.name] = true
		require.NotEmpty(t, r.unit, r.name)
		require.Contains(t, []int{1, 2}, r.cpus, r.name)
		require.True(t, r.starts || r.timed != (r.client != nil), r.name)
		if r.script != "-r" {
			require.FileExists(t, filepath.Join(scripts, r.script), r.name)
		}
	}
	require.NotEmpty(t, chosen(regexp.MustCompile(``), 1))
	require.Len(t, chosen(regexp.MustCompile(``), 2), len(rows()))
}

// A measurement is a figure, or an error that says why there is none.
func TestMeasure(t *testing.T) {
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	require.Len(t, cpus, runtime.NumCPU())
	tests := map[string]struct {
		program string
		row     row
		want    string // "": a figure
	}{
		"a figure":       {"echo ready; echo 12.5 8", row{timed: true}, ""},
		"no figure":      {"echo ready; echo twelve", row{timed: true}, `not a figure: "twelve`},
		"no count":       {"echo ready; echo 12", row{timed: true}, `not a figure: "12"`},
		"nothing":        {"true", row{timed: true}, `exit status 0`},
		"a failure":      {"echo oops >&2; exit 3", row{timed: true}, `exit status 3) with "" "oops"`},
		"a start":        {"true", row{starts: true}, ""},
		"a failed start": {"echo oops; exit 3", row{starts: true}, `exit status 3, with "oops\n" ""`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			php := filepath.Join(folder, "php")
			require.NoError(t, os.WriteFile(php, []byte("#!/bin/sh\n"+tt.program+"\n"), 0o777))
			b := &bench{programs: programs{php: php}, cpus: cpus[:1], length: time.Millisecond, folder: folder}
			tt.row.cpus, tt.row.script = 1, "x.php"
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			m, ok, err := b.measure(ctx, tt.row, native)
			require.True(t, ok)
			if tt.want == "" {
				require.NoError(t, err)
				require.Positive(t, m.Value)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, ok, err := (&bench{}).measure(t.Context(), row{}, goNet)
	require.NoError(t, err)
	require.False(t, ok, "no such subject in this row")
}

// A server does not end by itself: it is ended.
func TestStop(t *testing.T) {
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	var line string
	var success bool
	_, err = onThread(func() (measurement, error) {
		p, err := start(t.Context(), cpus, []string{"A=b"}, []string{"sh", "-c", `echo "$A"; exec sleep 60`})
		if err != nil {
			return measurement{}, err
		}
		line, err = p.line()
		p.stop()
		p.stop()
		success = p.cmd.ProcessState.Success()
		return measurement{}, err
	})
	require.NoError(t, err)
	require.Equal(t, "b", line)
	require.False(t, success)
}
