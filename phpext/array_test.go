package phpext_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

func TestStringKey(t *testing.T) {
	for text, want := range map[string]phpext.Key{
		"7":                    phpext.IntKey(7),
		"-5":                   phpext.IntKey(-5),
		"0":                    phpext.IntKey(0),
		"9223372036854775807":  phpext.IntKey(math.MaxInt64),
		"-9223372036854775808": phpext.IntKey(math.MinInt64),
	} {
		require.Equal(t, want, phpext.StringKey(text), text)
		require.Equal(t, text, phpext.StringKey(text).String())
	}
	for _, text := range []string{"", "-", "-0", "007", "+7", " 7", "7 ", "1_0", "9223372036854775808", "x"} {
		k := phpext.StringKey(text)
		require.True(t, k.IsString(), text)
		require.Equal(t, text, k.Text())
		require.Equal(t, text, k.String())
		require.Zero(t, k.Int())
	}
}

func TestArrayKeepsOrder(t *testing.T) {
	a := phpext.NewArray()
	require.True(t, a.IsList())
	a.Append(phpext.Int(10))
	a.Append(phpext.Int(11))
	require.True(t, a.IsList())
	a.Set(phpext.StringKey("b"), phpext.Int(1))
	a.Set(phpext.IntKey(9), phpext.Int(2))
	a.Append(phpext.Int(3))
	a.Set(phpext.StringKey("b"), phpext.Int(4))
	require.False(t, a.IsList())
	require.Equal(t, 5, a.Len())
	require.Equal(t, `[0 => 10, 1 => 11, "b" => 4, 9 => 2, 10 => 3]`, a.String())

	v, ok := a.GetText("9")
	require.True(t, ok)
	require.Equal(t, int64(2), v.Int())
	_, ok = a.Get(phpext.IntKey(2))
	require.False(t, ok)

	for k := range a.All() {
		require.Equal(t, phpext.IntKey(0), k)
		break
	}
}

func TestArrayListInAnyOrderOfSetting(t *testing.T) {
	a := phpext.NewArray()
	a.Set(phpext.IntKey(1), phpext.Int(1))
	a.Set(phpext.IntKey(0), phpext.Int(0))
	require.False(t, a.IsList(), "array_is_list looks at the order")
	_, ok := phpext.List(phpext.Int(1)).Array().Get(phpext.IntKey(-1))
	require.False(t, ok)
}

func TestArrayAppendAfterLargestKey(t *testing.T) {
	a := phpext.NewArray()
	a.Set(phpext.IntKey(-5), phpext.Int(1))
	a.Append(phpext.Int(2))
	require.Equal(t, "[-5 => 1, 0 => 2]", a.String())
	a.Set(phpext.IntKey(math.MaxInt64-1), phpext.Int(3))
	a.Append(phpext.Int(4))
	a.Append(phpext.Int(5))
	require.Equal(t, 4, a.Len(), "there is no key after the largest")
}

func TestArrayNil(t *testing.T) {
	var a *phpext.Array
	require.Zero(t, a.Len())
	require.True(t, a.IsList())
	_, ok := a.GetText("x")
	require.False(t, ok)
	for range a.All() {
		t.Fatal("an element")
	}
	require.Equal(t, "[]", a.String())
}
