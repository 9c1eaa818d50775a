package phpext

import (
	"fmt"
	"math"
	"strconv"
)

// Kind says which of PHP's types a [Value] is of.
type Kind uint8

// The kinds of values. KindStream only goes outwards: a stream that PHP is to make
// from a socket; once made, PHP hands it back as KindResource.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindString
	KindArray
	KindResource
	KindStream
)

var kindNames = [...]string{"null", "bool", "int", "float", "string", "array", "resource", "stream"}

// String returns the name of the type as PHP's messages write it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// Value is one PHP value. The zero Value is PHP's null.
//
// Values are passed by value and hold no memory of PHP's. An accessor of another
// kind than the value's returns that kind's zero; [Value.Truthy], [Value.ToInt] and
// [Value.ToString] convert as PHP does.
type Value struct {
	_    [0]func() // == would compare arrays by pointer: not offered
	kind Kind
	num  uint64
	text string
	ref  any // *Array, *Resource or *NewStream
}

// Null returns PHP's null.
func Null() Value { return Value{} }

// Bool returns a PHP bool.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int returns a PHP int.
func Int(i int64) Value { return Value{kind: KindInt, num: uint64(i)} }

// Float returns a PHP float.
func Float(f float64) Value { return Value{kind: KindFloat, num: math.Float64bits(f)} }

// String returns a PHP string of the bytes of s.
func String(s string) Value { return Value{kind: KindString, text: s} }

// ArrayValue returns a PHP array; nil is the empty array.
func ArrayValue(a *Array) Value {
	if a == nil {
		a = NewArray()
	}
	return Value{kind: KindArray, ref: a}
}

// List returns a PHP array with the keys 0, 1, 2, …
func List(values ...Value) Value {
	a := NewArray()
	for _, v := range values {
		a.Append(v)
	}
	return ArrayValue(a)
}

// ResourceValue returns a resource that PHP handed in; nil is null.
func ResourceValue(r *Resource) Value {
	if r == nil {
		return Null()
	}
	return Value{kind: KindResource, ref: r}
}

// StreamValue returns a stream that PHP is to make; nil is null.
func StreamValue(s *NewStream) Value {
	if s == nil {
		return Null()
	}
	return Value{kind: KindStream, ref: s}
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is PHP's null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool returns the bool that v is, false for every other kind.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Int returns the int that v is, 0 for every other kind.
func (v Value) Int() int64 {
	if v.kind != KindInt {
		return 0
	}
	return int64(v.num)
}

// Float returns the float that v is, or its int as a float; 0 for every other kind.
func (v Value) Float() float64 {
	switch v.kind {
	case KindFloat:
		return math.Float64frombits(v.num)
	case KindInt:
		return float64(int64(v.num))
	}
	return 0
}

// Text returns the bytes of the string that v is, "" for every other kind.
func (v Value) Text() string { return v.text }

// Array returns the array that v is. For every other kind it is nil, on which
// reading methods work as on an empty array.
func (v Value) Array() *Array {
	a, _ := v.ref.(*Array)
	return a
}

// Resource returns the resource that v is, nil for every other kind.
func (v Value) Resource() *Resource {
	r, _ := v.ref.(*Resource)
	return r
}

// Stream returns the stream to be made that v is, nil for every other kind.
func (v Value) Stream() *NewStream {
	s, _ := v.ref.(*NewStream)
	return s
}

// String returns v as a reader of logs and test failures wants it; it is not PHP's
// conversion, which [Value.ToString] is.
func (v Value) String() string {
	switch v.kind {
	case KindNull:
		return "null"
	case KindBool:
		return strconv.FormatBool(v.num != 0)
	case KindInt:
		return strconv.FormatInt(int64(v.num), 10)
	case KindFloat:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case KindString:
		return strconv.Quote(v.text)
	case KindArray:
		return v.Array().String()
	case KindResource:
		return v.Resource().String()
	case KindStream:
		return fmt.Sprintf("stream(#%d)", v.Stream().Handle)
	}
	return v.kind.String()
}
