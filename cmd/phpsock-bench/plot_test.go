package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// growing is a report of rows with several numbers of connections.
func growing() *report {
	r := sample()
	r.Rows = nil
	for _, n := range []struct {
		name string
		cost float64
	}{{"100", 10}, {"1", 1}} {
		r.Rows = append(r.Rows,
			newResult(row{name: "select-" + n.name, lower: true}, map[string]series{
				phpsock: {{1, n.cost, 0}}, plainC: {{1, n.cost * 2, 0}}, goNet: {{1, 5, 0}},
			}),
			newResult(row{name: "loop-" + n.name}, map[string]series{
				phpsock: {{1, 1000, n.cost}, {2, 900, n.cost * 3}, {3, 800, n.cost * 2}}, native: {{1, 1000, 0}}, plainC: nil,
			}))
	}
	return r
}

func TestPanels(t *testing.T) {
	panels, err := growing().panels()
	require.NoError(t, err)
	require.Len(t, panels, 2)
	require.Equal(t, []plotLine{
		{phpsock, []point{{1, 1}, {100, 10}}},
		{plainC, []point{{1, 2}, {100, 20}}},
	}, panels[0].lines)
	require.Equal(t, []plotLine{
		{phpsock, []point{{1, 2}, {100, 20}}},
		{native, []point{{1, 1000}, {100, 1000}}}, // by the rate
	}, panels[1].lines, "the processor time, else the time")

	only := growing()
	only.Rows = only.Rows[:1]
	panels, err = only.panels()
	require.NoError(t, err)
	require.Len(t, panels, 1)
	_, err = (&report{}).panels()
	require.EqualError(t, err, "bench: there is no row select-N or loop-N to draw")
}

func TestDecades(t *testing.T) {
	for _, tt := range []struct{ values, want []float64 }{
		{[]float64{1, 10000}, []float64{1, 10000}},
		{[]float64{.3, 101}, []float64{.1, 1000}},
		{[]float64{10}, []float64{10, 100}},
	} {
		low, high := decades(tt.values)
		require.InDeltaSlice(t, tt.want, []float64{low, high}, 1e-9)
	}
	s := scale{low: 1, high: 100, from: 200, to: 0}
	require.InDelta(t, 100, s.at(10), 1e-9)
	require.Equal(t, "0.1", grouped(.1))
	require.Equal(t, "100", grouped(100.00000001))
	require.Equal(t, "10,000", grouped(9999.99999))
}

// The picture is well-formed, and has what it is about.
func TestPicture(t *testing.T) {
	r := growing()
	r.Machine.Processor = "P<1>"
	picture, err := r.picture()
	require.NoError(t, err)
	d := xml.NewDecoder(strings.NewReader(picture))
	count := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			count[start.Name.Local]++
		}
	}
	require.Equal(t, 4, count["polyline"])
	for _, text := range []string{"P&lt;1&gt;", ">connections<", ">µs<", "phpsock, 100 connections: 10.0 µs", "PHP 8.2.1", `fill="#ffffff"`} {
		require.Contains(t, picture, text)
	}
	r.Busy = 2
	busy, err := r.picture()
	require.NoError(t, err)
	require.Contains(t, busy, "beside 2 busy goroutines")
	require.Contains(t, busy, "client&#39;s included")
}

// What was measured once can be written again.
func TestAgain(t *testing.T) {
	folder := t.TempDir()
	first, second, picture := filepath.Join(folder, "a.json"), filepath.Join(folder, "b.json"), filepath.Join(folder, "c.svg")
	require.NoError(t, growing().write(first))
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-from", first, "-o", second, "-o", picture}, &out, io.Discard))
	require.Equal(t, growing().text(), out.String())
	a, err := os.ReadFile(first)
	require.NoError(t, err)
	b, err := os.ReadFile(second)
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
	require.FileExists(t, picture)

	require.NoError(t, os.WriteFile(second, []byte("{"), 0o600))
	require.ErrorContains(t, run(t.Context(), []string{"-from", second}, io.Discard, io.Discard), "b.json")
	require.ErrorIs(t, run(t.Context(), []string{"-from", filepath.Join(folder, "none")}, io.Discard, io.Discard), os.ErrNotExist)
	require.ErrorContains(t, (&report{}).write(picture), "no row select-N")
}
