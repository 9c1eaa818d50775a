package phpext_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

func newCall(t *testing.T, f phpext.Function, env phpext.Env) *phpext.Call {
	t.Helper()
	table, err := phpext.NewTable(f)
	require.NoError(t, err)
	return phpext.NewCall(table.Rows()[0], env)
}

func TestCallArguments(t *testing.T) {
	f := phpext.Function{
		Prototype: "f(int $a, float $b = 1.5, string $c = 'x', bool $d = true, array $e = [], ...$rest)",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			return phpext.List(phpext.Int(c.Int(0)), phpext.Float(c.Float(1)), phpext.String(c.Text(2)),
				phpext.Bool(c.Bool(3)), phpext.ArrayValue(c.Array(4)), phpext.Int(int64(c.NumArgs())),
				phpext.Bool(c.Passed(1)), phpext.List(c.Rest()...), c.Arg(99), phpext.String(c.Name())), nil
		},
	}
	out := newCall(t, f, phpext.Env{Args: []phpext.Value{phpext.Int(7)}}).Start()
	require.Equal(t, `[7, 1.5, "x", true, [], 1, false, [], null, "f"]`, out.Value.String())

	args := []phpext.Value{phpext.Int(1), phpext.Float(2), phpext.String("y"), phpext.Bool(false),
		phpext.List(phpext.Int(3)), phpext.Int(4), phpext.Int(5)}
	out = newCall(t, f, phpext.Env{Args: args}).Start()
	require.Equal(t, `[1, 2, "y", false, [3], 7, true, [4, 5], null, "f"]`, out.Value.String())
}

func TestCallEnv(t *testing.T) {
	sc := &phpext.StreamContext{}
	f := phpext.Function{Prototype: "f($context = null)", Context: "context", Call: func(c *phpext.Call) (phpext.Value, error) {
		require.Same(t, sc, c.StreamContext())
		require.Equal(t, int64(9), c.DefaultTimeout())
		require.Equal(t, syscall.EINTR, c.Errno())
		require.NoError(t, c.Context().Err())
		require.Equal(t, "f", c.Row().Name)
		return phpext.Null(), nil
	}}
	newCall(t, f, phpext.Env{StreamContext: sc, DefaultTimeout: 9, Errno: syscall.EINTR}).Start()
}

func TestCallEffectsKeepOrder(t *testing.T) {
	out := newCall(t, phpext.Function{
		Prototype: "f($a, &$b = null, &$c = null)",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			c.SetRef(1, phpext.Int(0))
			c.Notice("n%d", 1)
			c.SetRef(2, phpext.Int(1)) // not passed
			c.Warn("100%%")
			c.Deprecated("d")
			c.SetRef(1, phpext.Int(2))
			return phpext.Bool(true), nil
		},
	}, phpext.Env{Args: []phpext.Value{phpext.Null(), phpext.Null()}}).Start()
	require.Equal(t, []phpext.Effect{
		{Kind: phpext.EffectSetRef, Param: 1, Value: phpext.Int(0)},
		{Kind: phpext.EffectError, Level: phpext.Notice, Text: "n1"},
		{Kind: phpext.EffectError, Level: phpext.Warning, Text: "100%"},
		{Kind: phpext.EffectError, Level: phpext.Deprecated, Text: "d"},
		{Kind: phpext.EffectSetRef, Param: 1, Value: phpext.Int(2)},
	}, out.Effects)
	require.True(t, out.Value.Bool())
}

func TestCallSetRefOfPlainParameterPanics(t *testing.T) {
	for _, i := range []int{-1, 0, 1} {
		call := newCall(t, phpext.Function{Prototype: "f($a = 1)", Call: func(c *phpext.Call) (phpext.Value, error) {
			c.SetRef(i, phpext.Null())
			return phpext.Null(), nil
		}}, phpext.Env{})
		require.Panics(t, func() { call.Start() })
	}
}

