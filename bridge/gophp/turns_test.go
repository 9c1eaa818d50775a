package php_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	php "github.com/phpsock/phpsock/bridge/gophp"
)

// As in a web server: a context for each request, all at once.
func TestContextsTakeTurns(t *testing.T) {
	e := start(t)
	file := script(t, "page.php", `$n = ($n ?? 0) + $from; echo "page $n"; if ($from % 3 === 0) exit; function page() {}`)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			c, err := e.NewContext()
			require.NoError(t, err)
			defer c.Destroy()
			var out string
			c.Output = writer(func(p []byte) (int, error) { out += string(p); return len(p), nil })
			require.NoError(t, c.Bind("from", i))
			require.NoError(t, c.Exec(file))
			require.Equal(t, fmt.Sprintf("page %d", i), out)
		})
	}
	soon(t, all.Wait)
}

// A context that is shared runs one call after another.
func TestSharedContext(t *testing.T) {
	c := open(t, start(t))
	c.Output = nil
	c.eval(t, `$n = 0; $in = false;`)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			name := fmt.Sprintf("own%d", i)
			require.NoError(t, c.Bind(name, i))
			v, err := c.Eval(`if ($in) throw new Exception('not alone'); $in = true; usleep(10); $n++; $in = false; return $` + name + `;`)
			require.NoError(t, err)
			require.Equal(t, int64(i), v.Int())
		})
	}
	soon(t, all.Wait)
	require.Equal(t, int64(50), c.value(t, `return $n;`))
}

// One goroutine that uses two contexts in turn is told so instead of waiting for ever,
// and the first one loses nothing.
func TestTwoOpenContexts(t *testing.T) {
	e := start(t)
	e.ContextWait = 20 * time.Millisecond
	a, b := open(t, e), open(t, e)
	a.eval(t, `$x = 'of a';`)
	for range 2 {
		_, err := b.Eval(`$x = 'of b';`)
		require.ErrorIs(t, err, php.ErrActive)
		require.ErrorContains(t, err, "Error executing script '$x = 'of b';' in context: another context has its request open")
		require.Equal(t, "of a", a.value(t, `return $x;`))
	}
	require.NoError(t, b.Bind("y", "bound"))
	a.Destroy()
	require.Equal(t, []interface{}{false, "bound"}, b.value(t, `return [isset($x), $y];`))
}

// A context that is at work may take its time, one that is destroyed soon enough, too.
func TestWaitingForAnotherContext(t *testing.T) {
	e := start(t)
	e.ContextWait = 300 * time.Millisecond
	a, b := open(t, e), open(t, e)
	working := make(chan struct{})
	a.Output = writer(func(p []byte) (int, error) { close(working); return len(p), nil })
	go func() {
		_, err := a.Eval(`echo 1; usleep(600_000);`)
		require.NoError(t, err)
		a.Destroy()
	}()
	<-working
	require.Equal(t, "b", b.eval(t, `echo 'b';`))
}

func TestContextWaitWithoutLimit(t *testing.T) {
	e := start(t)
	e.ContextWait = -1
	a, b := open(t, e), open(t, e)
	a.eval(t, `$x = 1;`)
	time.AfterFunc(50*time.Millisecond, a.Destroy)
	soon(t, func() { b.eval(t, `$x = 1;`) })
}

// exit() lets the next one in: the request is over.
func TestExitGivesTheTurnBack(t *testing.T) {
	e := start(t)
	e.ContextWait = time.Millisecond
	a, b := open(t, e), open(t, e)
	for range 20 {
		a.eval(t, `echo 'a'; exit;`)
		b.eval(t, `echo 'b'; exit;`)
	}
}

// A context that waits for its turn can be destroyed.
func TestDestroyWhileWaiting(t *testing.T) {
	e := start(t)
	a, b := open(t, e), open(t, e)
	a.eval(t, `$x = 1;`)
	failed := make(chan error, 2)
	for range 2 { // one waits for the engine, the other for the first one
		go func() {
			_, err := b.Eval(`echo 1;`)
			failed <- err
		}()
	}
	time.Sleep(20 * time.Millisecond)
	soon(t, b.Destroy)
	require.ErrorIs(t, <-failed, php.ErrDestroyed)
	require.ErrorIs(t, <-failed, php.ErrDestroyed)
	require.Equal(t, "a", a.eval(t, `echo 'a';`))
}

// calling is a receiver that calls its context, which it must not.
type calling struct{ errs func() []error }

func (c calling) Back() []string {
	var texts []string
	for _, err := range c.errs() {
		texts = append(texts, err.Error())
	}
	return texts
}

func TestCallsFromInside(t *testing.T) {
	e := start(t)
	c, other := open(t, e), open(t, e)
	inside := func() []error {
		_, first := c.Eval(`echo 'no';`)
		_, second := other.Eval(`echo 'no';`)
		return []error{first, second, c.Exec("no.php")}
	}
	require.NoError(t, e.Define("Calling", func([]interface{}) interface{} { return calling{inside} }))
	soon(t, func() {
		texts := c.value(t, `return (new Calling)->Back();`).([]interface{})
		require.Len(t, texts, 3)
		for _, text := range texts {
			require.Contains(t, text, "called from within the running script")
		}
	})
	c.Output = writer(func(p []byte) (int, error) { return 0, errors.Join(inside()...) })
	soon(t, func() {
		_, err := c.Eval(`echo 1;`)
		require.ErrorIs(t, err, php.ErrInside)
	})
	c.Output = nil
	c.eval(t, `echo 'on';`)
}

// Destroy from inside does not wait for itself.
func TestDestroyFromInside(t *testing.T) {
	for _, what := range []string{"context", "engine"} {
		t.Run(what, func(t *testing.T) {
			e := start(t)
			c := open(t, e)
			destroy := map[string]func(){"context": c.Destroy, "engine": e.Destroy}[what]
			require.NoError(t, e.Define("Calling", func([]interface{}) interface{} {
				return calling{func() []error { destroy(); return nil }}
			}))
			soon(t, func() {
				_, err := c.Eval(`(new Calling)->Back(); while (true);`)
				require.ErrorIs(t, err, php.ErrDestroyed)
			})
			soon(t, c.Destroy)
			soon(t, e.Destroy)
		})
	}
}

// The functions that the package itself uses are not for scripts.
func TestScriptsCallTheDriver(t *testing.T) {
	c := open(t, start(t))
	soon(t, func() {
		require.Equal(t, "the function is not for scripts", c.eval(t, `try { gophp\command(); } catch (Error $e) { echo $e->getMessage(); }`))
	})
	require.Equal(t, "on", c.eval(t, `echo 'on';`))
	result, err := c.Eval(`return gophp\create('None', []);`)
	require.Nil(t, result)
	require.ErrorContains(t, err, "the function is not for scripts")
}
