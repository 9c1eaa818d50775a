package php

import (
	"errors"
	"regexp"
	"strconv"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
)

// ValueKind says of which PHP type a [Value] is.
type ValueKind int

// The types of PHP. An Array has the keys 0, 1, 2, … in this order, every other array is
// a Map.
const (
	Null ValueKind = iota
	Long
	Double
	Bool
	String
	Array
	Map
	Object
)

// Value is a copy of a PHP value. It does not change, so any number of goroutines may
// read it. The zero Value is null.
type Value struct {
	kind ValueKind
	php  phpext.Value
	text string // an object as a string
}

// objectKey marks an object: an array with this one key, which holds its properties.
// driver.php has it, too.
var objectKey = phpext.StringKey("\x00gophp object")

func object(properties *phpext.Array) phpext.Value {
	a := phpext.NewArray()
	a.Set(objectKey, phpext.ArrayValue(properties))
	return phpext.ArrayValue(a)
}

// propertiesOf returns the properties of an object.
func propertiesOf(v phpext.Value) (*phpext.Array, bool) {
	if v.Array().Len() != 1 {
		return nil, false
	}
	properties, ok := v.Array().Get(objectKey)
	return properties.Array(), ok && properties.Kind() == phpext.KindArray
}

func kindOf(v phpext.Value) ValueKind {
	switch v.Kind() {
	case phpext.KindInt:
		return Long
	case phpext.KindFloat:
		return Double
	case phpext.KindBool:
		return Bool
	case phpext.KindString:
		return String
	case phpext.KindArray:
		if _, ok := propertiesOf(v); ok {
			return Object
		}
		if v.Array().IsList() {
			return Array
		}
		return Map
	}
	return Null
}

// returned is the value of Eval, with what it is as a string if it is an object that
// can be one.
func returned(v, text phpext.Value) (*Value, error) {
	if v.Kind() == phpext.KindResource {
		return nil, errors.New("Unable to set PHP value from pointer")
	}
	return &Value{kind: kindOf(v), php: v, text: text.Text()}, nil
}

// interfaceOf returns v as [Value.Interface] does.
func interfaceOf(v phpext.Value) interface{} {
	return (&Value{kind: kindOf(v), php: v}).Interface()
}

// Kind returns the type of v.
func (v *Value) Kind() ValueKind { return v.kind }

// Interface returns v as int64, float64, bool, string, []interface{} for an Array,
// map[string]interface{} for a Map or an Object, or nil. Resources within arrays are nil.
func (v *Value) Interface() interface{} {
	switch v.kind {
	case Long:
		return v.php.Int()
	case Double:
		return v.php.Float()
	case Bool:
		return v.php.Bool()
	case String:
		return v.php.Text()
	case Array:
		return v.Slice()
	case Map, Object:
		return v.Map()
	}
	return nil
}

// Int returns v as PHP's (int) does: the number that a string begins with, 1 for an
// object and an array that is not empty.
func (v *Value) Int() int64 {
	if v.kind == Object {
		return 1
	}
	return v.php.ToInt()
}

// leadingFloat is the number that a string begins with.
var leadingFloat = regexp.MustCompile(`^[ \t\n\r\v\f]*([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)`)

// Float returns v as PHP's (float) does, strings, objects and arrays as in [Value.Int].
func (v *Value) Float() float64 {
	switch v.kind {
	case Double:
		return v.php.Float()
	case String:
		if m := leadingFloat.FindStringSubmatch(v.php.Text()); m != nil {
			f, _ := strconv.ParseFloat(m[1], 64) // beyond the range it is infinite, as in PHP
			return f
		}
		return 0
	}
	return float64(v.Int())
}

// Bool returns v as PHP's (bool) does.
func (v *Value) Bool() bool { return v.kind == Object || v.php.Truthy() }

// String returns v as PHP's (string) does: "" for null and false, "Array" for an array.
// An object is what its __toString() returned when Eval was over, "" if it has none.
func (v *Value) String() string {
	if v.kind == Object {
		return v.text
	}
	return v.php.ToString()
}

// elements returns the elements of an array, or the properties of an object.
func (v *Value) elements() *phpext.Array {
	switch v.kind {
	case Null:
		return nil
	case Array, Map:
		return v.php.Array()
	case Object:
		properties, _ := propertiesOf(v.php)
		return properties
	}
	one := phpext.NewArray()
	one.Append(v.php)
	return one
}

// Slice returns the elements of an array or the properties of an object, each as by
// [Value.Interface]. Null has none, anything else is its own only element.
func (v *Value) Slice() []interface{} {
	elements := v.elements()
	slice := make([]interface{}, 0, elements.Len())
	for _, e := range elements.All() {
		slice = append(slice, interfaceOf(e))
	}
	return slice
}

// Map is as [Value.Slice] with the keys, ints in decimal. Anything that is neither null
// nor array nor object has the key "0".
func (v *Value) Map() map[string]interface{} {
	elements := v.elements()
	dict := make(map[string]interface{}, elements.Len())
	for k, e := range elements.All() {
		dict[k.String()] = interfaceOf(e)
	}
	return dict
}

// Ptr returns what [NewValueFromPtr] takes. It is not a zval.
func (v *Value) Ptr() unsafe.Pointer { return unsafe.Pointer(v) }

// NewValueFromPtr returns a copy of the Value that val is the [Value.Ptr] of, and an
// error for nil. Any other pointer must not be passed.
func NewValueFromPtr(val unsafe.Pointer) (*Value, error) {
	if val == nil {
		return nil, errors.New("Cannot create value from 'nil' pointer")
	}
	v := *(*Value)(val)
	return &v, nil
}

// Destroy makes v null. Values need not be destroyed.
func (v *Value) Destroy() { *v = Value{} }
