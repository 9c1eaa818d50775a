//go:build cgo

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// commandLine makes the test binary behave as the command itself.
const commandLine = "PHPSOCK_TEST_COMMAND_LINE"

func TestMain(m *testing.M) {
	if os.Getenv(commandLine) != "" {
		main()
	}
	if signal.Ignored(os.Interrupt) {
		// As shells start programs in the background; what the tests start would inherit it.
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	}
	os.Exit(m.Run())
}

// ended is what a command line leaves behind.
type ended struct {
	Out, Errs string
	Status    int
}

func runProgram(t *testing.T, dir, stdin, program string, args ...string) ended {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	// Under the race detector a program sleeps for a second before it ends.
	cmd.Env = append(os.Environ(), commandLine+"=1", "GORACE=atexit_sleep_ms=0")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); !ok {
		require.NoError(t, err)
	}
	return ended{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

func phpsock(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	return self
}

// php finds PHP's own command line of the version that is linked.
func php(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"php8.2", "php"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if runProgram(t, "", "", path, "-n", "-r", "echo PHP_VERSION;").Out == bridge.Version() {
			return path
		}
	}
	t.Skip("no php command line of version " + bridge.Version() + " to compare with")
	return ""
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

// TestLikePHP gives the same command lines to PHP's own and compares all that
// can be seen from outside.
func TestLikePHP(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "args.php", "#!/usr/bin/env php\n<?php var_dump($argc, $argv, $_SERVER['argv'], __FILE__, __LINE__, $_SERVER['SCRIPT_NAME'], getcwd(), defined('STDIN'));")
	write(t, dir, "bad.php", "<?php\nf(;")
	write(t, dir, "lint.php", "<?php namespace X; function f($a = 1, $b) {} exit(5);")
	write(t, dir, "compile.php", "<?php\nclass A { function f() { break; } }")
	write(t, dir, "source.php", "<?php\n// a comment\necho 1  +  2; # another\n")
	write(t, dir, "my.ini", "precision = 5\n")
	show := func(names ...string) string {
		return "foreach (['" + strings.Join(names, "', '") + "'] as $n) var_dump(ini_get($n));"
	}
	tests := map[string]struct {
		args  []string
		stdin string
	}{
		"a script":                        {args: []string{"args.php", "-v", "--", "b"}},
		"-f and a script by full path":    {args: []string{"-f", filepath.Join(dir, "args.php"), "--", "-v"}},
		"a script on standard input":      {args: []string{"--", "a", "-b"}, stdin: "<?php var_dump($argv, __FILE__, defined('STDIN'), $_SERVER['SCRIPT_NAME']);"},
		"-r":                              {args: []string{"-r", "var_dump($argc, $argv, __FILE__, $_SERVER['SCRIPT_NAME'], PHP_SAPI, php_sapi_name());", "a", "-b"}},
		"-r beside -f":                    {args: []string{"-f", "args.php", "-r", "var_dump($argv);"}},
		"standard descriptors":            {args: []string{"-r", "fwrite(STDERR, 'err'); fwrite(STDOUT, fgets(STDIN)); echo stream_get_contents(STDIN); fclose(STDOUT); echo 'lost';"}, stdin: "one\ntwo\n"},
		"no such file":                    {args: []string{"absent.php"}},
		"-f, no such file":                {args: []string{"-f", "absent.php"}},
		"an empty name":                   {args: []string{""}},
		"exit with a status":              {args: []string{"-r", "exit(3);"}},
		"exit with a text":                {args: []string{"-r", "exit('bye');"}},
		"an uncaught exception":           {args: []string{"-r", "throw new Exception('x');"}},
		"a fatal error":                   {args: []string{"-r", "f();"}},
		"a parse error":                   {args: []string{"bad.php"}},
		"a parse error in -r":             {args: []string{"-r", "f(;"}},
		"a warning":                       {args: []string{"-r", "echo $x; trigger_error('n');"}},
		"a shutdown function sets status": {args: []string{"-r", "register_shutdown_function(function () { exit(7); }); f();"}},
		"defaults":                        {args: []string{"-r", show("display_errors", "html_errors", "implicit_flush", "output_buffering", "max_execution_time", "max_input_time", "register_argc_argv", "memory_limit", "error_log", "log_errors", "variables_order")}},
		"-d":                              {args: []string{"-d", "precision=3", "-dhtml_errors", "-d", "memory_limit=1G", "-d", "precision=4", "-r", show("precision", "html_errors", "memory_limit")}},
		"-d with an expression":           {args: []string{"-d", "error_reporting=E_ALL & ~E_NOTICE", "-d", "log_errors=off", "-r", show("error_reporting", "log_errors")}},
		"-d with other characters":        {args: []string{"-d", "error_prepend_string=<b>;x", "-d", "error_append_string=\"a;b\"", "-d", "user_agent=", "-d", "include_path=.:/x", "-r", show("error_prepend_string", "error_append_string", "user_agent", "include_path")}},
		"-d disables functions":           {args: []string{"-d", "disable_functions=strrev,stream_socket_server", "-r", "var_dump(function_exists('strrev'), function_exists('stream_socket_server'));"}},
		"-d display_errors":               {args: []string{"-d", "display_errors=stderr", "-r", "f();"}},
		"-d log_errors":                   {args: []string{"-d", "log_errors=1", "-d", "display_errors=0", "-r", "f();"}},
		"-c":                              {args: []string{"-c", "my.ini", "-r", "var_dump(ini_get('precision'), basename(php_ini_loaded_file()));"}},
		"--rf":                            {args: []string{"--rf", "stream_socket_server"}},
		"--rf of a method":                {args: []string{"--rf", "Closure::call"}},
		"--rf, unknown":                   {args: []string{"--rf", "nope"}},
		"--rf of a method of no class":    {args: []string{"--rf", "Nope::call"}},
		"--rc":                            {args: []string{"--rc", "Countable"}},
		"--rc, unknown":                   {args: []string{"--rc", "A::b"}},
		"--rz, unknown":                   {args: []string{"--rz", "nope"}},
		"--ri":                            {args: []string{"--ri", "pcre"}},
		"--ri, unknown":                   {args: []string{"--ri", "nope"}},
		"-s":                              {args: []string{"-s", "source.php"}},
		"-s, standard input":              {args: []string{"-s"}, stdin: "<?php echo 1;"},
		"-w":                              {args: []string{"-w", "source.php"}},
		"-w, standard input":              {args: []string{"-w"}, stdin: "<?php echo 1; // one"},
		"-l":                              {args: []string{"-l", "args.php"}},
		"-l, warnings":                    {args: []string{"-l", filepath.Join(dir, "lint.php")}},
		"-l, a parse error":               {args: []string{"-l", filepath.Join(dir, "bad.php")}},
		"-l, a compile error":             {args: []string{"-l", filepath.Join(dir, "compile.php")}},
		"-l, standard input":              {args: []string{"-l"}, stdin: "<?php f(;"},
		"-l, no such file":                {args: []string{"-l", "absent.php"}},
		"two scripts":                     {args: []string{"-r", "1;", "-f", "args.php"}},
	}
	native, self := php(t), phpsock(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"-n"}, tt.args...)
			want := runProgram(t, dir, tt.stdin, native, args...)
			require.Equal(t, want, runProgram(t, dir, tt.stdin, self, args...))
		})
	}
}

