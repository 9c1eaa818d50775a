package php_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	php "github.com/phpsock/phpsock/bridge/gophp"
	"github.com/phpsock/phpsock/phpext"
)

func TestOneEngine(t *testing.T) {
	e, err := php.New()
	require.NoError(t, err)
	_, err = php.New()
	require.EqualError(t, err, "Cannot activate multiple engine instances")
	require.ErrorIs(t, err, bridge.ErrRunning)
	_, err = bridge.Start(t.Context(), bridge.Config{})
	require.ErrorIs(t, err, bridge.ErrRunning)
	e.Destroy()
	e.Destroy()

	e, err = php.New()
	require.NoError(t, err, "after Destroy another one can start")
	e.Destroy()
}

func TestEngineThatCannotStart(t *testing.T) {
	_, err := php.NewWith(bridge.Config{Functions: []phpext.Function{{Prototype: "broken("}}})
	require.ErrorContains(t, err, "PHP engine failed to initialize: ")
	var why *bridge.StartError
	require.ErrorAs(t, err, &why)
}

func TestEngineWithConfig(t *testing.T) {
	e, err := php.NewWith(bridge.Config{INI: []string{"precision=5"}, Functions: []phpext.Function{{
		Prototype: "host_answer(): int",
		Call:      func(*phpext.Call) (phpext.Value, error) { return phpext.Int(42), nil },
	}}})
	require.NoError(t, err)
	defer e.Destroy()
	c := open(t, e)
	require.Equal(t, "42 5 gophp-engine", c.eval(t, `echo host_answer(), ' ', ini_get('precision'), ' ', PHP_SAPI;`))
	require.Equal(t, bridge.Version(), c.value(t, `return PHP_VERSION;`))
	require.NotNil(t, e.Bridge())
}

func TestDestroyedEngine(t *testing.T) {
	e := start(t)
	c := open(t, e)
	require.Equal(t, "1", c.eval(t, `echo 1;`))
	e.Destroy()
	_, err := c.Eval(`echo 2;`)
	require.ErrorIs(t, err, php.ErrDestroyed)
	_, err = e.NewContext()
	require.ErrorIs(t, err, php.ErrDestroyed)
	require.ErrorContains(t, err, "Failed to initialize context for PHP engine")
	require.ErrorIs(t, e.Define("Late", nil), php.ErrDestroyed)
	require.ErrorIs(t, c.Bind("late", 1), php.ErrDestroyed)
	c.Destroy()
}

func TestDefineErrors(t *testing.T) {
	e := start(t)
	nothing := func([]interface{}) interface{} { return nil }
	require.NoError(t, e.Define("Once", nothing))
	require.EqualError(t, e.Define("Once", nothing), "Failed to define duplicate receiver 'Once'")
	require.EqualError(t, e.Define("ONCE", nothing), "Failed to define duplicate receiver 'ONCE'")
	for _, name := range []string{"", "1st", "a b", `\Root`, `Ends\`, "a;b", "a{}"} {
		require.ErrorContains(t, e.Define(name, nothing), "it is no name for a class", name)
	}
}

// A class that PHP has already fails what comes after it, with the reason.
func TestDefineNameInUse(t *testing.T) {
	e := start(t)
	c := open(t, e)
	c.eval(t, `class Mine {} $kept = 1;`)
	require.NoError(t, e.Define("Mine", func([]interface{}) interface{} { return 1 }))
	for range 2 {
		_, err := c.Eval(`return $kept;`)
		require.ErrorContains(t, err, "Cannot define class Mine, because the name is already in use")
	}
}

func TestDestroyFromManyGoroutines(t *testing.T) {
	for range 5 {
		e := start(t)
		c := open(t, e)
		c.eval(t, `$x = 1;`)
		var all sync.WaitGroup
		for range 8 {
			all.Go(c.Destroy)
			all.Go(e.Destroy)
			all.Go(func() { _, _ = c.Eval(`usleep(1000);`) })
		}
		soon(t, all.Wait)
	}
}
