package phpt

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stub is a shell script that understands as much of php's command line as the runner uses: it reports one extension,
// and "runs" a script by handing it to the shell.
const stub = `#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in
	-d) settings="$settings $2"; shift 2 ;;
	-r) printf '%s\nCore\n' "$STUB_EXTENSIONS"; exit ;;
	-q|-f) file=$2; shift 2 ;;
	--) shift; break ;;
	*) shift ;;
	esac
done
export settings
exec sh "$file" "$@"
`

func stubRunner(t *testing.T) (*Runner, string) {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "php")
	require.NoError(t, os.WriteFile(binary, []byte(stub), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "there.so"), nil, 0o644))
	return &Runner{Command: []string{binary, "-n"}, Env: []string{"STUB_EXTENSIONS=" + dir}, Timeout: 10 * time.Second}, dir
}

func caseIn(t *testing.T, dir, sections string) *Case {
	t.Helper()
	c, err := Parse(filepath.Join(dir, "x.phpt"), []byte("--TEST--\nt\n"+sections))
	require.NoError(t, err)
	return c
}

func TestRunnerOutcomes(t *testing.T) {
	tests := map[string]struct {
		sections string
		status   Status
		reason   string
	}{
		"pass":               {"--FILE--\necho hi; echo there >&2\n--EXPECT--\nhi\nthere\n", Passed, ""},
		"exit status":        {"--FILE--\necho hi; exit 255\n--EXPECT--\nhi\n", Passed, ""},
		"difference":         {"--FILE--\necho hi\n--EXPECT--\nho\n", Failed, ""},
		"signal":             {"--FILE--\necho hi; kill -9 $$\n--EXPECT--\nhi\n", Failed, ""},
		"signal told":        {"--FILE--\necho hi; kill -9 $$\n--EXPECT--\nhi\n\nTermsig=9\n", Passed, ""},
		"skip":               {"--SKIPIF--\necho 'SKIP  not today'\n--FILE--\necho\n--EXPECT--\nx\n", Skipped, "not today"},
		"no skip":            {"--SKIPIF--\nprintf ''\n--FILE--\necho x\n--EXPECT--\nx\n", Passed, ""},
		"broken skip":        {"--SKIPIF--\necho oops\n--FILE--\necho x\n--EXPECT--\nx\n", Borked, "SKIPIF printed: oops"},
		"warning in skip":    {"--SKIPIF--\necho Warning: x\n--FILE--\necho x\n--EXPECT--\nx\n", Borked, "SKIPIF printed: Warning: x"},
		"warned":             {"--SKIPIF--\necho warn slow\n--FILE--\necho x\n--EXPECT--\nx\n", Passed, ""},
		"expected in skip":   {"--SKIPIF--\necho xfail today\n--FILE--\necho x\n--EXPECT--\ny\n", XFailed, "today"},
		"skip without words": {"--SKIPIF--\necho skip\n--FILE--\necho x\n--EXPECT--\nx\n", Skipped, ""},
		"nocache":            {"--SKIPIF--\necho nocache\n--FILE--\necho x\n--EXPECT--\nx\n", Passed, ""},
		"missing extension":  {"--EXTENSIONS--\nabsent\n--FILE--\necho\n--EXPECT--\nx\n", Skipped, "required extensions missing: absent"},
		"loaded extension":   {"--EXTENSIONS--\ncore\n--FILE--\necho ${settings%%=*}\n--EXPECT--\noutput_handler\n", Passed, ""},
		"loads extension":    {"--EXTENSIONS--\nthere\n--FILE--\necho ${settings%%=*}\n--EXPECT--\nextension\n", Passed, ""},
		"arguments":          {"--ARGS--\none 'two three'\n--FILE--\necho $# $2\n--EXPECT--\n2 two three\n", Passed, ""},
		"standard input":     {"--STDIN--\nin\n--FILE--\ncat\n--EXPECT--\nin\n", Passed, ""},
		"environment":        {"--ENV--\nVALUE=a b\n--FILE--\necho $VALUE\n--EXPECT--\na b\n", Passed, ""},
		"settings":           {"--INI--\nprecision=3\n--FILE--\necho $settings | tr ' ' '\\n' | grep -e precision -e html_errors\n--EXPECT--\nhtml_errors=0\nprecision=3\nserialize_precision=-1\n", Passed, ""},
		"expected failure":   {"--XFAIL--\nlater\n--FILE--\necho hi\n--EXPECT--\nho\n", XFailed, "later"},
		"unexpected success": {"--XFAIL--\nlater\n--FILE--\necho hi\n--EXPECT--\nhi\n", Warned, "has an XFAIL section but passes"},
		"clean speaks":       {"--FILE--\necho hi\n--CLEAN--\necho oops\n--EXPECT--\nhi\n", Borked, "CLEAN printed: oops"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runner, dir := stubRunner(t)
			t.Setenv("STUB_EXTENSIONS", dir)
			result := runner.Run(t.Context(), caseIn(t, dir, test.sections))
			require.Equal(t, test.status, result.Status, "%v", result.Err)
			require.Equal(t, test.reason, result.Reason)
			good := test.status == Passed || test.status == Skipped || test.status == XFailed
			require.Equal(t, good, result.Err == nil, "%v", result.Err)
			left, err := filepath.Glob(filepath.Join(dir, "x.*"))
			require.NoError(t, err)
			require.Empty(t, left, "scripts are removed")
		})
	}
}