// There is one module more than in PHP's own list.
func TestModules(t *testing.T) {
	want := runProgram(t, "", "", php(t), "-n", "-m")
	got := runProgram(t, "", "", phpsock(t), "-n", "-m")
	require.Contains(t, got.Out, "\nphpsock\n")
	got.Out = strings.Replace(got.Out, "phpsock\n", "", 1)
	require.Equal(t, want, got)
}

func TestVersion(t *testing.T) {
	got := runProgram(t, "", "", phpsock(t), "-n", "-v")
	require.Zero(t, got.Status)
	require.Regexp(t, `^PHP `+bridge.Version()+` \(cli\) \(built: .+\) \([NZ]TS\)\nphpsock .*\nCopyright \(c\) The PHP Group\nZend Engine v`, got.Out)
}

func TestInfo(t *testing.T) {
	got := runProgram(t, "", "", phpsock(t), "-n", "-i")
	require.Zero(t, got.Status)
	require.Contains(t, got.Out, "phpinfo()\nPHP Version => "+bridge.Version())
}

func TestINI(t *testing.T) {
	got := runProgram(t, "", "", phpsock(t), "-n", "--ini")
	require.Zero(t, got.Status)
	require.Contains(t, got.Out, "Loaded Configuration File:         (none)\n")
}

func TestDash(t *testing.T) {
	got := runProgram(t, "", "<?php echo implode(' ', $argv);", phpsock(t), "-n", "-", "a", "-b")
	require.Equal(t, ended{Out: "Standard input code a -b"}, got)
}

func TestBinary(t *testing.T) {
	got := runProgram(t, "", "", phpsock(t), "-n", "-r", "echo PHP_BINARY;")
	require.Equal(t, ended{Out: phpsock(t)}, got)
}

func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	require.Zero(t, run([]string{"/usr/bin/phpsock", "-h"}, &out, &errs))
	require.True(t, strings.HasPrefix(out.String(), "Usage: phpsock [options] [-f] <file>"), out.String())
	require.Empty(t, errs.String())
	help := out.String()

	out.Reset()
	require.Equal(t, 1, run([]string{"phpsock", "-@"}, &out, &errs))
	require.Equal(t, help, out.String())
	require.Equal(t, "Error in argument 1, char 2: option not found @\n", errs.String())
}

// A script that handles no signals dies of them, and the shell can tell.
func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd := exec.Command(phpsock(t), "-n", "-r", "echo 'up'; sleep(60);")
			cmd.Env = append(os.Environ(), commandLine+"=1")
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			_, err = io.ReadFull(out, make([]byte, 2))
			require.NoError(t, err)
			require.NoError(t, cmd.Process.Signal(sig))
			require.Error(t, cmd.Wait())
			require.Equal(t, sig, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
		})
	}
}
