package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMedian(t *testing.T) {
	tests := map[string]struct {
		values []float64
		want   float64
	}{
		"none": {nil, 0},
		"one":  {[]float64{3}, 3},
		"odd":  {[]float64{9, 1, 5}, 5},
		"even": {[]float64{4, 1, 3, 100}, 3.5},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, median(tt.values))
		})
	}
	values := []float64{2, 1}
	median(values)
	require.Equal(t, []float64{2, 1}, values)
}

func TestPercentile(t *testing.T) {
	require.Zero(t, percentile(nil, 90))
	for p, want := range map[int]float64{0: 1, 10: 1, 50: 5, 89: 9, 90: 9, 91: 10, 100: 10} {
		require.InDelta(t, want, percentile([]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, p), 0, p)
	}
	require.InDelta(t, 3, percentile([]float64{3}, 90), 0)
}

func TestSummarize(t *testing.T) {
	s := summarize([]float64{10, 8, 14})
	require.Equal(t, summary{Median: 10, Min: 8, Max: 14}, s)
	require.InDelta(t, .6, s.spread(), 1e-9)
	require.Zero(t, summarize(nil))
	require.Zero(t, summarize(nil).spread())
}

func TestRatios(t *testing.T) {
	a := series{{1, 10, 4}, {2, 30, 4}, {4, 5, 0}}
	b := series{{2, 60, 2}, {1, 20, 0}, {3, 7, 1}, {4, 0, 1}}
	require.Equal(t, []float64{.5, .5}, a.ratios(b, false))
	require.Equal(t, []float64{2, 2}, a.ratios(b, true))
	require.Equal(t, []float64{.5}, a.cpu().ratios(b.cpu(), true))
	require.Empty(t, a.ratios(nil, false))
	require.Empty(t, series(nil).ratios(a, false))
}
