package php_test

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	php "github.com/phpsock/phpsock/bridge/gophp"
)

type (
	list = []interface{}
	dict = map[string]interface{}
	pair struct {
		I int
		S string
		h bool
	}
	named string
)

func value(t *testing.T, x interface{}) *php.Value {
	t.Helper()
	v, err := php.NewValue(x)
	require.NoError(t, err)
	return v
}

// Values need no engine.
func TestValueConversions(t *testing.T) {
	tests := []struct {
		name      string
		value     interface{}
		kind      php.ValueKind
		asInt     int64
		asFloat   float64
		asBool    bool
		asString  string
		asSlice   list
		asMap     dict
		itself    interface{}
		asElement interface{} // within a list, where it is not itself
	}{
		{name: "nil", kind: php.Null, asSlice: list{}, asMap: dict{}},
		{name: "int", value: 42, kind: php.Long, asInt: 42, asFloat: 42, asBool: true, asString: "42", asSlice: list{int64(42)}, asMap: dict{"0": int64(42)}, itself: int64(42)},
		{name: "large int", value: int64(1) << 40, kind: php.Long, asInt: 1 << 40, asFloat: 1 << 40, asBool: true, asString: "1099511627776", asSlice: list{int64(1) << 40}, asMap: dict{"0": int64(1) << 40}, itself: int64(1) << 40},
		{name: "zero", value: int16(0), kind: php.Long, asString: "0", asSlice: list{int64(0)}, asMap: dict{"0": int64(0)}, itself: int64(0)},
		{name: "float", value: 3.14159, kind: php.Double, asInt: 3, asFloat: 3.14159, asBool: true, asString: "3.14159", asSlice: list{3.14159}, asMap: dict{"0": 3.14159}, itself: 3.14159},
		{name: "true", value: true, kind: php.Bool, asInt: 1, asFloat: 1, asBool: true, asString: "1", asSlice: list{true}, asMap: dict{"0": true}, itself: true},
		{name: "false", value: false, kind: php.Bool, asSlice: list{false}, asMap: dict{"0": false}, itself: false},
		{name: "text", value: "Hello World", kind: php.String, asBool: true, asString: "Hello World", asSlice: list{"Hello World"}, asMap: dict{"0": "Hello World"}, itself: "Hello World"},
		{name: "number in text", value: " 12.5e1x", kind: php.String, asInt: 125, asFloat: 125, asBool: true, asString: " 12.5e1x", asSlice: list{" 12.5e1x"}, asMap: dict{"0": " 12.5e1x"}, itself: " 12.5e1x"},
		{name: "zero in text", value: "0", kind: php.String, asString: "0", asSlice: list{"0"}, asMap: dict{"0": "0"}, itself: "0"},
		{name: "named type", value: named("x"), kind: php.String, asBool: true, asString: "x", asSlice: list{"x"}, asMap: dict{"0": "x"}, itself: "x"},
		{name: "slice", value: []string{"Knick", "Knack"}, kind: php.Array, asInt: 1, asFloat: 1, asBool: true, asString: "Array", asSlice: list{"Knick", "Knack"}, asMap: dict{"0": "Knick", "1": "Knack"}, itself: list{"Knick", "Knack"}},
		{name: "slices", value: [][]string{{"1", "2"}, {"3"}}, kind: php.Array, asInt: 1, asFloat: 1, asBool: true, asString: "Array", asSlice: list{list{"1", "2"}, list{"3"}}, asMap: dict{"0": list{"1", "2"}, "1": list{"3"}}, itself: list{list{"1", "2"}, list{"3"}}},
		{name: "empty slice", value: []int{}, kind: php.Array, asString: "Array", asSlice: list{}, asMap: dict{}, itself: list{}},
		{name: "map", value: map[string]int{"t": 1, "c": 2}, kind: php.Map, asInt: 1, asFloat: 1, asBool: true, asString: "Array", asSlice: list{int64(2), int64(1)}, asMap: dict{"t": int64(1), "c": int64(2)}, itself: dict{"t": int64(1), "c": int64(2)}},
		{name: "map of ints", value: map[int]string{10: "this", 20: "that"}, kind: php.Map, asInt: 1, asFloat: 1, asBool: true, asString: "Array", asSlice: list{"this", "that"}, asMap: dict{"10": "this", "20": "that"}, itself: dict{"10": "this", "20": "that"}},
		{name: "map like a list", value: map[int]bool{0: true}, kind: php.Map, asInt: 1, asFloat: 1, asBool: true, asString: "Array", asSlice: list{true}, asMap: dict{"0": true}, itself: dict{"0": true}, asElement: list{true}},
		{name: "empty map", value: map[string]int{}, kind: php.Array, asString: "Array", asSlice: list{}, asMap: dict{}, itself: list{}},
		{name: "struct", value: pair{66, "wow", true}, kind: php.Object, asInt: 1, asFloat: 1, asBool: true, asSlice: list{int64(66), "wow"}, asMap: dict{"I": int64(66), "S": "wow"}, itself: dict{"I": int64(66), "S": "wow"}},
		{name: "empty struct", value: struct{}{}, kind: php.Object, asInt: 1, asFloat: 1, asBool: true, asSlice: list{}, asMap: dict{}, itself: dict{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := value(t, tt.value)
			require.Equal(t, tt.kind, v.Kind())
			require.Equal(t, tt.asInt, v.Int())
			require.Equal(t, tt.asFloat, v.Float())
			require.Equal(t, tt.asBool, v.Bool())
			require.Equal(t, tt.asString, v.String())
			require.Equal(t, tt.asSlice, v.Slice())
			require.Equal(t, tt.asMap, v.Map())
			require.Equal(t, tt.itself, v.Interface())
			element := tt.asElement
			if element == nil {
				element = tt.itself
			}
			require.Equal(t, list{element}, value(t, list{tt.value}).Interface())
		})
	}
}

