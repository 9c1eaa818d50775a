package phpext_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

type address struct {
	Host   string `php:"host"`
	Port   uint16 `php:"port,omitempty"`
	Tags   []string
	Secret string `php:"-"`
	hidden int
	Next   *address `php:"next,omitempty"`
}

func TestValueOf(t *testing.T) {
	array := phpext.NewArray()
	array.Append(phpext.Int(1))
	type text string
	var nilPointer *int
	seven := 7
	tests := []struct {
		name string
		x    any
		want string
	}{
		{"nil", nil, "null"},
		{"bool", true, "true"},
		{"int8", int8(-3), "-3"},
		{"uint64", uint64(math.MaxInt64), "9223372036854775807"},
		{"float32", float32(0.5), "0.5"},
		{"named string", text("a"), `"a"`},
		{"bytes", []byte{0, 'a'}, `"\x00a"`},
		{"nil bytes", []byte(nil), `""`},
		{"slice", []int{1, 2}, "[1, 2]"},
		{"nil slice", []int(nil), "[]"},
		{"array", [2]bool{true, false}, "[true, false]"},
		{"mixed", []any{1, "a", nil, []any{}}, `[1, "a", null, []]`},
		{"map", map[string]int{"b": 1, "a": 2, "10": 3, "9": 4}, `[9 => 4, 10 => 3, "a" => 2, "b" => 1]`},
		{"int map", map[int]string{1: "x", 0: "y"}, `["y", "x"]`},
		{"any map", map[any]any{"a": 1, uint8(3): 2}, `[3 => 2, "a" => 1]`},
		{"nil map", map[string]int(nil), "[]"},
		{"pointer", &seven, "7"},
		{"nil pointer", nilPointer, "null"},
		{"Value", phpext.Int(3), "3"},
		{"Array", array, "[1]"},
		{"Values inside", []any{phpext.Int(3), array, *array}, "[3, [1], [1]]"},
		{"map of Values", map[string]phpext.Value{"a": phpext.Null()}, `["a" => null]`},
		{"struct", address{Host: "h", Secret: "s", hidden: 1}, `["host" => "h", "Tags" => []]`},
		{"nested struct", &address{Port: 80, Tags: []string{"x"}, Next: &address{}},
			`["host" => "", "port" => 80, "Tags" => ["x"], "next" => ["host" => "", "Tags" => []]]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := phpext.ValueOf(tt.x)
			require.NoError(t, err)
			require.Equal(t, tt.want, v.String())
		})
	}
}

func TestValueOfSharedIsNoCycle(t *testing.T) {
	shared := &address{Host: "h"}
	v, err := phpext.ValueOf([]*address{shared, shared})
	require.NoError(t, err)
	require.Equal(t, 2, v.Array().Len())
}

func TestValueOfErrors(t *testing.T) {
	loop := &address{}
	loop.Next = loop
	slice := make([]any, 1)
	slice[0] = slice
	dict := map[string]any{}
	dict["me"] = dict
	tests := []struct {
		name, path, typ, text string
		x                     any
	}{
		{"overflow", "", "uint64", "phpext: convert value: uint64: 9223372036854775808 is more than PHP's largest int", uint64(math.MaxInt64 + 1)},
		{"chan", "[1]", "chan int", "phpext: convert [1]: chan int: unsupported type", []any{1, make(chan int)}},
		{"func in map in struct", `.A["k"]`, "func()", `phpext: convert .A["k"]: func(): unsupported type`,
			struct{ A map[string]any }{map[string]any{"k": func() {}}}},
		{"complex", "", "complex128", "phpext: convert value: complex128: unsupported type", 1i},
		{"keys", "", "map[bool]int", "phpext: convert value: map[bool]int: keys must be strings or ints that PHP has", map[bool]int{true: 1}},
		{"pointer cycle", ".Next", "*phpext_test.address", "phpext: convert .Next: *phpext_test.address: contains itself", loop},
		{"slice cycle", "[0]", "[]interface {}", "phpext: convert [0]: []interface {}: contains itself", slice},
		{"map cycle", `["me"]`, "map[string]interface {}", `phpext: convert ["me"]: map[string]interface {}: contains itself`, dict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := phpext.ValueOf(tt.x)
			var e *phpext.ConversionError
			require.ErrorAs(t, err, &e)
			require.Equal(t, tt.path, e.Path)
			require.Equal(t, tt.typ, e.Type)
			require.EqualError(t, err, tt.text)
			require.True(t, v.IsNull())
		})
	}
}

func TestInterface(t *testing.T) {
	for _, x := range []any{nil, true, int64(-1), 2.5, "s", []any{}, []any{int64(1), []any{"x"}},
		map[string]any{"a": nil, "7": false}} {
		v, err := phpext.ValueOf(x)
		require.NoError(t, err)
		require.Equal(t, x, v.Interface())
	}
	r := &phpext.Resource{Type: "stream"}
	require.Same(t, r, phpext.ResourceValue(r).Interface())
	s := &phpext.NewStream{}
	require.Same(t, s, phpext.StreamValue(s).Interface())
}
