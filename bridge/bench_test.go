//go:build cgo

package bridge_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// benchmarkRun measures the run of code, which gets the number of repetitions as $n.
func benchmarkRun(b *testing.B, code string, rows ...phpext.Function) {
	e := startWith(b, rows...)
	b.ReportAllocs()
	b.ResetTimer()
	_, err := e.Run(b.Context(), bridge.Request{Code: code, Vars: map[string]any{"n": b.N}})
	b.StopTimer()
	require.NoError(b, err)
}

// A request from its start to its end, with nothing in it.
func BenchmarkRunEmpty(b *testing.B) {
	e := startWith(b)
	for b.Loop() {
		_, err := e.Run(b.Context(), bridge.Request{Output: io.Discard})
		require.NoError(b, err)
	}
}

// What the loops of the following benchmarks take by themselves.
func BenchmarkLoop(b *testing.B) {
	benchmarkRun(b, `for ($i = 0; $i < $n; $i++);`)
}

// One call of a function of PHP's own.
func BenchmarkPHPFunction(b *testing.B) {
	benchmarkRun(b, `for ($i = 0; $i < $n; $i++) getmypid();`)
}

// One call from PHP into Go and back.
func BenchmarkHostFunction(b *testing.B) {
	benchmarkRun(b, `for ($i = 0; $i < $n; $i++) bench_nothing();`, reply(`bench_nothing(): void`, phpext.Null()))
}

// One call that sets a parameter that is passed by reference.
func BenchmarkReference(b *testing.B) {
	benchmarkRun(b, `for ($i = 0; $i < $n; $i++) bench_set($i, $set);`, phpext.Function{
		Prototype: "bench_set(int $in, &$out): bool",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			c.SetRef(1, phpext.Int(c.Int(0)))
			return phpext.Bool(true), nil
		},
	})
}

// What it costs to bring an argument over, and the same value back as the result.
func BenchmarkArgument(b *testing.B) {
	arguments := []struct{ name, value string }{
		{"int", `42`},
		{"string of 16", `str_repeat('x', 16)`},
		{"string of 64 KiB", `str_repeat('x', 65536)`},
		{"list of 100 ints", `range(1, 100)`},
		{"map of 10 strings", `array_combine(range('a', 'j'), range('a', 'j'))`},
	}
	same := phpext.Function{
		Prototype: "bench_same(mixed $value): mixed",
		Call:      func(c *phpext.Call) (phpext.Value, error) { return c.Arg(0), nil },
	}
	for _, argument := range arguments {
		b.Run(argument.name, func(b *testing.B) {
			benchmarkRun(b, fmt.Sprintf(`$value = %s; for ($i = 0; $i < $n; $i++) bench_same($value);`, argument.value), same)
		})
	}
}

// A socket from its making, which is Go's, to its end.
func BenchmarkSocketPair(b *testing.B) {
	benchmarkRun(b, `for ($i = 0; $i < $n; $i++) stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);`)
}
