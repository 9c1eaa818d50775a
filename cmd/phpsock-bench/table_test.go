package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestFigure(t *testing.T) {
	for want, v := range map[string]float64{
		"0.000": 0, "0.123": .1234, "1.00": .9996, "9.99": 9.994, "10.0": 9.996, "99.9": 99.94, "100": 99.96,
		"999": 999.4, "1.00k": 999.6, "12.3k": 12345, "1.00M": 999_999, "2.50G": 2.5e9, "1000G": 1e12,
	} {
		require.Equal(t, want, figure(v), v)
	}
}

// sample is a report with a rate, a time, and a subject that has no figure.
func sample() *report {
	rate := row{name: "echo", unit: roundTrips}
	wait := row{name: "select-1", unit: "µs/call", lower: true}
	return &report{
		PHP: "8.2.1", Phpsock: "8.2.2", Rounds: 2, Heavy: 2, Length: 300 * time.Millisecond,
		Machine: machine{Processor: "P", CPUs: []int{0, 1}, Kernel: "6", Go: "go1", Files: 1024, Load: "0.5"},
		Rows: []result{
			newResult(rate, map[string]series{
				phpsock: {{1, 11000, 5}, {2, 9000, 5}},
				native:  {{1, 10000, 4}, {2, 10000, 4}},
				plainC:  {{1, 20000, 0}},
				goNet:   {{2, 5000, 0}},
			}),
			newResult(wait, map[string]series{
				phpsock: {{1, .5, 0}, {2, .5, 0}},
				native:  {{1, 1, 0}, {2, 1, 0}},
			}),
			newResult(rate, nil),
		},
	}
}

func TestText(t *testing.T) {
	lines := strings.Split(sample().text(), "\n")
	require.Equal(t, []string{
		"PHP 8.2.2 in phpsock against PHP 8.2.1; P, processors [0 1], load 0.5, up to 1024 open files, Linux 6, go1; 2 rounds of 300ms",
		"",
		"row       unit              phpsock      native           C          Go   ratio to native   CPU     C    Go",
		"echo      round trips/s  10.0k ±10%  10.0k ± 0%  20.0k ± 0%  5.00k ± 0%  1.00 (0.90-1.10)  0.80  2.00  0.50",
		"select-1  µs/call        0.500 ± 0%   1.00 ± 0%           -           -  2.00 (2.00-2.00)     -     -     -",
		"echo      round trips/s           -           -           -           -                 -     -     -     -",
		"",
		legend,
		"",
	}, lines)
	for _, line := range lines[3:6] {
		require.Equal(t, utf8.RuneCountInString(lines[2]), utf8.RuneCountInString(line))
	}
	busy := sample()
	busy.Busy = 2
	require.Contains(t, busy.text(), "300ms, beside 2 busy goroutines")
	busy.Heavy = 1
	require.Contains(t, busy.text(), "2 rounds of 300ms, 1 of the rows that take seconds, beside")
	busy.LeftOut = []string{"a: why", "b: why"}
	require.Contains(t, busy.text(), legend+"\n\nLeft out: a: why.\n\nLeft out: b: why.\n")
}

func TestMarkdown(t *testing.T) {
	require.Contains(t, sample().markdown(), `
| row | unit | phpsock | native | C | Go | ratio to native | CPU | C | Go |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| echo | round trips/s | 10.0k ±10% | 10.0k ± 0% | 20.0k ± 0% | 5.00k ± 0% | 1.00 (0.90-1.10) | 0.80 | 2.00 | 0.50 |
`)
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r")
	require.NoError(t, sample().write(path+".md"))
	require.NoError(t, sample().write(path+".json"))
	text, err := os.ReadFile(path + ".md")
	require.NoError(t, err)
	require.Equal(t, sample().markdown(), string(text))
	text, err = os.ReadFile(path + ".json")
	require.NoError(t, err)
	var back report
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, sample(), &back)
}
