package phpext

import (
	"strconv"
	"strings"
)

// expression reads a default value: one term, or ints joined by |.
func (p *prototypeParser) expression() Value {
	v := p.term()
	for p.err == nil && p.take("|") {
		p.space()
		at := p.pos
		w := p.term()
		if p.err == nil && (v.Kind() != KindInt || w.Kind() != KindInt) {
			p.fail(at, "only ints can be joined by |")
		}
		v = Int(v.Int() | w.Int())
	}
	return v
}

func (p *prototypeParser) term() Value {
	p.space()
	at := p.pos
	if at == len(p.text) {
		p.fail(at, "default value expected")
		return Null()
	}
	switch c := p.text[at]; {
	case c == '[':
		p.pos++
		p.need("]")
		return ArrayValue(nil)
	case c == '\'' || c == '"':
		return p.quoted(c)
	case c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9':
		return p.number()
	}
	name := p.name(true)
	if name == "" {
		p.fail(at, "default value expected")
		return Null()
	}
	v, ok := constant(strings.TrimPrefix(name, `\`))
	if !ok {
		p.fail(at, "unknown constant %s", name)
	}
	return v
}

func (p *prototypeParser) number() Value {
	at := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		sign := c == '-' || c == '+'
		if sign && p.pos > at && !strings.ContainsRune("eE", rune(p.text[p.pos-1])) {
			break
		}
		if !sign && c != '.' && !isNameByte(c, false) {
			break
		}
		p.pos++
	}
	text := p.text[at:p.pos]
	// Base 0 takes 0x1f, 0o17, 017, 0b1 and 1_000, which are PHP's notations too.
	if i, err := strconv.ParseInt(text, 0, 64); err == nil {
		return Int(i)
	}
	plain := strings.ReplaceAll(text, "_", "")
	if number, isFloat := leadingNumber(plain); number == plain && number != "" {
		// PHP reads ints beyond 64 bit as floats.
		if f, err := strconv.ParseFloat(plain, 64); err == nil && (isFloat || !strings.HasPrefix(strings.TrimLeft(plain, "+-"), "0")) {
			return Float(f)
		}
	}
	p.fail(at, "%s is not a number", text)
	return Null()
}

// quoted reads a string. Single quotes know \' and \\, double quotes the usual
// escapes; a $ in double quotes would be a variable and is refused.
func (p *prototypeParser) quoted(quote byte) Value {
	at := p.pos
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		c := p.text[p.pos]
		switch {
		case c == quote:
			p.pos++
			return String(b.String())
		case c == '$' && quote == '"':
			p.fail(p.pos, "variables in strings are not supported")
			return Null()
		case c == '\\' && p.pos+1 < len(p.text):
			p.pos++
			b.WriteString(unescape(p.text[p.pos], quote))
		default:
			b.WriteByte(c)
		}
	}
	p.fail(at, "string does not end")
	return Null()
}

// unescape returns what the backslash before c makes of it.
func unescape(c, quote byte) string {
	if c == '\\' || c == quote {
		return string([]byte{c})
	}
	if quote == '"' {
		switch c {
		case 'n':
			return "\n"
		case 'r':
			return "\r"
		case 't':
			return "\t"
		case 'v':
			return "\v"
		case 'f':
			return "\f"
		case 'e':
			return "\x1b"
		case '0':
			return "\x00"
		case '$':
			return "$"
		}
	}
	return string([]byte{'\\', c})
}
