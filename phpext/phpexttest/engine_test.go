package phpexttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/resources"
)

type body = func(*phpext.Call) (phpext.Value, error)

func engine(t *testing.T, prototype string, call body) *phpexttest.Engine {
	t.Helper()
	return engineOf(t, phpext.Function{Prototype: prototype, Call: call})
}

func engineOf(t *testing.T, f phpext.Function) *phpexttest.Engine {
	t.Helper()
	e, err := phpexttest.New(nil, f)
	require.NoError(t, err)
	t.Cleanup(e.Close)
	return e
}

func nothing(*phpext.Call) (phpext.Value, error) { return phpext.Null(), nil }

func TestNewRefusesBadRows(t *testing.T) {
	_, err := phpexttest.New(nil, phpext.Function{Prototype: "f("})
	var e *phpext.TableError
	require.ErrorAs(t, err, &e)
}

func TestUndefinedFunctionPanics(t *testing.T) {
	e := engine(t, "f()", nothing)
	require.Panics(t, func() { e.Call("g") })
	require.Panics(t, func() { e.Call("f", make(chan int)) })
}

func TestArity(t *testing.T) {
	tests := []struct {
		prototype string
		given     []any
		message   string
	}{
		{"f()", []any{1}, "f() expects exactly 0 arguments, 1 given"},
		{"f($a)", nil, "f() expects exactly 1 argument, 0 given"},
		{"f($a, $b = 1)", nil, "f() expects at least 1 argument, 0 given"},
		{"f($a, $b = 1)", []any{1, 2, 3}, "f() expects at most 2 arguments, 3 given"},
		{"f($a, ...$b)", nil, "f() expects at least 1 argument, 0 given"},
		{"f($a, ...$b)", []any{1, 2, 3}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.prototype, func(t *testing.T) {
			r := engine(t, tt.prototype, nothing).Call("F", tt.given...)
			if tt.message == "" {
				require.Nil(t, r.Throw)
				return
			}
			require.Equal(t, &phpext.Throw{Class: "ArgumentCountError", Message: tt.message}, r.Throw)
		})
	}
}

func TestTypes(t *testing.T) {
	echo := func(c *phpext.Call) (phpext.Value, error) { return c.Arg(0), nil }
	e := engine(t, "f(float|string|null $a, bool ...$rest)", echo)
	require.Equal(t, phpext.KindFloat, e.Call("f", 1).Value.Kind())
	require.Equal(t, "x", e.Call("f", "x").Value.Text())
	require.True(t, e.Call("f", nil, true).Value.IsNull())
	require.Equal(t, "f(): Argument #1 ($a) must be of type string|float|null, bool given", e.Call("f", true).Throw.Message)
	require.Equal(t, "f(): Argument #3 ($rest) must be of type bool, int given", e.Call("f", "", true, 1).Throw.Message)

	e = engine(t, "f(string &$a)", echo)
	require.Equal(t, int64(5), e.Call("f", 5).Value.Int(), "what is passed by reference may be anything")
}

func TestResult(t *testing.T) {
	e := engine(t, "f(&$a, &...$rest)", func(c *phpext.Call) (phpext.Value, error) {
		c.Warn("w")
		c.SetRef(0, phpext.Int(1))
		c.SetRef(1, phpext.Int(2))
		c.SetRef(2, phpext.Int(3))
		c.Deprecated("d")
		return phpext.Null(), phpext.ValueError(1, "is bad")
	})
	r := e.Call("f", 0, 0, 0)
	require.Equal(t, map[string]phpext.Value{"a": phpext.Int(1), "rest[0]": phpext.Int(2), "rest[1]": phpext.Int(3)}, r.Refs)
	require.Equal(t, []phpexttest.Error{{phpext.Warning, "f(): w"}, {phpext.Deprecated, "f(): d"}}, r.Errors)
	require.Equal(t, []string{"Warning: f(): w", "Deprecated: f(): d"}, r.Texts())
	require.Len(t, r.Effects, 5)
	require.Equal(t, "f(): Argument #1 ($a) is bad", r.Throw.Message)
}

