package bridge_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

func TestRunScript(t *testing.T) {
	e := start(t, bridge.Config{})
	const show = `echo json_encode([$argc, $argv, $_SERVER['argv'] === $argv, $_SERVER['PHP_SELF'], basename(__FILE__)], JSON_UNESCAPED_SLASHES);`
	file := writeFile(t, "show.php", "#!/usr/bin/env php\n<?php "+show)
	tests := []struct {
		name    string
		request bridge.Request
		want    string
	}{
		{"code", bridge.Request{Code: show}, `[1,["Standard input code"],true,"Standard input code","Command line code"]`},
		{"code with arguments", bridge.Request{Code: show, Args: []string{"a b", "", "-x"}, Name: "me"},
			`[4,["me","a b","","-x"],true,"me","Command line code"]`},
		{"file", bridge.Request{File: file}, `[1,["` + file + `"],true,"` + file + `","show.php"]`},
		{"file with a name", bridge.Request{File: file, Name: "show", Args: []string{"1"}}, `[2,["show","1"],true,"show","show.php"]`},
		{"file in the folder", bridge.Request{File: "show.php", Dir: filepath.Dir(file)}, `[1,["show.php"],true,"show.php","show.php"]`},
		{"nothing", bridge.Request{}, ``},
		{"code with html", bridge.Request{Code: `?>hello <?="world"?>`}, `hello world`},
		{"NUL bytes", bridge.Request{Code: "echo 'a\x00b';"}, "a\x00b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, result, err := run(t, e, tt.request)
			require.NoError(t, err)
			require.Equal(t, tt.want, out)
			require.Zero(t, result.ExitStatus)
		})
	}
}

func TestRunMissingFile(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, r := range []bridge.Request{
		{File: filepath.Join(t.TempDir(), "missing.php")},
		{File: "missing.php", Dir: t.TempDir()},
		{Code: "1;", Dir: filepath.Join(t.TempDir(), "missing")},
	} {
		out, result, err := run(t, e, r)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorContains(t, err, "bridge: run: ")
		require.Nil(t, result)
		require.Empty(t, out)
	}
	requireClean(t, e)
}

func TestLint(t *testing.T) {
	e := start(t, bridge.Config{})
	good := writeFile(t, "good.php", "<?php echo 'not run';")
	out, result, err := run(t, e, bridge.Request{File: good, Lint: true})
	require.NoError(t, err)
	require.Equal(t, "No syntax errors detected in "+good+"\n", out)
	require.Zero(t, result.ExitStatus)

	bad := writeFile(t, "bad.php", "<?php\necho ;")
	out, result, err = run(t, e, bridge.Request{File: bad, Lint: true})
	var fatal *bridge.FatalError
	require.ErrorAs(t, err, &fatal)
	require.Equal(t, 2, fatal.Line)
	require.Equal(t, bad, fatal.File)
	require.Contains(t, out, "Errors parsing "+bad)
	require.Equal(t, 255, result.ExitStatus)
}

func TestOutput(t *testing.T) {
	e := start(t, bridge.Config{Logger: quiet()})
	const chatty = `for ($i = 0; $i < 1000; $i++) echo str_repeat('x', 100), "\n"; error_log('to the log');`
	t.Run("writers", func(t *testing.T) {
		var out, log bytes.Buffer
		_, _, err := run(t, e, bridge.Request{Code: chatty, Output: &out, Log: &log})
		require.NoError(t, err)
		require.Equal(t, 101_000, out.Len())
		require.Regexp(t, `to the log\n$`, log.String())
		require.Equal(t, 1, strings.Count(log.String(), "\n"))
	})
	t.Run("files", func(t *testing.T) {
		out, err := os.Create(filepath.Join(t.TempDir(), "out"))
		require.NoError(t, err)
		defer out.Close()
		log, err := os.Create(filepath.Join(t.TempDir(), "log"))
		require.NoError(t, err)
		defer log.Close()
		_, _, err = run(t, e, bridge.Request{Code: chatty, Output: out, Log: log})
		require.NoError(t, err)
		written, err := os.ReadFile(out.Name())
		require.NoError(t, err)
		require.Len(t, written, 101_000)
		written, err = os.ReadFile(log.Name())
		require.NoError(t, err)
		require.Regexp(t, `^[^\n]*to the log\n$`, string(written))
	})
	t.Run("full pipe", func(t *testing.T) {
		r, w, err := os.Pipe()
		require.NoError(t, err)
		read := make(chan int)
		go func() {
			var all bytes.Buffer
			n, _ := all.ReadFrom(r)
			read <- int(n)
		}()
		_, _, err = run(t, e, bridge.Request{Code: `echo str_repeat('x', 1 << 20);`, Output: w})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.Equal(t, 1<<20, <-read)
	})
	t.Run("closed file", func(t *testing.T) {
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		require.NoError(t, err)
		require.NoError(t, f.Close())
		_, result, err := run(t, e, bridge.Request{Code: `echo 'x'; return 1;`, Output: f})
		require.NoError(t, err)
		require.Equal(t, 255, result.ExitStatus)
		require.Nil(t, result.Value)
	})
	requireClean(t, e)
}

