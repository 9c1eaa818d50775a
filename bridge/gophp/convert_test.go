package php

import (
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConvert(t *testing.T) {
	type (
		number int8
		word   string
		flag   bool
	)
	no := struct{}{} // cannot be converted
	tests := []struct {
		val  interface{}
		want interface{} // no: not to the type of to
		to   interface{}
	}{
		{int64(5), 5, 0},
		{int64(-128), number(-128), number(0)},
		{int64(128), no, number(0)},
		{int64(255), uint8(255), uint8(0)},
		{int64(256), no, uint8(0)},
		{int64(-1), no, uint64(0)},
		{int64(3), 3.0, 0.0},
		{int64(1)<<53 + 1, no, 0.0},
		{int64(1), no, ""},
		{int64(1), no, false},
		{1.5, 1.5, 0.0},
		{1.5, float32(1.5), float32(0)},
		{math.MaxFloat64, no, float32(0)},
		{1.0, no, 0},
		{true, flag(true), flag(false)},
		{true, no, 0},
		{"x", word("x"), word("")},
		{"x", []byte("x"), []byte(nil)},
		{"1", no, 0},
		{"1", no, []string(nil)},
		{[]interface{}{int64(1), int64(2)}, []int32{1, 2}, []int32(nil)},
		{[]interface{}{[]interface{}{"a"}, nil}, [][]string{{"a"}, nil}, [][]string(nil)},
		{[]interface{}{"x"}, no, []int(nil)},
		{[]interface{}{"x"}, no, ""},
		{[]interface{}{"x"}, no, [1]string{}},
		{[]interface{}{"x", "y"}, map[int]string{0: "x", 1: "y"}, map[int]string(nil)},
		{map[string]interface{}{"a": int64(1)}, map[word]uint{"a": 1}, map[word]uint(nil)},
		{map[string]interface{}{"7": "x"}, map[uint8]interface{}{7: "x"}, map[uint8]interface{}(nil)},
		{map[string]interface{}{"a": "x"}, no, map[int]string(nil)},
		{map[string]interface{}{"a": "x"}, no, map[string]int(nil)},
		{map[string]interface{}{"a": "x"}, no, []string(nil)},
		{nil, []string(nil), []string(nil)},
		{nil, (*int)(nil), (*int)(nil)},
		{nil, no, 0},
		{nil, no, ""},
	}
	for _, tt := range tests {
		got, ok := convert(tt.val, reflect.TypeOf(tt.to))
		require.Equal(t, tt.want != no, ok, "%#v to %T", tt.val, tt.to)
		if ok {
			require.Equal(t, tt.want, got.Interface(), "%#v to %T", tt.val, tt.to)
		}
	}
	got, ok := convert(nil, reflect.TypeFor[error]())
	require.True(t, ok)
	require.True(t, got.IsNil())
}

type counter struct{ N int }

func (c *counter) Add(n int) int { c.N += n; return c.N }

func TestReceiverObject(t *testing.T) {
	r := &Receiver{name: "Counter", create: func(args []interface{}) interface{} { return &counter{len(args)} }}
	o, err := r.NewObject([]interface{}{1, 2})
	require.NoError(t, err)
	require.True(t, o.Exists("N"))
	require.False(t, o.Exists("n"))
	o.Set("N", int64(5))
	o.Set("N", "text")
	o.Set("None", 1)
	require.Equal(t, int64(7), o.Call("Add", []interface{}{int64(2)}).Int())
	require.Nil(t, o.Call("Add", nil))
	require.Nil(t, o.Call("None", nil))
	v, err := o.Get("N")
	require.NoError(t, err)
	require.Equal(t, int64(7), v.Int())
	_, err = o.Get("None")
	require.EqualError(t, err, "Value 'None' does not exist or is not addressable")
	r.Destroy()
	_, err = r.NewObject(nil)
	require.EqualError(t, err, "Failed to instantiate method receiver")
}
