package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	o, err := parse(nil, io.Discard)
	require.NoError(t, err)
	require.Equal(t, rounds, o.rounds)
	require.Equal(t, rounds, o.heavy)
	require.Equal(t, cancelRounds, o.cancels)
	require.Equal(t, length, o.length)
	require.True(t, o.rows.MatchString("anything"))

	o, err = parse([]string{"-quick", "-busy", "-row", "^udp$", "-o", "a.md", "-o", "b.json", "-o", "c.svg"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, quickRounds, o.rounds)
	require.Equal(t, quickHeavyRounds, o.heavy)
	require.Equal(t, quickCancelRounds, o.cancels)
	require.Equal(t, quickLength, o.length)
	require.True(t, o.busy)
	require.False(t, o.rows.MatchString("udp6"))
	require.Equal(t, []string{"a.md", "b.json", "c.svg"}, o.outputs)

	o, err = parse([]string{"-busy", "-from", "x.json"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, busyHeavyRounds, o.heavy)
	require.Equal(t, busyCancelRounds, o.cancels)
	require.Equal(t, "x.json", o.from)

	o, err = parse([]string{"-quick", "-busy", "-rounds", "9"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 9, o.rounds)
	require.Equal(t, 9, o.heavy)
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
		for _, line := range r.lines() {
			require.False(t, seen[line.name], line.name)
			seen[line.name] = true
			require.NotEmpty(t, line.unit, line.name)
		}
		require.Equal(t, strings.HasPrefix(r.name, "tls-"), r.tls, "all can be chosen together")
		require.Contains(t, []int{1, 2}, r.cpus, r.name)
		require.True(t, r.starts || r.timed != (r.client != nil), r.name)
		require.True(t, r.idle == 0 || r.client != nil, r.name)
		require.NotEqual(t, r.script == "", r.host == nil, r.name)
		if r.script != "-r" && r.script != "" {
			require.FileExists(t, filepath.Join(scripts, r.script), r.name)
		}
	}
	require.NotEmpty(t, chosen(regexp.MustCompile(``), 1))
	require.Len(t, chosen(regexp.MustCompile(``), 2), len(rows()))
	require.Len(t, chosen(regexp.MustCompile(`^tls-resumed$`), 2), 1, "by the name of any of its lines")
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
		"two figures":    {"echo ready; echo 12.5 8 3", row{timed: true, further: []row{{}}}, ""},
		"one of two":     {"echo ready; echo 12.5 8", row{timed: true, further: []row{{}}}, `not a figure: "12.5 8"`},
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
			measured, err := b.measure(ctx, tt.row, native)
			if tt.want == "" {
				require.NoError(t, err)
				require.Len(t, measured, len(tt.row.lines()))
				for _, m := range measured {
					require.Positive(t, m.Value)
				}
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.Empty(t, measured)
		})
	}
	measured, err := (&bench{}).measure(t.Context(), row{}, goNet)
	require.NoError(t, err)
	require.Empty(t, measured, "no such subject in this row")
}

// A server does not end by itself: it is ended.
func TestStop(t *testing.T) {
	cpus, err := allowedCPUs()
	require.NoError(t, err)
	var line string
	var success bool
	err = onThread(func() error {
		p, err := start(t.Context(), cpus, []string{"A=b"}, []string{"sh", "-c", `echo "$A"; exec sleep 60`})
		if err != nil {
			return err
		}
		line, err = p.line()
		p.stop()
		p.stop()
		success = p.cmd.ProcessState.Success()
		return err
	})
	require.NoError(t, err)
	require.Equal(t, "b", line)
	require.False(t, success)
}
