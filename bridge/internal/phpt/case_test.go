package phpt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func parsed(t *testing.T, section, expected string) *Case {
	t.Helper()
	c, err := Parse("/tmp/x.phpt", []byte("--TEST--\nt\n--FILE--\n<?php\n--"+section+"--\n"+expected))
	require.NoError(t, err)
	return c
}

func TestMatch(t *testing.T) {
	tests := []struct {
		section, expected, output string
		ok                        bool
	}{
		{"EXPECT", "a\nb\n", "a\nb", true},
		{"EXPECT", "a\r\nb\n", "\n a\nb\x00\n\n", true},
		{"EXPECT", "a\nb\n", "a\r\nb\r\n", true},
		{"EXPECT", "a", "a b", false},
		{"EXPECT", "%d", "1", false},
		{"EXPECT", "", "", true},
		{"EXPECTF", "n: %d\n%s\n", "n: 5\nx\n", true},
		{"EXPECTF", "n: %d", "n: 5\nx\n", false},
		{"EXPECTREGEX", "a+\nb?", "aaa\n", false},
		{"EXPECTREGEX", "a+\n?b?", "aaa\nb", true},
		{"EXPECTREGEX", "a|b", "axxx", true}, // anchored as PHP anchors it
		{"EXPECTREGEX", "a|b", "xxxb", true},
		{"EXPECTREGEX", "a|b", "xax", false},
	}
	for _, test := range tests {
		err := parsed(t, test.section, test.expected).Match([]byte(test.output))
		if test.ok {
			require.NoError(t, err, "%+v", test)
			continue
		}
		var mismatch *MismatchError
		require.ErrorAs(t, err, &mismatch, "%+v", test)
		require.NotEmpty(t, mismatch.Diff)
	}
}

func TestMatchShowsDiff(t *testing.T) {
	c := parsed(t, "EXPECTF", "one\ntwo %d\nthree\nfour\nfive\nsix\nseven\neight\nnine")
	err := c.Match([]byte("one\ntwo 2\nthree\nfour\nfive\nsix\x00\tse\xffvén\nseven\nextra\neight\nnine"))
	require.EqualError(t, err, "phpt: match x: output differs (- expected, + printed):\n"+
		"    3  three\n    4  four\n    5  five\n-   6  six\n+   6  six\\x00\tse\\xffvén\n    7  seven\n+   8  extra\n    9  eight\n   10  nine\n")
}

func TestMatchDiffOfSpanningPattern(t *testing.T) {
	err := parsed(t, "EXPECTREGEX", "(a\nb)\nc").Match([]byte("a\nb\nd"))
	require.ErrorContains(t, err, "+   3  d\n")
	require.ErrorContains(t, err, "-   1  (a\n")
}

func TestDiffOfHugeOutput(t *testing.T) {
	err := parsed(t, "EXPECT", strings.Repeat("x\n", 3000)+"y").Match([]byte(strings.Repeat("z\n", 3000) + "y"))
	require.ErrorContains(t, err, "-   1  x\n")
	require.ErrorContains(t, err, "+   1  z\n")
}
