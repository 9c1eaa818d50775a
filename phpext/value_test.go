package phpext_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

func TestValueZeroIsNull(t *testing.T) {
	var v phpext.Value
	require.True(t, v.IsNull())
	require.Equal(t, phpext.Null(), v)
	require.Equal(t, phpext.Null(), phpext.ResourceValue(nil))
	require.Equal(t, phpext.Null(), phpext.StreamValue(nil))
	require.Zero(t, phpext.ArrayValue(nil).Array().Len())
}

func TestValueAccessors(t *testing.T) {
	require.True(t, phpext.Bool(true).Bool())
	require.False(t, phpext.Int(1).Bool(), "no conversion")
	require.Equal(t, int64(-7), phpext.Int(-7).Int())
	require.Zero(t, phpext.String("7").Int(), "no conversion")
	require.Equal(t, 1.5, phpext.Float(1.5).Float())
	require.Equal(t, 2.0, phpext.Int(2).Float())
	require.Zero(t, phpext.String("2").Float())
	require.Equal(t, "a\x00b", phpext.String("a\x00b").Text())
	require.Empty(t, phpext.Int(2).Text())
	require.Nil(t, phpext.Int(2).Array())
	require.Zero(t, phpext.Int(2).Array().Len(), "a nil array reads as an empty one")
	require.Nil(t, phpext.Int(2).Resource())
	require.Nil(t, phpext.Int(2).Stream())
}

func TestValueString(t *testing.T) {
	for want, v := range map[string]phpext.Value{
		"null":                    phpext.Null(),
		"true":                    phpext.Bool(true),
		"-3":                      phpext.Int(-3),
		"0.5":                     phpext.Float(0.5),
		`"a\x00"`:                 phpext.String("a\x00"),
		"[1, 2]":                  phpext.List(phpext.Int(1), phpext.Int(2)),
		"resource(stream #4)":     phpext.ResourceValue(&phpext.Resource{Type: "stream", ID: 4}),
		"stream(#9)":              phpext.StreamValue(&phpext.NewStream{Handle: 9}),
		`["a" => [], 7 => "x\n"]`: pairs("a", phpext.List(), "7", phpext.String("x\n")),
	} {
		require.Equal(t, want, v.String())
	}
	require.Equal(t, "stream", phpext.KindStream.String())
	require.Equal(t, "Kind(99)", phpext.Kind(99).String())
}

func pairs(kv ...any) phpext.Value {
	a := phpext.NewArray()
	for i := 0; i < len(kv); i += 2 {
		a.Set(phpext.StringKey(kv[i].(string)), kv[i+1].(phpext.Value))
	}
	return phpext.ArrayValue(a)
}

// The expectations are what PHP prints for (bool), (int) and (string).
func TestValueConversions(t *testing.T) {
	tests := []struct {
		v      phpext.Value
		truthy bool
		i      int64
		s      string
	}{
		{phpext.Null(), false, 0, ""},
		{phpext.Bool(false), false, 0, ""},
		{phpext.Bool(true), true, 1, "1"},
		{phpext.Int(0), false, 0, "0"},
		{phpext.Int(math.MinInt64), true, math.MinInt64, "-9223372036854775808"},
		{phpext.Float(0), false, 0, "0"},
		{phpext.Float(math.Copysign(0, -1)), false, 0, "-0"},
		{phpext.Float(0.1), true, 0, "0.1"},
		{phpext.Float(-1.9), true, -1, "-1.9"},
		{phpext.Float(1e19), true, -8446744073709551616, "1.0E+19"},
		{phpext.Float(-1e19), true, 8446744073709551616, "-1.0E+19"},
		{phpext.Float(1e14), true, 100000000000000, "1.0E+14"},
		{phpext.Float(123456789012345678), true, 123456789012345680, "1.2345678901235E+17"},
		{phpext.Float(1.5e-7), true, 0, "1.5E-7"},
		{phpext.Float(0.0001), true, 0, "0.0001"},
		{phpext.Float(12345678901234), true, 12345678901234, "12345678901234"},
		{phpext.Float(99999999999999.9), true, 99999999999999, "1.0E+14"},
		{phpext.Float(math.NaN()), true, 0, "NAN"},
		{phpext.Float(math.Inf(1)), true, 0, "INF"},
		{phpext.Float(math.Inf(-1)), true, 0, "-INF"},
		{phpext.String(""), false, 0, ""},
		{phpext.String("0"), false, 0, "0"},
		{phpext.String("0.0"), true, 0, "0.0"},
		{phpext.String("1e3"), true, 1000, "1e3"},
		{phpext.String(" 12abc"), true, 12, " 12abc"},
		{phpext.String("9999999999999999999"), true, math.MaxInt64, "9999999999999999999"},
		{phpext.String("-9999999999999999999"), true, math.MinInt64, "-9999999999999999999"},
		{phpext.String("1e1000"), true, 0, "1e1000"},
		{phpext.String("0x1A"), true, 0, "0x1A"},
		{phpext.String(".5e1"), true, 5, ".5e1"},
		{phpext.String("-.9"), true, 0, "-.9"},
		{phpext.String("."), true, 0, "."},
		{phpext.String("3e"), true, 3, "3e"},
		{phpext.String("\v\f 7"), true, 7, "\v\f 7"},
		{phpext.List(), false, 0, "Array"},
		{phpext.List(phpext.Null()), true, 1, "Array"},
		{phpext.ResourceValue(&phpext.Resource{ID: 5}), true, 5, "Resource id #5"},
	}
	for _, tt := range tests {
		t.Run(tt.v.String(), func(t *testing.T) {
			require.Equal(t, tt.truthy, tt.v.Truthy())
			require.Equal(t, tt.i, tt.v.ToInt())
			require.Equal(t, tt.s, tt.v.ToString())
		})
	}
}