func TestRunnerCleansUpAfterFailure(t *testing.T) {
	runner, dir := stubRunner(t)
	result := runner.Run(t.Context(), caseIn(t, dir, "--FILE--\ntouch left; echo no\n--CLEAN--\nrm left\n--EXPECT--\nyes\n"))
	require.Equal(t, Failed, result.Status)
	require.NoFileExists(t, filepath.Join(dir, "left"))
}

func TestRunnerTimeLimit(t *testing.T) {
	runner, dir := stubRunner(t)
	runner.Timeout = 100 * time.Millisecond
	began := time.Now()
	result := runner.Run(t.Context(), caseIn(t, dir, "--FILE--\ntouch left; echo begun; sleep 60\n--CLEAN--\nrm left\n--EXPECT--\nyes\n"))
	require.Equal(t, TimedOut, result.Status)
	require.ErrorIs(t, result.Err, context.DeadlineExceeded)
	require.ErrorContains(t, result.Err, "begun")
	require.Less(t, time.Since(began), 10*time.Second)
	require.NoFileExists(t, filepath.Join(dir, "left"))
}

func TestRunnerScratch(t *testing.T) {
	runner, dir := stubRunner(t)
	runner.Scratch = t.TempDir()
	c := caseIn(t, dir, "--FILE--\npwd; echo $0\n--EXPECTF--\n"+dir+"\n"+runner.Scratch+"/phpt-%d/x.php\n")
	result := runner.Run(t.Context(), c)
	require.NoError(t, result.Err)
	left, err := os.ReadDir(runner.Scratch)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestRunnerWithoutCommand(t *testing.T) {
	dir := t.TempDir()
	c := caseIn(t, dir, "--FILE--\n--EXPECT--\n")
	result := (&Runner{}).Run(t.Context(), c)
	require.EqualError(t, result.Err, "phpt: run: no command")
	result = (&Runner{Command: []string{filepath.Join(dir, "absent")}}).Run(t.Context(), c)
	require.Equal(t, Borked, result.Status)
	require.ErrorIs(t, result.Err, os.ErrNotExist)
}

// TestRunnerWithPHP runs a case on a real PHP, where there is one.
func TestRunnerWithPHP(t *testing.T) {
	php, err := exec.LookPath("php8.2")
	if err != nil {
		t.Skip("no php8.2 on this machine")
	}
	dir := t.TempDir()
	c := caseIn(t, dir, "--INI--\nprecision=5\n--ARGS--\na 'b c'\n--STDIN--\nin\n--FILE--\n<?php\necho $x, M_PI, getcwd(), \"\\n\";\necho count($argv), fgets(STDIN), __DIR__;\n"+
		"--EXPECTF--\nWarning: Undefined variable $x in %s/x.php on line 2\n3.1416"+dir+"\n3in\n"+dir+"\n")
	result := (&Runner{Command: []string{php, "-n"}}).Run(t.Context(), c)
	require.NoError(t, result.Err)
	require.Positive(t, result.Elapsed)
}
