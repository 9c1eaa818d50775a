package phpext

import "strings"

// Type is a set of the types that a parameter takes or a function returns. 0 means
// that none is declared.
type Type uint16

// The members of a [Type].
const (
	TypeNull Type = 1 << iota
	TypeFalse
	TypeTrue
	TypeInt
	TypeFloat
	TypeString
	TypeArray
	TypeResource
	TypeVoid

	TypeBool = TypeFalse | TypeTrue
	// TypeMixed is every value; PHP writes it as mixed.
	TypeMixed = TypeNull | TypeBool | TypeInt | TypeFloat | TypeString | TypeArray | TypeResource
)

// typeNames is in the order in which PHP writes the members of a union.
var typeNames = [...]struct {
	set  Type
	name string
}{
	{TypeResource, "resource"},
	{TypeArray, "array"},
	{TypeString, "string"},
	{TypeInt, "int"},
	{TypeFloat, "float"},
	{TypeBool, "bool"},
	{TypeFalse, "false"},
	{TypeTrue, "true"},
	{TypeVoid, "void"},
}

// String returns the type as PHP's Reflection writes it: "?string",
// "array|string|int|float|bool|null", "mixed"; "" where none is declared.
func (t Type) String() string {
	if t == TypeMixed {
		return "mixed"
	}
	var names []string
	rest := t &^ TypeNull
	for _, n := range typeNames {
		if rest&n.set == n.set {
			names = append(names, n.name)
			rest &^= n.set
		}
	}
	if t&TypeNull != 0 {
		switch len(names) {
		case 0:
			return "null"
		case 1:
			return "?" + names[0]
		}
		names = append(names, "null")
	}
	return strings.Join(names, "|")
}

// Has reports whether every member of u is in t.
func (t Type) Has(u Type) bool { return t&u == u }

// TypeOf returns the one type that v is of.
func TypeOf(v Value) Type {
	switch v.Kind() {
	case KindBool:
		if v.Bool() {
			return TypeTrue
		}
		return TypeFalse
	case KindInt:
		return TypeInt
	case KindFloat:
		return TypeFloat
	case KindString:
		return TypeString
	case KindArray:
		return TypeArray
	case KindResource, KindStream:
		return TypeResource
	}
	return TypeNull
}
