package phpext

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// ConversionError says which part of a Go value has no counterpart in PHP.
type ConversionError struct {
	Path   string // where it is, "" for the value itself: `.Users[3]["name"]`
	Type   string // its Go type
	Reason string
}

// Error returns for example "phpext: convert .Users[3]: chan int: unsupported type".
func (e *ConversionError) Error() string {
	path := e.Path
	if path == "" {
		path = "value"
	}
	return fmt.Sprintf("phpext: convert %s: %s: %s", path, e.Type, e.Reason)
}

// ValueOf returns x as a PHP value.
//
// nil, bools, ints, uints, floats and strings become what they are; []byte is a
// string; slices and arrays become lists, nil ones too; maps with string or int keys
// become arrays
// in the order of their keys; structs become arrays of their exported fields, which a
// tag `php:"name,omitempty"` renames and `php:"-"` leaves out; pointers are followed;
// a [Value] and an [*Array] are taken as they are. The error is a [*ConversionError]:
// unsigned numbers above the largest PHP int, cycles, and other types.
func ValueOf(x any) (Value, error) {
	var c converter
	return c.value(x)
}

// converter remembers the pointers, maps and slices that it is inside of.
type converter struct {
	path []string
	open map[visit]bool
}

type visit struct {
	t   reflect.Type
	ptr uintptr
	len int
}

func (c *converter) fail(t reflect.Type, reason string) error {
	return &ConversionError{Path: strings.Join(c.path, ""), Type: t.String(), Reason: reason}
}

func (c *converter) value(x any) (Value, error) {
	switch v := x.(type) {
	case nil:
		return Null(), nil
	case Value:
		return v, nil
	case *Array:
		return ArrayValue(v), nil
	case bool:
		return Bool(v), nil
	case int:
		return Int(int64(v)), nil
	case int64:
		return Int(v), nil
	case float64:
		return Float(v), nil
	case string:
		return String(v), nil
	case []byte:
		return String(string(v)), nil
	}
	return c.reflected(reflect.ValueOf(x))
}

func (c *converter) reflected(v reflect.Value) (Value, error) {
	switch v.Kind() {
	case reflect.Bool:
		return Bool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Int(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if v.Uint() > math.MaxInt64 {
			return Null(), c.fail(v.Type(), strconv.FormatUint(v.Uint(), 10)+" is more than PHP's largest int")
		}
		return Int(int64(v.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return Float(v.Float()), nil
	case reflect.String:
		return String(v.String()), nil
	case reflect.Interface:
		if v.IsNil() {
			return Null(), nil
		}
		return c.element(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return Null(), nil
		}
		return c.inside(v, visit{v.Type(), v.Pointer(), 0}, func() (Value, error) { return c.element(v.Elem()) })
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return String(string(v.Bytes())), nil
		}
		return c.inside(v, visit{v.Type(), v.Pointer(), v.Len()}, func() (Value, error) { return c.list(v) })
	case reflect.Array:
		return c.list(v)
	case reflect.Map:
		return c.inside(v, visit{v.Type(), v.Pointer(), 0}, func() (Value, error) { return c.dict(v) })
	case reflect.Struct:
		return c.fields(v)
	}
	return Null(), c.fail(v.Type(), "unsupported type")
}

// element converts v, which may be one of the types that are taken as they are.
func (c *converter) element(v reflect.Value) (Value, error) {
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case Value:
			return x, nil
		case *Array:
			return ArrayValue(x), nil
		}
		if a, ok := v.Interface().(Array); ok {
			return ArrayValue(&a), nil
		}
	}
	return c.reflected(v)
}

// inside runs convert, and fails where it is running for the same memory already.
func (c *converter) inside(v reflect.Value, at visit, convert func() (Value, error)) (Value, error) {
	if c.open[at] && (v.Kind() != reflect.Slice || v.Len() > 0) {
		return Null(), c.fail(v.Type(), "contains itself")
	}
	if c.open == nil {
		c.open = make(map[visit]bool)
	}
	c.open[at] = true
	defer delete(c.open, at)
	return convert()
}

func (c *converter) at(step string, v reflect.Value) (Value, error) {
	c.path = append(c.path, step)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return c.element(v)
}

func (c *converter) list(v reflect.Value) (Value, error) {
	a := NewArray()
	for i := range v.Len() {
		x, err := c.at("["+strconv.Itoa(i)+"]", v.Index(i))
		if err != nil {
			return Null(), err
		}
		a.Append(x)
	}
	return ArrayValue(a), nil
}

func (c *converter) dict(v reflect.Value) (Value, error) {
	type entry struct {
		key   Key
		value reflect.Value
	}
	entries := make([]entry, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		k, ok := keyOf(it.Key())
		if !ok {
			return Null(), c.fail(v.Type(), "keys must be strings or ints that PHP has")
		}
		entries = append(entries, entry{k, it.Value()})
	}
	sort.Slice(entries, func(i, j int) bool {
		a, b := entries[i].key, entries[j].key
		if a.isString != b.isString {
			return b.isString
		}
		return a.num < b.num || a.num == b.num && a.text < b.text
	})
	a := NewArray()
	for _, e := range entries {
		x, err := c.at("["+strconv.Quote(e.key.String())+"]", e.value)
		if err != nil {
			return Null(), err
		}
		a.Set(e.key, x)
	}
	return ArrayValue(a), nil
}

func keyOf(v reflect.Value) (Key, bool) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			return keyOf(v.Elem())
		}
	case reflect.String:
		return StringKey(v.String()), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return IntKey(v.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return IntKey(int64(v.Uint())), v.Uint() <= math.MaxInt64
	}
	return Key{}, false
}

func (c *converter) fields(v reflect.Value) (Value, error) {
	a := NewArray()
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("php"), ",")
		if !f.IsExported() || name == "-" && options == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if options == "omitempty" && isEmpty(v.Field(i)) {
			continue
		}
		x, err := c.at("."+f.Name, v.Field(i))
		if err != nil {
			return Null(), err
		}
		a.Set(StringKey(name), x)
	}
	return ArrayValue(a), nil
}

// isEmpty is what omitempty leaves out, by the rule of encoding/json.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// Interface returns v as a Go value: nil, bool, int64, float64, string, []any for a
// list, map[string]any for any other array (ints among its keys in decimal), and
// [*Resource] or [*NewStream].
func (v Value) Interface() any {
	switch v.kind {
	case KindBool:
		return v.Bool()
	case KindInt:
		return v.Int()
	case KindFloat:
		return v.Float()
	case KindString:
		return v.text
	case KindArray:
		return v.Array().interfaces()
	case KindResource:
		return v.Resource()
	case KindStream:
		return v.Stream()
	}
	return nil
}

func (a *Array) interfaces() any {
	if a.IsList() {
		list := make([]any, 0, a.Len())
		for _, x := range a.All() {
			list = append(list, x.Interface())
		}
		return list
	}
	dict := make(map[string]any, a.Len())
	for k, x := range a.All() {
		dict[k.String()] = x.Interface()
	}
	return dict
}
