package phpext

import "strings"

// Param is one parameter of a [Signature].
type Param struct {
	Name     string // without the $
	Type     Type   // 0: none declared
	ByRef    bool
	Variadic bool
	Optional bool // has a default value, or is variadic
	// Default is what the body gets where the argument was not passed.
	Default Value
	// DefaultText is the default as written, "STREAM_SERVER_BIND | STREAM_SERVER_LISTEN";
	// "" where there is none.
	DefaultText string
}

// Signature is a parsed prototype.
type Signature struct {
	Name     string
	Params   []Param
	Required int  // how many arguments a call must have
	Return   Type // 0: none declared
}

// Param returns the index of the parameter with that name, -1 where there is none.
func (s Signature) Param(name string) int {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// at returns the parameter that takes argument i, counted from 0.
func (s Signature) at(i int) (Param, bool) {
	if n := len(s.Params); i >= n && n > 0 && s.Params[n-1].Variadic {
		i = n - 1
	}
	if i < 0 || i >= len(s.Params) {
		return Param{}, false
	}
	return s.Params[i], true
}

// Max returns how many arguments a call may have, -1 for any number.
func (s Signature) Max() int {
	if n := len(s.Params); n == 0 || !s.Params[n-1].Variadic {
		return n
	}
	return -1
}

// String returns the prototype in canonical form; parsing it gives the same signature.
func (s Signature) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	b.WriteByte('(')
	for i, p := range s.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.String())
	}
	b.WriteByte(')')
	if s.Return != 0 {
		b.WriteString(": ")
		b.WriteString(s.Return.String())
	}
	return b.String()
}

// String returns the parameter as it stands in a prototype: "?string &$error = null".
func (p Param) String() string {
	var b strings.Builder
	if p.Type != 0 {
		b.WriteString(p.Type.String())
		b.WriteByte(' ')
	}
	if p.ByRef {
		b.WriteByte('&')
	}
	if p.Variadic {
		b.WriteString("...")
	}
	b.WriteByte('$')
	b.WriteString(p.Name)
	if p.DefaultText != "" {
		b.WriteString(" = ")
		b.WriteString(p.DefaultText)
	}
	return b.String()
}