func TestCallErrors(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want phpext.Throw
	}{
		{"value", phpext.ValueError(2, "must be %d", 1), phpext.Throw{Class: "ValueError", Message: "must be 1", Arg: 2}},
		{"type", phpext.TypeError(0, "no"), phpext.Throw{Class: "TypeError", Message: "no"}},
		{"any class", phpext.Errorf("RuntimeException", "a %s", "b"), phpext.Throw{Class: "RuntimeException", Message: "a b"}},
		{"wrapped", fmt.Errorf("in: %w", phpext.ValueError(1, "x")), phpext.Throw{Class: "ValueError", Message: "x", Arg: 1}},
		{"other", fs.ErrNotExist, phpext.Throw{Class: "Error", Message: "file does not exist"}},
		{"foreign stream", phpext.ErrForeignStream, phpext.Throw{Class: "TypeError", Message: "supplied resource is not a socket of this host"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := newCall(t, phpext.Function{Prototype: "f(&$a = null)", Call: func(c *phpext.Call) (phpext.Value, error) {
				c.SetRef(0, phpext.Int(1))
				return phpext.Int(3), tt.err
			}}, phpext.Env{Args: []phpext.Value{phpext.Null()}}).Start()
			require.Equal(t, &tt.want, out.Throw)
			require.True(t, out.Value.IsNull())
			require.Len(t, out.Effects, 1, "what was asked for before the exception happens")
		})
	}
	require.EqualError(t, phpext.ValueError(2, "is bad"), "phpext: ValueError: argument 2 is bad")
	require.EqualError(t, phpext.Errorf("E", "is bad"), "phpext: E: is bad")
}

func TestCallOriginal(t *testing.T) {
	body := func(c *phpext.Call) (phpext.Value, error) {
		c.Warn("dropped")
		return c.Original()
	}
	out := newCall(t, phpext.Function{Prototype: "f()", Call: body, Replaces: true}, phpext.Env{}).Start()
	require.Equal(t, phpext.Outcome{Original: true}, out)
	out = newCall(t, phpext.Function{Prototype: "f()", Call: body}, phpext.Env{}).Start()
	require.Equal(t, "phpext: f stands in for no function of PHP", out.Throw.Message)
}

func TestCallSocket(t *testing.T) {
	table := resources.NewTable()
	h := table.Insert(resources.Unbound(resources.TCP))
	stream := func(typ string, h resources.Handle) phpext.Value {
		return phpext.ResourceValue(&phpext.Resource{Type: typ, Handle: h})
	}
	const invalid = "f(): supplied resource is not a valid stream resource"
	tests := []struct {
		name string
		arg  phpext.Value
		want *phpext.Throw
	}{
		{"open", stream("stream", h), nil},
		{"persistent", stream("persistent stream", h), nil},
		{"closed", stream("Unknown", h), &phpext.Throw{Class: "TypeError", Message: invalid}},
		{"other resource", stream("stream-context", 0), &phpext.Throw{Class: "TypeError", Message: invalid}},
		{"gone", stream("stream", 99), &phpext.Throw{Class: "TypeError", Message: invalid}},
		{"string", phpext.String("x"), &phpext.Throw{Class: "TypeError", Message: "must be of type resource, string given", Arg: 1}},
		{"null", phpext.Null(), &phpext.Throw{Class: "TypeError", Message: "must be of type resource, null given", Arg: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := newCall(t, phpext.Function{Prototype: "f($s)", Call: func(c *phpext.Call) (phpext.Value, error) {
				s, err := c.Socket(0)
				require.Equal(t, err == nil, s != nil)
				return phpext.Null(), err
			}}, phpext.Env{Args: []phpext.Value{tt.arg}, Socket: table.Lookup}).Start()
			require.Equal(t, tt.want, out.Throw)
		})
	}
	f := phpext.Function{Prototype: "f($s)", Replaces: true, Call: func(c *phpext.Call) (phpext.Value, error) {
		_, err := c.Socket(0)
		return phpext.Null(), err
	}}
	out := newCall(t, f, phpext.Env{Args: []phpext.Value{stream("stream", 0)}}).Start()
	require.True(t, out.Original, "a stream that is not the host's is PHP's business")
}

func TestAwait(t *testing.T) {
	var seen []phpext.Ready
	var next func(c *phpext.Call, r phpext.Ready) (phpext.Value, error)
	next = func(c *phpext.Call, r phpext.Ready) (phpext.Value, error) {
		c.Warn("%s", r)
		if seen = append(seen, r); len(seen) < 3 {
			return c.Await(phpext.Wait{FD: len(seen), Timeout: -1}, next)
		}
		return phpext.Int(7), nil
	}
	call := newCall(t, phpext.Function{Prototype: "f()", Call: func(c *phpext.Call) (phpext.Value, error) {
		c.Warn("first")
		return c.Await(phpext.Wait{FD: 0, Events: unix.POLLIN, Timeout: time.Second}, next)
	}}, phpext.Env{})
	require.Equal(t, phpext.Outcome{Await: &phpext.Wait{Events: unix.POLLIN, Timeout: time.Second}}, call.Start())
	require.Equal(t, 1, call.Resume(phpext.ReadyYes).Await.FD)
	require.Equal(t, 2, call.Resume(phpext.ReadyTimeout).Await.FD)
	out := call.Resume(phpext.ReadyInterrupted)
	require.Nil(t, out.Await)
	require.Equal(t, int64(7), out.Value.Int())
	require.Len(t, out.Effects, 4)
	require.Equal(t, []phpext.Ready{phpext.ReadyYes, phpext.ReadyTimeout, phpext.ReadyInterrupted}, seen)
}