// A writer that fails is a reader that has gone away: the script ends, shutdown
// functions run.
func TestFailingWriter(t *testing.T) {
	var log bytes.Buffer
	e := start(t, bridge.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	mark := filepath.Join(t.TempDir(), "mark")
	code := `register_shutdown_function(fn() => file_put_contents($mark, connection_status())); echo 'x'; file_put_contents($mark, 'went on');`
	tests := []struct {
		name   string
		output writerFunc
		logged string
	}{
		{"error", func([]byte) (int, error) { return 0, errors.New("gone") }, ""},
		{"short write", func(p []byte) (int, error) { return len(p) - 1, errors.New("full") }, ""},
		{"wrong count", func([]byte) (int, error) { return -5, errors.New("odd") }, ""},
		{"panic", func([]byte) (int, error) { panic("writer broke") }, "writer broke"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log.Reset()
			_, result, err := run(t, e, bridge.Request{Code: code, Vars: map[string]any{"mark": mark}, Output: tt.output})
			require.NoError(t, err)
			require.Equal(t, 255, result.ExitStatus)
			written, err := os.ReadFile(mark)
			require.NoError(t, err)
			require.Equal(t, "1", string(written), "CONNECTION_ABORTED")
			require.Contains(t, log.String(), tt.logged)
			requireClean(t, e)
		})
	}
	t.Run("log", func(t *testing.T) {
		out, _, err := run(t, e, bridge.Request{Code: `error_log('x'); echo 'on';`, Log: tests[3].output})
		require.NoError(t, err)
		require.Equal(t, "on", out)
	})
}

func TestVars(t *testing.T) {
	type inner struct {
		Name   string `php:"name"`
		Hidden int    `php:"-"`
	}
	e := start(t, bridge.Config{})
	array := phpext.NewArray()
	array.Set(phpext.StringKey("z"), phpext.Int(1))
	array.Set(phpext.IntKey(-3), phpext.Null())
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"nil", nil, "NULL"},
		{"true", true, "true"},
		{"int", 42, "42"},
		{"smallest int", math.MinInt64, "-9223372036854775807-1"},
		{"uint8", uint8(200), "200"},
		{"float", 1.5, "1.5"},
		{"infinity", math.Inf(-1), "-INF"},
		{"string", "ä'\x01", `'ä\'` + "\x01'"},
		{"bytes", []byte("ab"), "'ab'"},
		{"list", []any{1, "a", nil}, "array (0 => 1,1 => 'a',2 => NULL,)"},
		{"empty list", []string{}, "array ()"},
		{"map", map[string]int{"b": 2, "a": 1, "7": 7}, "array (7 => 7,'a' => 1,'b' => 2,)"},
		{"int map", map[int]bool{3: true, -1: false}, "array (-1 => false,3 => true,)"},
		{"struct", inner{"n", 5}, "array ('name' => 'n',)"},
		{"nested", map[string]any{"list": []inner{{"x", 0}}, "p": &inner{"y", 0}},
			"array ('list' => array (0 => array ('name' => 'x',),),'p' => array ('name' => 'y',),)"},
		{"array", array, "array ('z' => 1,-3 => NULL,)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{
				Code: `echo preg_replace('/\n\s*/', '', var_export($v, true));`, Vars: map[string]any{"v": tt.value},
			})
			require.NoError(t, err)
			require.Equal(t, tt.want, out)
		})
	}
	_, _, err := run(t, e, bridge.Request{Code: "1;", Vars: map[string]any{"v": make(chan int)}})
	var conversion *phpext.ConversionError
	require.ErrorAs(t, err, &conversion)
	out, _, err := run(t, e, bridge.Request{Code: `function f() { global $a; return $a + $GLOBALS['b']; } $a++; echo f();`,
		Vars: map[string]any{"a": 1, "b": 2, "7": "a number is no name", "argv": "theirs"}})
	require.NoError(t, err)
	require.Equal(t, "4", out)
	requireClean(t, e)
}

