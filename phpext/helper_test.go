package phpext_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/resources"
)

// sockets returns an engine with the socket functions and what they are made of, which
// change may alter before.
func sockets(t *testing.T, change ...func(*phpext.Sockets)) *phpexttest.Engine {
	t.Helper()
	s := &phpext.Sockets{Table: resources.NewTable(), CloseOnExec: true}
	for _, f := range change {
		f(s)
	}
	e, err := phpexttest.New(s.Table, s.Functions()...)
	require.NoError(t, err)
	t.Cleanup(e.Close)
	return e
}

// streamContext returns a context with these options of the socket wrapper.
func streamContext(t *testing.T, options map[string]any) *phpext.StreamContext {
	t.Helper()
	v, err := phpext.ValueOf(map[string]any{"socket": options})
	require.NoError(t, err)
	return &phpext.StreamContext{Options: v.Array()}
}

// socketOf returns the socket behind a stream.
func socketOf(t *testing.T, e *phpexttest.Engine, v phpext.Value) *resources.Socket {
	t.Helper()
	require.Equal(t, phpext.KindResource, v.Kind(), v.String())
	s, ok := e.Sockets.Lookup(v.Resource().Handle)
	require.True(t, ok)
	return s
}

// succeed calls a function that is to raise nothing and gives its result.
func succeed(t *testing.T, e *phpexttest.Engine, name string, args ...any) phpext.Value {
	t.Helper()
	r := e.Call(name, args...)
	require.Nil(t, r.Throw)
	require.Empty(t, r.Texts())
	return r.Value
}

// requireThrow checks the exception of a call.
func requireThrow(t *testing.T, r phpexttest.Result, class, message string) {
	t.Helper()
	require.NotNil(t, r.Throw)
	require.Equal(t, class+": "+message, r.Throw.Class+": "+r.Throw.Message)
}
