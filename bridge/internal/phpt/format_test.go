package phpt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompileFormat(t *testing.T) {
	tests := []struct {
		format string
		yes    []string
		no     []string
	}{
		{"", []string{""}, []string{"x", "\n"}},
		{"a.b*c", []string{"a.b*c"}, []string{"axb*c", "a.bbc"}},
		{"%s", []string{"x", "a b\t\x00\xff"}, []string{"", "a\nb", "a\rb"}},
		{"[%S]", []string{"[]", "[x]"}, []string{"[\n]"}},
		{"%a", []string{"x", "a\nb"}, []string{""}},
		{"<%A>", []string{"<>", "<a\n\nb>"}, []string{"<"}},
		{"a%wb", []string{"ab", "a \t\n\r\v\f b"}, []string{"axb", "a\u00a0b"}},
		{"%i", []string{"1", "-12", "+3"}, []string{"", "-", "1.0", "--1"}},
		{"%d", []string{"0", "123"}, []string{"-1", "", "1 ", "\u0663"}},
		{"%x", []string{"1aF"}, []string{"g", "0x1", ""}},
		{"%f", []string{"1", "1.5", "-1.5E+10", ".5", "+.5e3", "2e7"}, []string{"", ".", "1.", "e5", "-"}},
		{"%c", []string{"x", "\n", "\xe4"}, []string{"", "xy", "ä"}},
		{"%c%c", []string{"ä"}, []string{"x"}},
		{"a%0b", []string{"a\x00b"}, []string{"ab", "a0b"}},
		{"a%eb", []string{"a/b"}, []string{`a\b`}},
		{"%r[ab]+|c%r", []string{"abba", "c"}, []string{"d", "abc"}},
		{"%r\\d{2}%rx%r(y|z)%r", []string{"12xy", "34xz"}, []string{"1xy"}},
		{"%rx%dy%r", []string{"x42y"}, []string{"x%dy"}},
		{"100%r", []string{"100%r"}, []string{"100", "100%"}},
		{"%ra%r %r(", []string{"a %r("}, []string{"a ("}},
		{"100%", []string{"100%"}, []string{"100"}},
		{"%z%%", []string{"%z%%"}, []string{"z%"}},
		{"%%d", []string{"%5"}, []string{"%d", "%%5"}},
		{"héé %d", []string{"héé 7"}, []string{"hee 7"}},
		{"\xff%s", []string{"\xff\xfe"}, []string{"\xc3\xbf\xfe"}},
	}
	for _, test := range tests {
		re, err := CompileFormat(test.format)
		require.NoError(t, err, test.format)
		for _, text := range test.yes {
			require.True(t, re.MatchString(latin1(text)), "%q should match %q (%s)", test.format, text, re)
		}
		for _, text := range test.no {
			require.False(t, re.MatchString(latin1(text)), "%q should not match %q (%s)", test.format, text, re)
		}
	}
}

func TestCompileFormatRefusesBrokenExpression(t *testing.T) {
	_, err := CompileFormat("%r[%r")
	require.ErrorContains(t, err, "phpt: compile expectation: ")
}

// samples are texts that the place holders must accept.
var samples = map[byte]string{
	'e': "/", 's': "some\xfftext ", 'S': "", 'a': "two\nlines", 'A': "", 'w': " \v\n", 'i': "-7", 'd': "42", 'x': "fE0",
	'f': "-.5e-3", 'c': "\x80", '0': "\x00",
}

// FuzzCompileFormat checks that every text is a valid format, that a format accepts what its place holders stand for,
// and that one without place holders accepts itself alone.
func FuzzCompileFormat(f *testing.F) {
	for _, seed := range []string{"", "%s %S %a %A %w %i %d %x %f %c %e %0", "%", "%%", "%%d", "100%r", "(.*)+?[a-z]\\", "\x00\xff\n\r\n", "ä%cö", "%1%r%2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, format string) {
		if len(format) > 1000 {
			return // only slow
		}
		if strings.Count(format, "%r") > 1 {
			_, _ = CompileFormat(format) // an expression of the writer's own: valid or not
			return
		}
		re, err := CompileFormat(format)
		require.NoError(t, err)
		var text strings.Builder
		plain := true
		for i := 0; i < len(format); i++ {
			if sample, ok := "", false; format[i] == '%' && i+1 < len(format) {
				if sample, ok = samples[format[i+1]]; ok {
					text.WriteString(sample)
					plain = false
					i++
					continue
				}
			}
			text.WriteByte(format[i])
		}
		require.True(t, re.MatchString(latin1(text.String())), "%q: %s against %q", format, re, text.String())
		if plain {
			require.False(t, re.MatchString(latin1(format+"x")))
			require.False(t, re.MatchString(latin1("x"+format)))
		}
	})
}