func TestReturnedValues(t *testing.T) {
	e := start(t, bridge.Config{})
	tests := []struct {
		code string
		want any
	}{
		{"", nil}, {"return;", nil}, {"return null;", nil}, {"return true;", true}, {"return 7;", int64(7)},
		{"return .5;", .5}, {`return "a\0b";`, "a\x00b"}, {"return [];", []any{}}, {"return [1, [true]];", []any{int64(1), []any{true}}},
		{"return ['a' => 1, 5 => 2];", map[string]any{"a": int64(1), "5": int64(2)}},
		{"return new stdClass;", nil}, {"$a = 1; $b = [&$a]; $a = 2; return $b;", []any{int64(2)}},
		{"exit('x');", nil}, {"return [new stdClass];", []any{nil}}, {"$a = []; $a[0] = &$a; return count($a);", int64(1)},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			_, result, err := run(t, e, bridge.Request{Code: tt.code})
			require.NoError(t, err)
			require.Equal(t, tt.want, result.Value)
		})
	}
	for content, want := range map[string]any{"<?php 1;": int64(1), "<?php return 'x';": "x", "plain": int64(1)} {
		_, result, err := run(t, e, bridge.Request{File: writeFile(t, "f.php", content)})
		require.NoError(t, err)
		require.Equal(t, want, result.Value, content)
	}
	_, result, err := run(t, e, bridge.Request{Code: "$a = []; $a[0] = &$a; return $a;"})
	require.NoError(t, err, "a recursive array is cut off")
	require.NotNil(t, result.Value)
	_, result, err = run(t, e, bridge.Request{Code: "return [STDIN, 1];"})
	require.NoError(t, err)
	require.Equal(t, []any{nil, int64(1)}, result.Value, "resources give nil")
}

func TestExitStatusAndHeaders(t *testing.T) {
	e := start(t, bridge.Config{})
	tests := []struct {
		code    string
		exit    int
		status  int
		headers http.Header
	}{
		{"", 0, 0, http.Header{}},
		{"exit(3);", 3, 0, http.Header{}},
		{"exit('text');", 0, 0, http.Header{}},
		{"register_shutdown_function(function () { exit(4); }); exit(3);", 4, 0, http.Header{}},
		{"header('X-A: 1'); header('x-a: 2', false); header('X-B:b'); header_remove('X-B');", 0, 0, http.Header{"X-A": {"1", "2"}}},
		{"http_response_code(404); header('Location: /x'); exit(1);", 1, 302, http.Header{"Location": {"/x"}}},
		{"http_response_code(418);", 0, 418, http.Header{}},
		{"ob_start(); echo 'x'; header('X-C: c');", 0, 0, http.Header{"X-C": {"c"}}},
		{"header('content-type: text/csv'); echo 'x';", 0, 0, http.Header{"Content-Type": {"text/csv;charset=UTF-8"}}},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			_, result, err := run(t, e, bridge.Request{Code: tt.code})
			require.NoError(t, err)
			require.Equal(t, tt.exit, result.ExitStatus)
			require.Equal(t, tt.status, result.Status)
			require.Equal(t, tt.headers, result.Headers)
		})
	}
}
