package php_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	php "github.com/phpsock/phpsock/bridge/gophp"
)

// After exit() there is a new request, in which what was bound is there.
func TestExit(t *testing.T) {
	c := open(t, start(t))
	require.NoError(t, c.Bind("bound", "still"))
	c.eval(t, `$gone = 1; $bound = 'changed'; register_shutdown_function(function () { echo 'down '; });
		class D { function __destruct() { echo 'destroyed'; } } $d = new D; ob_start();`)
	v, err := c.Eval(`echo 'bye '; header('X-Last: word'); exit(3); echo 'never';`)
	require.NoError(t, err)
	require.Equal(t, php.Null, v.Kind())
	require.Equal(t, "bye down destroyed", c.printed(), "all is written before the call returns")
	require.Equal(t, "word", c.Header.Get("X-Last"))
	require.Equal(t, []interface{}{false, "still", false}, c.value(t, `return [isset($gone), $bound, class_exists('D')];`))
	require.Equal(t, "word", c.Header.Get("X-Last"), "headers stay until they are set again")

	require.NoError(t, c.Exec(script(t, "exit.php", `echo getcwd() === __DIR__; exit('text');`)))
	require.Equal(t, "1text", c.printed())
	require.Equal(t, "still", c.value(t, `return $bound;`))
}

// An error that PHP cannot go on after ends the request, and the next call begins anew.
func TestFatalErrors(t *testing.T) {
	c := open(t, start(t))
	for code, message := range map[string]string{
		`ini_set('memory_limit', '8M'); str_repeat('x', 32 << 20);`: "Allowed memory size of 8388608 bytes exhausted",
		`function f() {} function f() {}`:                           "Cannot redeclare ",
		`trigger_error('mine', E_USER_ERROR);`:                      "mine",
	} {
		c.eval(t, `$kept = 1; echo 'before';`)
		_, err := c.Eval(code)
		require.ErrorContains(t, err, "Error executing script '"+code+"' in context: ")
		var fatal *bridge.FatalError
		require.ErrorAs(t, err, &fatal)
		require.Contains(t, fatal.Message, message)
		require.Equal(t, "gophp-engine", fatal.File)
		require.Equal(t, 1, fatal.Line)
		require.Contains(t, c.logged(), "PHP Fatal error:  "+message)
		require.Contains(t, c.printed(), message, "and displayed")
		require.Equal(t, false, c.value(t, `return isset($kept);`))
	}
}

// What is thrown and not caught is an error of the call, and the request goes on.
func TestUncaught(t *testing.T) {
	tests := []struct{ name, code, message, printed, logged string }{
		{"exception", "echo 'before';\nthrow new LogicException('bad', 0, new Exception('why'));", "Uncaught Exception: why in gophp-engine:2",
			"before\nFatal error: Uncaught Exception: why in ", "PHP Fatal error:  Uncaught Exception: why in gophp-engine:2\nStack trace:"},
		{"its cause", "throw new LogicException('bad', 0, new Exception('why'));", "Next LogicException: bad in gophp-engine:1", "Next LogicException: bad", "thrown in gophp-engine on line 1"},
		{"error", `nowhere();`, "Uncaught Error: Call to undefined function nowhere()", "\nFatal error: Uncaught Error", "PHP Fatal error:  Uncaught Error: "},
		{"parse error", `echo 1 1;`, `syntax error, unexpected integer "1"`, "\nParse error: syntax error", "PHP Parse error:  syntax error"},
		{"end of code", `echo 1`, `syntax error, unexpected end of file`, "\nParse error: syntax error", "in gophp-engine on line 1"},
		{"in a fiber", `(new Fiber(function () { throw new Exception('deep'); }))->start();`, "Uncaught Exception: deep", "Fatal error", "deep"},
		{"not displayed", `ini_set('display_errors', 'off'); throw new Exception('quiet');`, "quiet", "", "quiet"},
		{"not logged", `ini_set('log_errors', 0); throw new Exception('quiet');`, "quiet", "quiet", ""},
		{"not reported", `error_reporting(E_ERROR ^ E_ALL); throw new Exception('quiet');`, "quiet", "", ""},
		{"decorated", `ini_set('error_prepend_string', '<'); ini_set('error_append_string', '>'); throw new Exception('x');`, "x", "<\nFatal error: Uncaught Exception: x", "x"},
		{"does not become a string", `throw new class('odd') extends Exception { function __toString(): string { throw new Error('twice'); } };`, "odd", "odd", "odd"},
		{"in an output callback's place", `ob_start(); echo 'held '; throw new Exception('x');`, "x", "", "x"},
	}
	e := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, e)
			defer c.Destroy()
			c.eval(t, `$kept = 'kept';`)
			v, err := c.Eval(tt.code)
			require.Nil(t, v)
			var fatal *bridge.FatalError
			require.ErrorAs(t, err, &fatal)
			require.Contains(t, fatal.Message, tt.message)
			require.NotContains(t, fatal.Message, "Command line code(1")
			for want, got := range map[string]string{tt.printed: c.printed(), tt.logged: c.logged()} {
				require.Contains(t, got, want)
				require.Equal(t, want == "", got == "", got)
			}
			require.Equal(t, "kept", c.value(t, `return $kept;`))
			require.Equal(t, false, c.value(t, `return isset($gophp) || isset($GLOBALS['gophp']);`))
		})
	}
}