func TestAwaitThenErrorEndsTheCall(t *testing.T) {
	out := newCall(t, phpext.Function{Prototype: "f()", Call: func(c *phpext.Call) (phpext.Value, error) {
		_, _ = c.Await(phpext.Wait{FD: -1}, nil)
		return phpext.Null(), errors.New("no")
	}}, phpext.Env{}).Start()
	require.Nil(t, out.Await)
	require.Equal(t, "no", out.Throw.Message)
}

func TestBackground(t *testing.T) {
	release, woken := make(chan struct{}), make(chan struct{}, 1)
	var answer string
	call := newCall(t, phpext.Function{Prototype: "f()", Call: func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(context.Context) {
			<-release
			answer = "done"
		}, func(c *phpext.Call) (phpext.Value, error) {
			return phpext.String(answer), nil
		})
	}}, phpext.Env{Notify: func() { woken <- struct{}{} }})
	out := call.Start()
	require.Equal(t, &phpext.Wait{FD: -1, Timeout: -1}, out.Await)
	require.NotNil(t, call.Resume(phpext.ReadyWoken).Await, "woken for something else")
	close(release)
	<-woken
	require.Equal(t, "done", call.Resume(phpext.ReadyWoken).Value.Text())
}

func TestBackgroundCancelled(t *testing.T) {
	var seen error
	call := newCall(t, phpext.Function{Prototype: "f()", Call: func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(ctx context.Context) {
			<-ctx.Done()
			seen = ctx.Err()
		}, func(c *phpext.Call) (phpext.Value, error) {
			return phpext.Null(), seen
		})
	}}, phpext.Env{})
	require.NotNil(t, call.Start().Await)
	require.Equal(t, "context canceled", call.Resume(phpext.ReadyCancelled).Throw.Message)
}

func TestBackgroundPanicComesToTheEngine(t *testing.T) {
	woken := make(chan struct{})
	call := newCall(t, phpext.Function{Prototype: "f()", Call: func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(context.Context) { panic("boom") }, nil)
	}}, phpext.Env{Notify: func() { close(woken) }})
	call.Start()
	<-woken
	defer func() {
		p, ok := recover().(*phpext.Panic)
		require.True(t, ok)
		require.Equal(t, "boom", p.Value)
		require.EqualError(t, p, "phpext: background work panicked: boom")
		require.Contains(t, string(p.Stack), "call_test.go")
	}()
	call.Resume(phpext.ReadyWoken)
}

func TestNames(t *testing.T) {
	require.Equal(t, "Warning Notice Deprecated Unknown error",
		fmt.Sprint(phpext.Warning, " ", phpext.Notice, " ", phpext.Deprecated, " ", phpext.Level(1)))
	require.Equal(t, "ready timeout cancelled woken interrupted unknown",
		fmt.Sprint(phpext.ReadyYes, phpext.ReadyTimeout, phpext.ReadyCancelled, phpext.ReadyWoken, phpext.ReadyInterrupted, phpext.Ready(9)))
}

func TestStreamContextOption(t *testing.T) {
	options, err := phpext.ValueOf(map[string]any{"socket": map[string]any{"backlog": 5}, "bad": 1})
	require.NoError(t, err)
	sc := &phpext.StreamContext{Options: options.Array()}
	v, ok := sc.Option("socket", "backlog")
	require.True(t, ok)
	require.Equal(t, int64(5), v.Int())
	for _, path := range [][2]string{{"socket", "x"}, {"ssl", "x"}, {"bad", "x"}} {
		_, ok = sc.Option(path[0], path[1])
		require.False(t, ok)
	}
	_, ok = (*phpext.StreamContext)(nil).Option("socket", "backlog")
	require.False(t, ok)
	_, ok = new(phpext.StreamContext).Option("socket", "backlog")
	require.False(t, ok)
}
