package phpt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// twins are two stubs that tell which one they are in $ME.
func twins(t *testing.T) (first, second []string) {
	t.Helper()
	dir := t.TempDir()
	for _, me := range []string{"first", "second"} {
		binary := filepath.Join(dir, me)
		require.NoError(t, os.WriteFile(binary, []byte("#!/bin/sh\nexport ME="+me+stub[len("#!/bin/sh"):]), 0o755))
	}
	t.Setenv("STUB_EXTENSIONS", dir)
	return []string{filepath.Join(dir, "first")}, []string{filepath.Join(dir, "second")}
}

func TestCompare(t *testing.T) {
	tests := map[string]struct {
		script, listed, diff, problem string
	}{
		"the same":           {script: "echo x"},
		"path":               {script: "echo $0 $PWD"},
		"ports":              {script: `[ $ME = first ] && echo "127.0.0.1:40001 [::1]:40002" || echo "127.0.0.1:50001 [::1]:50002"`},
		"other ports":        {script: `[ $ME = first ] && echo 127.0.0.1:80 || echo 127.0.0.1:81`, diff: "-   1  127.0.0.1:80\n+   1  127.0.0.1:81\n", problem: "output differs"},
		"process ids":        {script: `echo /tmp/phpsock-case-$$ /tmp/phpsock-$$.sock`},
		"difference":         {script: "echo a; echo $ME", diff: "    1  a\n-   2  first\n+   2  second\n", problem: "phpt: compare x: output differs (- first command, + second):\n    1  a\n"},
		"white space at end": {script: `[ $ME = first ] && echo a || echo 'a '`, diff: "-   1  a\n+   1  a \n", problem: "output differs"},
		"end of line":        {script: `[ $ME = first ] && printf 'a\n' || printf a`, diff: "-   2  \n", problem: "output differs"},
		"listed difference":  {script: "echo $ME", listed: "errno: why", diff: "-   1  first\n+   1  second\n"},
		"listed, by chance":  {script: "echo x", listed: "unnamed: why"},
		"listed, the same":   {script: "echo x", listed: "errno: why", problem: "phpt: compare x: listed as different (errno: why), but both print the same"},
		"signal":             {script: "[ $ME = first ] || kill -9 $$", diff: "+   2  Termsig=9\n", problem: "output differs"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			first, second := twins(t)
			c := caseIn(t, t.TempDir(), "--FILE--\n"+test.script+"\n--EXPECT--\n")
			outcome := Compare(t.Context(), []*Case{c}, first, second, t.TempDir(), Differences{"x": test.listed})[0]
			require.Empty(t, outcome.Skipped)
			require.Contains(t, outcome.Diff, test.diff)
			require.Equal(t, test.diff == "", outcome.Diff == "", outcome.Diff)
			if test.problem == "" {
				require.NoError(t, outcome.Problem())
			} else {
				require.ErrorContains(t, outcome.Problem(), test.problem)
			}
		})
	}
}

func TestCompareSkips(t *testing.T) {
	first, second := twins(t)
	both := caseIn(t, t.TempDir(), "--SKIPIF--\necho skip here\n--FILE--\necho $ME\n--EXPECT--\n")
	outcome := Compare(t.Context(), []*Case{both}, first, second, t.TempDir(), nil)[0]
	require.Equal(t, "here", outcome.Skipped)
	require.NoError(t, outcome.Problem())

	one := caseIn(t, t.TempDir(), "--SKIPIF--\n[ $ME = first ] || echo skip why\n--FILE--\necho\n--EXPECT--\n\n")
	outcome = Compare(t.Context(), []*Case{one}, first, second, t.TempDir(), nil)[0]
	require.Empty(t, outcome.Skipped)
	require.ErrorContains(t, outcome.Problem(), "-PASS \n+SKIP why\n")

	broken := caseIn(t, t.TempDir(), "--SKIPIF--\necho oops\n--FILE--\necho\n--EXPECT--\n\n")
	outcome = Compare(t.Context(), []*Case{broken}, first, second, t.TempDir(), nil)[0]
	require.ErrorContains(t, outcome.Problem(), "oops")
}

func TestLoadDifferences(t *testing.T) {
	cases := []*Case{{Name: "a/b"}, {Name: "c"}}
	tests := map[string]struct {
		text string
		want Differences
		err  string
	}{
		"none":      {"", Differences{}, ""},
		"some":      {"# comment\n\na/b   errno: the real: one\nc versions: x\n", Differences{"a/b": "errno: the real: one", "c": "versions: x"}, ""},
		"kind":      {"a/b bug: x", nil, ":1: want NAME KIND: REASON with one of the kinds errno, unnamed, limit, options, tls, versions"},
		"no kind":   {"\na/b because", nil, ":2: want NAME KIND: REASON"},
		"no reason": {"a/b errno:", nil, ":1: want NAME KIND: REASON"},
		"twice":     {"c errno: x\nc options: y", nil, ":2: c is listed twice"},
		"unknown":   {"d errno: x", nil, ":1: no case is named d"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "differences.txt")
			require.NoError(t, os.WriteFile(file, []byte(test.text), 0o600))
			listed, err := LoadDifferences(file, cases)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, listed)
		})
	}
	_, err := LoadDifferences(filepath.Join(t.TempDir(), "absent"), cases)
	require.ErrorIs(t, err, os.ErrNotExist)
}
