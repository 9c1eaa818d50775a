package phpext

import (
	"fmt"
	"strings"
)

// PrototypeError says where and why a prototype cannot be read.
type PrototypeError struct {
	Prototype string
	Offset    int // byte at which reading stopped
	Reason    string
}

// Error returns for example
// `phpext: parse prototype "f(callable $c)": byte 2: callable parameters are not supported`.
func (e *PrototypeError) Error() string {
	return fmt.Sprintf("phpext: parse prototype %q: byte %d: %s", e.Prototype, e.Offset, e.Reason)
}

// ParsePrototype reads a function's prototype as PHP's manual and its stubs write it:
//
//	host_lookup(string $key, ?string &$error = null): string|false
//
// The word function may stand before it. Defaults are null, true, false, numbers,
// quoted strings, [] and constants, ints joined by |. Parameters and results that
// would be objects (callable, object, iterable, classes) are refused. The error is a
// [*PrototypeError].
func ParsePrototype(s string) (Signature, error) {
	p := &prototypeParser{text: s}
	sig := p.signature()
	if p.err != nil {
		return Signature{}, p.err
	}
	return sig, nil
}

// prototypeParser reads from left to right; the first failure sticks and ends it.
type prototypeParser struct {
	text string
	pos  int
	err  *PrototypeError
}

func (p *prototypeParser) fail(at int, format string, args ...any) {
	if p.err == nil {
		p.err = &PrototypeError{Prototype: p.text, Offset: at, Reason: fmt.Sprintf(format, args...)}
	}
}

func (p *prototypeParser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// take moves over token, which may have white space before it.
func (p *prototypeParser) take(token string) bool {
	p.space()
	if !strings.HasPrefix(p.text[p.pos:], token) {
		return false
	}
	p.pos += len(token)
	return true
}

func (p *prototypeParser) need(token string) {
	if !p.take(token) {
		p.fail(p.pos, "%q expected", token)
	}
}

func isNameByte(c byte, first bool) bool {
	return c == '_' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || !first && c >= '0' && c <= '9'
}

// name reads an identifier, with namespaces where they are allowed.
func (p *prototypeParser) name(namespaces bool) string {
	p.space()
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if !isNameByte(c, p.pos == start) && !(namespaces && c == '\\') {
			break
		}
		p.pos++
	}
	return p.text[start:p.pos]
}

func (p *prototypeParser) signature() Signature {
	var s Signature
	p.space()
	at := p.pos
	s.Name = p.name(true)
	if strings.EqualFold(s.Name, "function") {
		p.space()
		at = p.pos
		if s.Name = p.name(true); s.Name == "" && p.take("&") {
			p.fail(at, "results by reference are not supported")
		}
	}
	if s.Name == "" || strings.HasPrefix(s.Name, `\`) || strings.HasSuffix(s.Name, `\`) || strings.Contains(s.Name, `\\`) {
		p.fail(at, "function name expected")
	}
	p.need("(")
	for p.err == nil && !p.take(")") {
		if len(s.Params) > 0 {
			p.need(",")
			if p.take(")") { // PHP allows a comma after the last one
				break
			}
		}
		p.param(&s)
	}
	if p.err == nil && p.take(":") {
		p.space()
		at = p.pos
		if s.Return = p.types("return values"); s.Return == 0 {
			p.fail(at, "return type expected")
		}
		if s.Return&TypeVoid != 0 && s.Return != TypeVoid {
			p.fail(at, "void stands alone")
		}
	}
	p.take(";")
	if p.space(); p.pos < len(p.text) {
		p.fail(p.pos, "end of prototype expected")
	}
	return s
}

func (p *prototypeParser) param(s *Signature) {
	p.space()
	at := p.pos
	param := Param{Type: p.types("parameters")}
	if param.Type&TypeVoid != 0 {
		p.fail(at, "void is no parameter type")
	}
	param.ByRef = p.take("&")
	param.Variadic = p.take("...")
	p.need("$")
	nameAt := p.pos
	if param.Name = p.name(false); param.Name == "" || nameAt != p.pos-len(param.Name) {
		p.fail(nameAt, "parameter name expected")
	}
	if s.Param(param.Name) >= 0 {
		p.fail(nameAt, "second parameter $%s", param.Name)
	}
	if n := len(s.Params); n > 0 && s.Params[n-1].Variadic {
		p.fail(at, "$%s comes after a variadic parameter", param.Name)
	}
	if p.take("=") {
		p.defaultOf(&param)
	}
	switch {
	case param.Variadic:
		param.Optional = true
	case param.DefaultText != "":
		param.Optional = true
	case s.Required < len(s.Params):
		p.fail(at, "required parameter $%s comes after an optional one", param.Name)
	default:
		s.Required++
	}
	s.Params = append(s.Params, param)
}

func (p *prototypeParser) defaultOf(param *Param) {
	p.space()
	at := p.pos
	if param.Variadic {
		p.fail(at, "variadic parameter $%s has a default", param.Name)
		return
	}
	param.Default = p.expression()
	if p.err != nil {
		return
	}
	param.DefaultText = strings.TrimRight(p.text[at:p.pos], " \t\r\n")
	t := TypeOf(param.Default)
	if param.Type == 0 || param.Type.Has(t) {
		return
	}
	if t == TypeInt && param.Type.Has(TypeFloat) {
		param.Default = Float(param.Default.Float())
		return
	}
	p.fail(at, "default of $%s is not of type %s", param.Name, param.Type)
}

var typeWords = map[string]Type{
	"null": TypeNull, "false": TypeFalse, "true": TypeTrue, "bool": TypeBool, "int": TypeInt,
	"float": TypeFloat, "string": TypeString, "array": TypeArray, "resource": TypeResource,
	"mixed": TypeMixed, "void": TypeVoid,
}

// types reads a type declaration; 0 where there is none.
func (p *prototypeParser) types(of string) Type {
	if p.take("?") {
		p.space()
		at := p.pos
		t := p.oneType(of)
		if t == 0 || t == TypeMixed || t == TypeVoid || t == TypeNull {
			p.fail(at, "a type that can be nullable is expected after ?")
		}
		return t | TypeNull
	}
	t := p.oneType(of)
	if t == 0 {
		return 0
	}
	for p.err == nil && p.take("|") {
		p.space()
		at := p.pos
		u := p.oneType(of)
		switch {
		case u == 0:
			p.fail(at, "type expected")
		case t == TypeMixed || u == TypeMixed:
			p.fail(at, "mixed stands alone")
		case t&u != 0:
			p.fail(at, "type %s is in the union already", u)
		}
		t |= u
	}
	return t
}

func (p *prototypeParser) oneType(of string) Type {
	p.space()
	at := p.pos
	word := p.name(true)
	if word == "" {
		return 0
	}
	switch lower := strings.ToLower(word); lower {
	case "callable", "object", "iterable":
		p.fail(at, "%s %s are not supported", lower, of)
		return 0
	default:
		t, ok := typeWords[lower]
		if !ok {
			p.fail(at, "%s of class %s are not supported", of, word)
		}
		return t
	}
}
