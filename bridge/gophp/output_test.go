package php_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	php "github.com/phpsock/phpsock/bridge/gophp"
)

func TestOutput(t *testing.T) {
	c := open(t, start(t))
	var writes []string
	c.Output = writer(func(p []byte) (int, error) { writes = append(writes, string(p)); return len(p), nil })
	_, err := c.Eval(`echo 'a'; print 'b'; echo 'c', 'd';`)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c", "d"}, writes, "nothing is buffered")

	c.Output = nil
	_, err = c.Eval(`echo 'dropped';`)
	require.NoError(t, err)

	var other bytes.Buffer
	c.Output = &other
	_, err = c.Eval(`ob_start(); echo 'held';`)
	require.NoError(t, err)
	require.Empty(t, other.String(), "a script's own buffer stays")
	_, err = c.Eval(`echo strtoupper(ob_get_clean());`)
	require.NoError(t, err)
	require.Equal(t, "HELD", other.String())

	var kept [][]byte
	c.Output = writer(func(p []byte) (int, error) { kept = append(kept, p); return len(p), nil })
	_, err = c.Eval(`for ($i = 0; $i < 100; $i++) echo $i, ' ';`)
	require.NoError(t, err)
	require.Equal(t, "0 1 2", string(bytes.Join(kept[:5], nil)), "a writer may keep what it got")
}

func TestOutputFromExecAndLargeOnes(t *testing.T) {
	c := open(t, start(t))
	require.NoError(t, c.Exec(script(t, "large.php", `echo str_repeat('0123456789', 500_000);`)))
	require.Equal(t, 5_000_000, c.out.Len())
}

func TestLog(t *testing.T) {
	c := open(t, start(t))
	for code, want := range map[string]string{
		`$a = 10; $a + $b;`:                            "PHP Warning:  Undefined variable $b in gophp-engine on line 1\n",
		"\n\ntrigger_error('Test Error');":             "PHP Notice:  Test Error in gophp-engine on line 3\n",
		`error_log('my own');`:                         "my own\n",
		`eval('trigger_error("inner");');`:             "PHP Notice:  inner in gophp-engine(1) : eval()'d code on line 1\n",
		`@trigger_error('silenced');`:                  "",
		`error_reporting(0); trigger_error('hidden');`: "",
	} {
		_, err := c.Eval(code + ` error_reporting(E_ALL);`)
		require.NoError(t, err)
		require.Equal(t, want, c.logged())
	}
	_, err := c.Eval(`strlen();`)
	require.ErrorContains(t, err, "strlen() expects exactly 1 argument, 0 given in gophp-engine:1")
	require.Contains(t, c.logged(), "PHP Fatal error:  Uncaught ArgumentCountError: strlen() expects exactly 1 argument, 0 given in gophp-engine:1\n")
	c.Log = nil
	_, err = c.Eval(`error_log('dropped');`)
	require.NoError(t, err)
}

func TestLogCanBeSwitchedOff(t *testing.T) {
	e, err := php.NewWith(bridge.Config{INI: []string{"log_errors=0"}})
	require.NoError(t, err)
	defer e.Destroy()
	c := open(t, e)
	c.eval(t, `echo $none;`)
	require.Empty(t, c.logged())
}

func TestHeaders(t *testing.T) {
	c := open(t, start(t))
	for _, tt := range []struct {
		code string
		want http.Header
	}{
		{`header('X-Testing: Hello');`, http.Header{"X-Testing": {"Hello"}}},
		{`header('x-testing: World', false);`, http.Header{"X-Testing": {"Hello", "World"}}},
		{`header('X-Testing: Only');`, http.Header{"X-Testing": {"Only"}}},
		{`header_remove('X-Testing');`, http.Header{}},
		{`header('X-Testing: Done', false);`, http.Header{"X-Testing": {"Done"}}},
		{`header('HTTP/1.1 404 Not Found'); http_response_code(500);`, http.Header{"X-Testing": {"Done"}}},
		{`header('Content-Type: text/plain; charset=x');`, http.Header{"X-Testing": {"Done"}, "Content-Type": {"text/plain; charset=x"}}},
		{`setcookie('a', 'b'); setcookie('c', 'd');`, http.Header{"X-Testing": {"Done"}, "Content-Type": {"text/plain; charset=x"}, "Set-Cookie": {"a=b", "c=d"}}},
		{`header_remove(); header('X-Empty:');`, http.Header{}},
		{`header('Location: /there'); throw new Exception;`, http.Header{"Location": {"/there"}}},
	} {
		_, _ = c.Eval(tt.code)
		require.Equal(t, tt.want, c.Header, tt.code)
	}
}

// A writer can pass the headers on before the first byte, as HTTP wants it.
func TestHeadersAtFirstOutput(t *testing.T) {
	c := open(t, start(t))
	var seen []http.Header
	c.Output = writer(func(p []byte) (int, error) { seen = append(seen, c.Header.Clone()); return len(p), nil })
	_, err := c.Eval(`header('X-First: 1'); echo 'body'; header('X-Late: 1'); echo 'more';`)
	require.NoError(t, err)
	require.Equal(t, http.Header{"X-First": {"1"}}, seen[0])
	require.Equal(t, http.Header{"X-First": {"1"}}, c.Header)
	require.Contains(t, c.logged(), "Cannot modify header information - headers already sent by")
}

// A program may give the header map of a response, with what is in it already.
func TestHeaderOfTheProgram(t *testing.T) {
	c := open(t, start(t))
	mine := http.Header{"Server": {"mine"}, "X-A": {"mine"}}
	c.Header = mine
	c.eval(t, `header('X-A: script'); header('X-B: script');`)
	require.Equal(t, http.Header{"Server": {"mine"}, "X-A": {"script"}, "X-B": {"script"}}, mine)
	c.eval(t, `header_remove();`)
	require.Equal(t, http.Header{"Server": {"mine"}}, mine)
	c.Header = nil
	c.eval(t, `header('X-C: script');`)
	require.Equal(t, http.Header{"X-C": {"script"}}, c.Header)
}