// A script's own handler gets the exception, as from PHP, and then there is no error.
func TestExceptionHandler(t *testing.T) {
	c := open(t, start(t))
	c.eval(t, `set_exception_handler(function ($e) { echo 'handled ', $e->getMessage(); });`)
	for range 2 {
		require.Equal(t, "handled it", c.eval(t, `throw new Exception('it');`))
	}
	require.Equal(t, "handled undefined", c.eval(t, `throw new TypeError('undefined');`))
	require.NoError(t, c.Exec(script(t, "throws.php", `echo getcwd() === __DIR__; throw new Exception('file');`)))
	require.Equal(t, "1handled file", c.printed())
	require.Empty(t, c.logged())

	c.eval(t, `set_exception_handler(function ($e) { throw new RuntimeException('again'); });`)
	_, err := c.Eval(`throw new Exception('it');`)
	require.ErrorContains(t, err, "Uncaught RuntimeException: again")
	c.eval(t, `restore_exception_handler();`)
	c.printed()
	require.Equal(t, "handled it", c.eval(t, `throw new Exception('it');`), "the handler before it")

	c.eval(t, `set_exception_handler(function ($e) { echo 'exits'; exit(1); });`)
	require.Equal(t, "exits", c.eval(t, `throw new Exception('it');`))
	_, err = c.Eval(`throw new Exception('new request');`)
	require.ErrorContains(t, err, "new request")
}

// What is left to do at the end of a request happens in Destroy.
func TestDestroyEndsWell(t *testing.T) {
	c := open(t, start(t))
	c.eval(t, `register_shutdown_function(function () { echo 'down '; header('X-Late: yes'); error_log('logged'); });
		class D { function __destruct() { echo 'destroyed'; } } $d = new D; ob_start(); echo 'held ';`)
	require.Empty(t, c.printed())
	c.Destroy()
	require.Equal(t, "held down destroyed", c.printed())
	require.Equal(t, "logged\n", c.logged())
	require.Equal(t, "yes", c.Header.Get("X-Late"))
	c.Destroy()
	_, err := c.Eval(`echo 1;`)
	require.ErrorIs(t, err, php.ErrDestroyed)
	require.ErrorIs(t, c.Exec("x.php"), php.ErrDestroyed)
}

// Destroy ends a script wherever it is.
func TestDestroyWhileRunning(t *testing.T) {
	e := start(t)
	require.NoError(t, e.Define("Slow", func([]interface{}) interface{} { return slow{t.Context().Done()} }))
	for name, code := range map[string]string{
		"busy":     `while (true);`,
		"asleep":   `sleep(1000);`,
		"blocked":  `stream_socket_accept(stream_socket_server('tcp://127.0.0.1:0'), -1);`,
		"receiver": `(new Slow)->Wait();`,
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, e)
			entered := make(chan struct{})
			c.Output = writer(func(p []byte) (int, error) { close(entered); return len(p), nil })
			failed := make(chan error, 1)
			go func() {
				_, err := c.Eval(`echo 'in'; try { ` + code + ` } finally { $x = 'never'; } echo 'on';`)
				failed <- err
			}()
			<-entered
			soon(t, c.Destroy)
			soon(t, func() { require.ErrorIs(t, <-failed, php.ErrDestroyed) })
		})
	}
}

// slow is a receiver with a method that does not return in time.
type slow struct{ end <-chan struct{} }

func (s slow) Wait() { <-s.end }

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestOutputThatFails(t *testing.T) {
	c := open(t, start(t))
	gone := errors.New("the client is gone")
	c.Output = writer(func(p []byte) (int, error) { return 0, gone })
	_, err := c.Eval(`$x = 1; echo 'a'; file_put_contents('php://stderr', 'never');`)
	require.ErrorIs(t, err, gone)
	c.Output = writer(func([]byte) (int, error) { panic("lost my head") })
	_, err = c.Eval(`echo 'a';`)
	require.ErrorContains(t, err, "in context: output: the writer panicked")
	c.Output = nil
	require.Equal(t, false, c.value(t, `return isset($x);`))
}

func TestTimeLimit(t *testing.T) {
	c := open(t, start(t))
	c.eval(t, `set_time_limit(1);`)
	time.Sleep(1100 * time.Millisecond)
	c.eval(t, `echo 'idle time does not count';`)
	_, err := c.Eval(`while (true);`)
	require.ErrorContains(t, err, "Maximum execution time of 1 second exceeded")
	require.True(t, strings.HasPrefix(err.Error(), "Error executing script 'while (true);' in context: "))
}