func TestContextParameter(t *testing.T) {
	var got *phpext.StreamContext
	e := engineOf(t, phpext.Function{Prototype: "f($x = 1, $ctx = null)", Context: "ctx", Call: func(c *phpext.Call) (phpext.Value, error) {
		got = c.StreamContext()
		return phpext.Null(), nil
	}})
	e.DefaultContext = &phpext.StreamContext{Default: true}
	mine := &phpext.StreamContext{}
	e.Call("f")
	require.Same(t, e.DefaultContext, got)
	e.Call("f", 1, nil)
	require.Same(t, e.DefaultContext, got)
	e.Call("f", 1, mine)
	require.Same(t, mine, got)
	require.Equal(t, "f(): Argument #2 ($ctx) must be of type resource or null, int given", e.Call("f", 1, 2).Throw.Message)
	require.Equal(t, "f(): supplied resource is not a valid Stream-Context resource", e.Call("f", 1, e.ForeignStream()).Throw.Message)
}

func TestStreams(t *testing.T) {
	table := resources.NewTable()
	make := func(*phpext.Call) (phpext.Value, error) {
		a, b, err := resources.SocketPair(unix.AF_UNIX, unix.SOCK_STREAM, 0, resources.Options{})
		if err != nil {
			return phpext.Null(), err
		}
		stream := func(s *resources.Socket) phpext.Value {
			return phpext.StreamValue(&phpext.NewStream{Socket: s, Handle: table.Insert(s)})
		}
		return phpext.List(stream(a), stream(b)), nil
	}
	use := func(c *phpext.Call) (phpext.Value, error) {
		s, err := c.Socket(0)
		if err != nil {
			return phpext.Null(), err
		}
		return phpext.Int(int64(s.Handle())), nil
	}
	e, err := phpexttest.New(table, phpext.Function{Prototype: "make_pair(): array", Call: make},
		phpext.Function{Prototype: "handle_of($s): int", Call: use})
	require.NoError(t, err)
	list := e.Call("make_pair").Value.Array()
	a, _ := list.Get(phpext.IntKey(0))
	b, _ := list.Get(phpext.IntKey(1))
	require.Equal(t, a.Resource().ID+1, b.Resource().ID)
	require.Equal(t, int64(b.Resource().Handle), e.Call("handle_of", b).Value.Int())

	e.CloseStream(b)
	e.CloseStream(b)
	e.CloseStream(phpext.Int(1))
	require.Equal(t, "handle_of(): supplied resource is not a valid stream resource", e.Call("handle_of", b).Throw.Message)
	require.Equal(t, "supplied resource is not a socket of this host", e.Call("handle_of", e.ForeignStream()).Throw.Message)
	require.Equal(t, 1, table.Len())
	e.Close()
	require.Zero(t, table.Len())
}

// await waits for a descriptor and returns how that ended.
func await(w phpext.Wait) body {
	return func(c *phpext.Call) (phpext.Value, error) {
		return c.Await(w, func(c *phpext.Call, r phpext.Ready) (phpext.Value, error) {
			return phpext.String(r.String()), nil
		})
	}
}

func TestWait(t *testing.T) {
	var fds [2]int
	require.NoError(t, unix.Pipe2(fds[:], unix.O_CLOEXEC))
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])

	r := engine(t, "f()", await(phpext.Wait{FD: fds[1], Events: unix.POLLOUT})).Call("f")
	require.Equal(t, "ready", r.Value.Text())
	require.Equal(t, []phpext.Wait{{FD: fds[1], Events: unix.POLLOUT}}, r.Waits)

	start := time.Now()
	r = engine(t, "f()", await(phpext.Wait{FD: fds[0], Events: unix.POLLIN, Timeout: 20*time.Millisecond + 900})).Call("f")
	require.Equal(t, "timeout", r.Value.Text())
	require.GreaterOrEqual(t, time.Since(start), 20*time.Millisecond)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := engine(t, "f()", await(phpext.Wait{FD: -1, Timeout: -1}))
	e.Context = ctx
	time.AfterFunc(10*time.Millisecond, cancel)
	r = e.Call("f")
	require.True(t, r.Cancelled)
	require.True(t, r.Value.IsNull())
}

func TestBackground(t *testing.T) {
	var n int64
	e := engine(t, "f()", func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(context.Context) { time.Sleep(5 * time.Millisecond); n++ },
			func(*phpext.Call) (phpext.Value, error) { return phpext.Int(n), nil })
	})
	for i := range 20 {
		require.Equal(t, int64(i+1), e.Call("f").Value.Int())
	}
}

func TestBackgroundCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var seen error
	e := engine(t, "f()", func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(ctx context.Context) { <-ctx.Done() },
			func(c *phpext.Call) (phpext.Value, error) {
				seen = c.Context().Err()
				return phpext.Null(), nil
			})
	})
	e.Context = ctx
	time.AfterFunc(10*time.Millisecond, cancel)
	require.True(t, e.Call("f").Cancelled)
	require.ErrorIs(t, seen, context.Canceled)
}