func TestNewValueErrors(t *testing.T) {
	tests := []struct {
		value    interface{}
		typeName string
	}{
		{uint(10), "uint"},
		{[]byte("x"), "uint8"},
		{[1]int{1}, "[1]int"},
		{make(chan int), "chan int"},
		{func() {}, "func()"},
		{&pair{}, "*php_test.pair"},
		{complex(1, 1), "complex128"},
		{list{uint(2)}, "uint"},
		{dict{"t": make(chan bool)}, "chan bool"},
		{map[bool]interface{}{false: true}, "map[bool]interface {}"},
		{map[int64]int{}, "map[int64]int"},
		{struct{ T interface{} }{func() {}}, "func()"},
	}
	for _, tt := range tests {
		v, err := php.NewValue(tt.value)
		require.EqualError(t, err, "Unable to create value of unknown type '"+tt.typeName+"'")
		require.Nil(t, v)
	}
	endless := list{nil}
	endless[0] = endless
	_, err := php.NewValue(endless)
	require.ErrorContains(t, err, "nested too deeply")
}

func TestValueFloats(t *testing.T) {
	for text, want := range map[string]float64{
		"": 0, "x": 0, ".": 0, "1": 1, "-1.5": -1.5, "+.5": 0.5, "1.": 1, "1e3": 1000, "1e": 1, "\v\t 7": 7, "0x1A": 0, "1e999": math.Inf(1), "inf": 0, "nan": 0,
	} {
		require.Equal(t, want, value(t, text).Float(), text)
	}
}

func TestValuePointers(t *testing.T) {
	v := value(t, 42)
	require.NotNil(t, v.Ptr())
	again, err := php.NewValueFromPtr(v.Ptr())
	require.NoError(t, err)
	v.Destroy()
	v.Destroy()
	require.Equal(t, php.Null, v.Kind())
	require.Nil(t, v.Interface())
	require.Equal(t, int64(42), again.Int(), "it is a copy")
	_, err = php.NewValueFromPtr(unsafe.Pointer(nil))
	require.EqualError(t, err, "Cannot create value from 'nil' pointer")
}

// What goes to PHP and comes back is the same.
func TestValuesThereAndBack(t *testing.T) {
	c := open(t, start(t))
	for _, x := range []interface{}{
		nil, 1, -1 << 62, 1.5, math.Inf(-1), true, "", "text\x00\xff", list{}, []int{1, 2}, dict{"a": list{1, "b"}},
		map[int]int{-5: 1, 7: 2}, pair{I: 1, S: "s"}, struct{ P []pair }{[]pair{{I: 2}, {S: "x"}}}, struct{}{},
	} {
		require.NoError(t, c.Bind("x", x))
		v, err := c.Eval(`return $x;`)
		require.NoError(t, err)
		require.Equal(t, value(t, x).Kind(), v.Kind(), "%#v", x)
		require.Equal(t, value(t, x).Interface(), v.Interface(), "%#v", x)
	}
	v, err := c.Eval(`return [1, 'a' => new ArrayObject([5])];`)
	require.NoError(t, err)
	c.Destroy()
	require.Equal(t, dict{"0": int64(1), "a": dict{"0": int64(5)}}, v.Interface(), "it outlives its context")
}
