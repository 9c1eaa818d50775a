package phpext_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

// What it costs to make a PHP value of one of Go's, as for the variables of a run.
func BenchmarkValueOf(b *testing.B) {
	numbers := make([]int, 100)
	names := map[string]string{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6", "g": "7", "h": "8", "i": "9", "j": "10"}
	for _, bm := range []struct {
		name string
		x    any
	}{
		{"int", 42},
		{"string", "a string of some length"},
		{"list of 100 ints", numbers},
		{"map of 10 strings", names},
		{"struct", address{Host: "h", Port: 80, Tags: []string{"x", "y"}}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := phpext.ValueOf(bm.x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A call as Go sees it, with arguments that it reads and a reply: what is left of a call
// from PHP when nothing has to be brought over.
func BenchmarkCall(b *testing.B) {
	table, err := phpext.NewTable(phpext.Function{
		Prototype: "f(string $a, int $b, array $c = []): int",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			return phpext.Int(int64(len(c.Text(0))+c.Array(2).Len()) + c.Int(1)), nil
		},
	})
	require.NoError(b, err)
	row, args := table.Rows()[0], []phpext.Value{phpext.String("abc"), phpext.Int(7)}
	b.ReportAllocs()
	for b.Loop() {
		out := phpext.NewCall(row, phpext.Env{Args: args}).Start()
		if out.Value.Int() != 10 {
			b.Fatal(out.Value)
		}
	}
}
