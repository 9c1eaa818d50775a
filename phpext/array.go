package phpext

import (
	"iter"
	"math"
	"strconv"
	"strings"
)

// Key is a key of a PHP array: an int or a string that is not a decimal int.
type Key struct {
	text     string
	num      int64
	isString bool
}

// IntKey returns the key i.
func IntKey(i int64) Key { return Key{num: i} }

// StringKey returns the key that PHP makes of s: a decimal int as it would be
// printed ("7", "-7", not "07", "+7" or "-0") becomes that int.
func StringKey(s string) Key {
	if i, ok := decimalKey(s); ok {
		return IntKey(i)
	}
	return Key{text: s, isString: true}
}

func decimalKey(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 20 || (s[0] != '-' && (s[0] < '0' || s[0] > '9')) {
		return 0, false
	}
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strconv.FormatInt(i, 10) != s {
		return 0, false
	}
	return i, true
}

// IsString reports whether the key is a string.
func (k Key) IsString() bool { return k.isString }

// Int returns the int that the key is, 0 for a string.
func (k Key) Int() int64 { return k.num }

// Text returns the string that the key is, "" for an int.
func (k Key) Text() string { return k.text }

// String returns the key as text, ints in decimal.
func (k Key) String() string {
	if k.isString {
		return k.text
	}
	return strconv.FormatInt(k.num, 10)
}

// Array is an ordered map as PHP's arrays are. The zero Array and a nil *Array are
// empty; a nil one can only be read. An Array must not be changed by two goroutines at
// once, nor while [Array.All] runs over it.
type Array struct {
	keys   []Key
	values []Value
	index  map[Key]int // nil while the keys are 0, 1, 2, … in this order
	next   int64       // key of the next Append, valid once index is not nil
}

// NewArray returns an empty array.
func NewArray() *Array { return new(Array) }

// Len returns the number of elements.
func (a *Array) Len() int {
	if a == nil {
		return 0
	}
	return len(a.keys)
}

func (a *Array) find(k Key) (int, bool) {
	if a == nil {
		return 0, false
	}
	if a.index == nil {
		return int(k.num), !k.isString && k.num >= 0 && k.num < int64(len(a.keys))
	}
	i, ok := a.index[k]
	return i, ok
}

// Get returns the element under k.
func (a *Array) Get(k Key) (Value, bool) {
	i, ok := a.find(k)
	if !ok {
		return Value{}, false
	}
	return a.values[i], true
}

// GetText returns the element under the key that PHP makes of name.
func (a *Array) GetText(name string) (Value, bool) { return a.Get(StringKey(name)) }

// Set puts v under k, at the end if the key is new.
func (a *Array) Set(k Key, v Value) {
	if i, ok := a.find(k); ok {
		a.values[i] = v
		return
	}
	if a.index == nil && (k.isString || k.num != int64(len(a.keys))) {
		a.makeIndex()
	}
	if a.index != nil {
		a.index[k] = len(a.keys)
		if !k.isString && k.num >= a.next && k.num < math.MaxInt64 {
			a.next = k.num + 1
		}
	}
	a.keys = append(a.keys, k)
	a.values = append(a.values, v)
}

func (a *Array) makeIndex() {
	a.index = make(map[Key]int, len(a.keys)+1)
	for i, k := range a.keys {
		a.index[k] = i
	}
	a.next = int64(len(a.keys))
}

// Append puts v under the int after the largest one, or 0 where no key is positive.
// Where the largest int is taken it replaces nothing and the array stays as it is.
func (a *Array) Append(v Value) {
	k := int64(len(a.keys))
	if a.index != nil {
		k = a.next
	}
	if _, taken := a.find(IntKey(k)); taken {
		return
	}
	a.Set(IntKey(k), v)
}

// All runs over the elements in their order.
func (a *Array) All() iter.Seq2[Key, Value] {
	return func(yield func(Key, Value) bool) {
		if a == nil {
			return
		}
		for i, k := range a.keys {
			if !yield(k, a.values[i]) {
				return
			}
		}
	}
}

// IsList reports whether the keys are 0, 1, 2, … in this order, as array_is_list does.
func (a *Array) IsList() bool {
	if a == nil || a.index == nil {
		return true
	}
	for i, k := range a.keys {
		if k.isString || k.num != int64(i) {
			return false
		}
	}
	return true
}

// String returns the array for logs: [1, 2] for lists, ["a" => 1] for others.
func (a *Array) String() string {
	var b strings.Builder
	b.WriteByte('[')
	list, first := a.IsList(), true
	for k, v := range a.All() {
		if !first {
			b.WriteString(", ")
		}
		first = false
		if !list {
			if k.isString {
				b.WriteString(strconv.Quote(k.text))
			} else {
				b.WriteString(k.String())
			}
			b.WriteString(" => ")
		}
		b.WriteString(v.String())
	}
	b.WriteByte(']')
	return b.String()
}
