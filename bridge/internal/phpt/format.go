package phpt

import (
	"fmt"
	"regexp"
	"strings"
)

// placeholders of EXPECTF and the expressions they stand for. PHP's are PCRE; these match the same bytes in RE2, which
// has no look-ahead (%f) and whose \s lacks the vertical tab (%w).
var placeholders = map[byte]string{
	'e': `/`,
	's': `[^\r\n]+`,
	'S': `[^\r\n]*`,
	'a': `.+`,
	'A': `.*`,
	'w': `[\t\n\v\f\r ]*`,
	'i': `[+-]?[0-9]+`,
	'd': `[0-9]+`,
	'x': `[0-9a-fA-F]+`,
	'f': `[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?`,
	'c': `.`,
	'0': `\x00`,
}

// CompileFormat turns the text of an EXPECTF section into a regular expression for the whole output.
//
// Place holders: %e directory separator, %s and %S one or more and any number of characters of one line, %a and %A the
// same across lines, %w white space or none, %i signed and %d unsigned integer, %x hexadecimal, %f floating point, %c
// one byte, %0 a NUL byte, %r…%r a regular expression, in which place holders hold too. Anything else stands for
// itself, also a lone %r.
//
// The expression works on bytes as PCRE does: match it against text of which every byte was made one character
// (ISO 8859-1), which Case.Match does. It fails only when a %r…%r section is not valid in Go's syntax.
func CompileFormat(format string) (*regexp.Regexp, error) {
	var out strings.Builder
	for format != "" {
		literal, rest, ok := strings.Cut(format, "%r")
		if !ok {
			expand(&out, format, regexp.QuoteMeta)
			break
		}
		inner, after, ok := strings.Cut(rest, "%r")
		if !ok {
			expand(&out, format, regexp.QuoteMeta)
			break
		}
		expand(&out, literal, regexp.QuoteMeta)
		out.WriteByte('(')
		expand(&out, inner, func(s string) string { return s })
		out.WriteByte(')')
		format = after
	}
	return compileRegexp(out.String())
}

// expand writes text with its place holders replaced and all else passed through the function.
func expand(out *strings.Builder, text string, other func(string) string) {
	from := 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '%' {
			continue
		}
		if re, ok := placeholders[text[i+1]]; ok {
			out.WriteString(other(text[from:i]))
			out.WriteString(re)
			i++
			from = i + 1
		}
	}
	out.WriteString(other(text[from:]))
}

// compileRegexp anchors an expression at both ends, without a group around it, exactly as run-tests.php does: in
// "a|b" the first alternative is bound to the beginning only and the second to the end only.
func compileRegexp(expression string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`(?s)^` + latin1(expression) + `$`)
	if err != nil {
		return nil, fmt.Errorf("phpt: compile expectation: %w", err)
	}
	return re, nil
}

// latin1 makes each byte one character, so that "." and classes match bytes and not UTF-8 sequences.
func latin1(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}
