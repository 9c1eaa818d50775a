package php_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	php "github.com/phpsock/phpsock/bridge/gophp"
)

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}

// ours counts the goroutines that run code of the package.
func ours() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	n := 0
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if strings.Contains(stack, "/bridge/gophp.(") || strings.Contains(stack, "/bridge.(") {
			n++
		}
	}
	return n
}

// However contexts end, nothing of them stays.
func TestNothingLeaks(t *testing.T) {
	e := start(t)
	require.NoError(t, e.Define("G", newGreeter))
	once := func() {
		for _, code := range []string{
			`$f = fopen('php://temp', 'r+'); $s = stream_socket_server('tcp://127.0.0.1:0');`, `exit;`, `throw new Exception;`, `$g = new G; $g->Hello('x');`,
			`trigger_error('x', E_USER_ERROR);`, `ob_start(); echo 'held';`, `syntax error`,
		} {
			c, err := e.NewContext()
			require.NoError(t, err)
			_, _ = c.Eval(code)
			_, _ = c.Eval(code)
			c.Destroy()
		}
		c, err := e.NewContext()
		require.NoError(t, err)
		time.AfterFunc(time.Millisecond, c.Destroy)
		_, err = c.Eval(`while (true);`)
		require.ErrorIs(t, err, php.ErrDestroyed)
		soon(t, c.Destroy)
		require.Zero(t, e.Bridge().Sockets().Len())
	}
	once()
	files, goroutines := openFiles(t), ours()
	for range 10 {
		once()
	}
	require.Equal(t, files, openFiles(t))
	require.Eventually(t, func() bool { return ours() <= goroutines }, patience, time.Millisecond)
}

func TestEnginesLeaveNothing(t *testing.T) {
	once := func() {
		e, err := php.NewWith(bridge.Config{})
		require.NoError(t, err)
		c, err := e.NewContext()
		require.NoError(t, err)
		_, err = c.Eval(`$x = 1;`)
		require.NoError(t, err)
		e.Destroy() // with a context that is open
	}
	once()
	files := openFiles(t)
	for range 5 {
		once()
	}
	require.Equal(t, files, openFiles(t))
	require.Eventually(t, func() bool { return ours() == 0 }, patience, time.Millisecond)
}

// A child of a script has no Go: it ends with the script.
func TestFork(t *testing.T) {
	e := start(t)
	require.NoError(t, e.Define("G", newGreeter))
	c := open(t, e)
	if c.value(t, `return function_exists('pcntl_fork');`) != true {
		t.Skip("no pcntl")
	}
	require.NoError(t, c.Bind("mark", t.TempDir()+"/mark"))
	require.NoError(t, c.Exec(script(t, "fork.php", `$g = new G; $pid = pcntl_fork();
		if ($pid) { pcntl_waitpid($pid, $status); echo pcntl_wexitstatus($status), file_get_contents($mark); }
		else { file_put_contents($mark, 'child'); }`)))
	require.Equal(t, "0child", c.printed())
	require.Equal(t, "Foo", c.eval(t, `echo $g->Var;`))
}
