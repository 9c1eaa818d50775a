package bridge_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// ends are scripts that do not end well, each in its own way.
var ends = []struct {
	name, code string
	message    string // how FatalError.Message begins
	line       int
	printed    string // what has to be in the output, beside the message
}{
	{"undefined function", "\nnowhere();", "Uncaught Error: Call to undefined function nowhere()", 2, "Stack trace:"},
	{"uncaught", "\n\nthrow new RuntimeException('gone');", "Uncaught RuntimeException: gone in", 3, "#0 {main}"},
	{"uncaught in a fiber", "$f = new Fiber(function () {\nthrow new Exception('f'); }); $f->start();", "Uncaught Exception: f in", 2, ""},
	{"uncaught with a previous", "throw new LogicException('b', 0, new Error('a'));", "Uncaught Error: a in", 1, "Next LogicException: b"},
	{"exception handler throws", "set_exception_handler(function () {\nthrow new Exception('again'); }); nowhere();", "Uncaught Exception: again", 2, ""},
	{"parse error", "echo 1;\necho ;", "syntax error, unexpected token \";\"", 2, "Parse error: "},
	{"parse error in eval", "eval('1 1;');", "syntax error, unexpected integer \"1\"", 1, "Parse error: "},
	{"compile error", "\nfunction f() {} function f() {}", "Cannot redeclare ", 2, "Fatal error: "},
	{"break outside a loop", "break;", "'break' not in the 'loop' or 'switch' context", 1, ""},
	{"missing class", "class A extends NoSuch {}", "Uncaught Error: Class \"NoSuch\" not found", 1, ""},
	{"abstract method", "abstract class A { abstract function f(); }\nclass B extends A {}", "Class B contains 1 abstract method", 2, ""},
	{"out of memory", "ini_set('memory_limit', '8M');\n$a = str_repeat('x', 32 << 20);", "Allowed memory size of 8388608 bytes exhausted", 2, ""},
	{"memory in steps", "ini_set('memory_limit', '8M');\nwhile (true) $a[] = new stdClass;", "Allowed memory size of 8388608 bytes exhausted", 2, ""},
	{"user error", "echo 'before ';\ntrigger_error('mine', E_USER_ERROR); echo 'went on';", "mine", 2, "before "},
	{"missing require", "require '/no/such/file.php';", "Uncaught Error: Failed opening required", 1, ""},
	{"shutdown function throws", "register_shutdown_function(function () {\nthrow new Exception('late'); }); echo 'main ';", "Uncaught Exception: late", 2, "main "},
	{"shutdown function has a fatal error", "register_shutdown_function(function () {\nini_set('memory_limit', '8M'); str_repeat('x', 32 << 20); });", "Allowed memory size", 2, ""},
	{"destructor throws", "class D { function __destruct() {\nthrow new Exception('dying'); } } $d = new D; echo 'main ';", "Uncaught Exception: dying", 2, "main "},
	{"host socket open", "$s = stream_socket_server('tcp://127.0.0.1:0');\nnowhere($s);", "Uncaught Error: Call to undefined function nowhere()", 2, ""},
	{"first of two", "register_shutdown_function(function () { nowhere(); });\nthrow new Exception('first');", "Uncaught Exception: first", 2, "nowhere()"},
}

func TestFatalErrors(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, tt := range ends {
		t.Run(tt.name, func(t *testing.T) {
			out, result, err := run(t, e, bridge.Request{Code: tt.code})
			var fatal *bridge.FatalError
			require.ErrorAs(t, err, &fatal, out)
			require.True(t, strings.HasPrefix(fatal.Message, tt.message), fatal.Message)
			require.Equal(t, tt.line, fatal.Line)
			require.Equal(t, 255, result.ExitStatus)
			require.Contains(t, out, fatal.Message)
			require.Contains(t, out, tt.printed)
			require.NotContains(t, out, "went on")
			require.Nil(t, result.Value)
			requireClean(t, e)
		})
	}
}

// PHP throws away what an output callback leaves unfinished, the message included.
func TestThrowingOutputCallback(t *testing.T) {
	e := start(t, bridge.Config{})
	const code = `ob_start(function () { throw new Exception('callback'); }); echo 'x';`
	out, result, err := run(t, e, bridge.Request{Code: code})
	var fatal *bridge.FatalError
	require.ErrorAs(t, err, &fatal)
	require.Contains(t, fatal.Message, "Uncaught Exception: callback")
	require.Equal(t, 255, result.ExitStatus)
	require.Equal(t, oracle(t, code), out)
	requireClean(t, e)
}

// What a script prints when it fails is what PHP's command line prints.
func TestFatalErrorsLikeTheCommandLine(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, tt := range ends {
		t.Run(tt.name, func(t *testing.T) {
			file := writeFile(t, "script.php", "<?php "+tt.code)
			out, _, _ := run(t, e, bridge.Request{File: file, INI: map[string]string{"log_errors": "0"}})
			require.Equal(t, oracle(t, "", file), out)
		})
	}
}

func TestFatalErrorIsLogged(t *testing.T) {
	e := start(t, bridge.Config{})
	var log, out strings.Builder
	_, _, err := run(t, e, bridge.Request{Code: "nowhere();", Output: &out, Log: &log,
		INI: map[string]string{"log_errors": "1", "display_errors": "0"}})
	require.EqualError(t, err, "bridge: run: Uncaught Error: Call to undefined function nowhere() in Command line code:1\n"+
		"Stack trace:\n#0 {main}\n  thrown in Command line code on line 1")
	require.Empty(t, out.String())
	require.Contains(t, log.String(), "PHP Fatal error:  Uncaught Error: Call to undefined function nowhere() in Command line code:1\n")
}

// An error that a script handles is none of the host's.
func TestHandledErrors(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, code := range []string{
		`try { nowhere(); } catch (Error) {} return 'done';`,
		`set_error_handler(fn() => true); trigger_error('mine', E_USER_ERROR); return 'done';`,
		`try { eval('1 1;'); } catch (ParseError) {} return 'done';`,
		`try { include '/no/such'; } finally { return 'done'; }`,
	} {
		_, result, err := run(t, e, bridge.Request{Code: code})
		require.NoError(t, err, code)
		require.Equal(t, "done", result.Value, code)
		require.Zero(t, result.ExitStatus, code)
	}
	out, _, err := run(t, e, bridge.Request{Code: `set_exception_handler(function ($x) { echo 'handled ', $x->getMessage(); }); throw new Exception('it');`})
	require.NoError(t, err)
	require.Equal(t, "handled it", out)
}
