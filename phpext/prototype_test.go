package phpext_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

func TestParsePrototype(t *testing.T) {
	s, err := phpext.ParsePrototype("host_lookup(string $key, ?string &$error = null, int|float ...$rest): string|false")
	require.NoError(t, err)
	require.Equal(t, phpext.Signature{
		Name:     "host_lookup",
		Required: 1,
		Return:   phpext.TypeString | phpext.TypeFalse,
		Params: []phpext.Param{
			{Name: "key", Type: phpext.TypeString},
			{Name: "error", Type: phpext.TypeString | phpext.TypeNull, ByRef: true, Optional: true, DefaultText: "null"},
			{Name: "rest", Type: phpext.TypeInt | phpext.TypeFloat, Variadic: true, Optional: true},
		},
	}, s)
	require.Equal(t, -1, s.Max())
	require.Equal(t, 1, s.Param("error"))
	require.Equal(t, -1, s.Param("Error"), "names of parameters have case")
}

func TestPrototypeCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"f()":                                      "f()",
		" function  f ( ) : void ; ":               "f(): void",
		`App\Net\dial(string $to):?int`:            `App\Net\dial(string $to): ?int`,
		"f($a,&$b=null)":                           "f($a, &$b = null)",
		"f(null|bool|float|int|string|array $x)":   "f(array|string|int|float|bool|null $x)",
		"f(false|true $x)":                         "f(bool $x)",
		"f(mixed $x, resource|null $y): mixed":     "f(mixed $x, ?resource $y): mixed",
		"f(int $x = 1 , )":                         "f(int $x = 1)",
		"f(INT $x = A): Array":                     "",
		"f(int $x = STREAM_OOB|STREAM_PEEK): null": "f(int $x = STREAM_OOB|STREAM_PEEK): null",
		"f(string &...$all)":                       "f(string &...$all)",
	} {
		s, err := phpext.ParsePrototype(text)
		if want == "" {
			require.Error(t, err, text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, want, s.String())
		again, err := phpext.ParsePrototype(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	}
}

func TestPrototypeDefaults(t *testing.T) {
	for text, want := range map[string]phpext.Value{
		"$x = NULL":             phpext.Null(),
		"bool $x = True":        phpext.Bool(true),
		"int $x = -7":           phpext.Int(-7),
		"int $x = 0x1f":         phpext.Int(31),
		"int $x = 010":          phpext.Int(8),
		"int $x = 1_000":        phpext.Int(1000),
		"int $x = PHP_INT_MAX":  phpext.Int(math.MaxInt64),
		`int $x = \PHP_INT_MIN`: phpext.Int(math.MinInt64),
		"int $x = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN": phpext.Int(12),
		"float $x = 1":                   phpext.Float(1),
		"float $x = .5e-3":               phpext.Float(.0005),
		"float $x = 9223372036854775808": phpext.Float(1 << 63),
		"?float $x = null":               phpext.Null(),
		`string $x = 'a\'\\\n'`:          phpext.String(`a'\\n`),
		`string $x = "a\"\n\$\x"`:        phpext.String("a\"\n$\\x"),
		`string $x = ""`:                 phpext.String(""),
		`string $x = ', )'`:              phpext.String(", )"),
		"array $x = [ ]":                 phpext.List(),
		"int|false $x = false":           phpext.Bool(false),
	} {
		s, err := phpext.ParsePrototype("f(" + text + ")")
		require.NoError(t, err, text)
		require.Equal(t, want.String(), s.Params[0].Default.String(), text)
		require.Equal(t, want.Kind(), s.Params[0].Default.Kind(), text)
		require.True(t, s.Params[0].Optional)
		require.Zero(t, s.Required)
	}
}

func TestPrototypeErrors(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		reason string
	}{
		{"", 0, "function name expected"},
		{"7f()", 0, "function name expected"},
		{`\f()`, 0, "function name expected"},
		{"function &f()", 9, "results by reference are not supported"},
		{"f", 1, `"(" expected`},
		{"f(", 2, `"$" expected`},
		{"f($a", 4, `"," expected`},
		{"f() x", 4, "end of prototype expected"},
		{"f():", 4, "return type expected"},
		{"f(): int|void", 5, "void stands alone"},
		{"f(): callable", 5, "callable return values are not supported"},
		{"f(callable $c)", 2, "callable parameters are not supported"},
		{"f(?object $c)", 3, "object parameters are not supported"},
		{"f(int|iterable $c)", 6, "iterable parameters are not supported"},
		{`f(\Foo\Bar $c)`, 2, `parameters of class \Foo\Bar are not supported`},
		{"f(?mixed $c)", 3, "a type that can be nullable is expected after ?"},
		{"f(mixed|int $c)", 8, "mixed stands alone"},
		{"f(int|int $c)", 6, "type int is in the union already"},
		{"f(int| $c)", 7, "type expected"},
		{"f(void $c)", 2, "void is no parameter type"},
		{"f(int c)", 6, `"$" expected`},
		{"f($ c)", 3, "parameter name expected"},
		{"f($c, $c)", 7, "second parameter $c"},
		{"f(...$c, $d)", 9, "$d comes after a variadic parameter"},
		{"f(...$c = [])", 10, "variadic parameter $c has a default"},
		{"f($c = 1, $d)", 10, "required parameter $d comes after an optional one"},
		{"f(int $c = null)", 11, "default of $c is not of type int"},
		{"f(int $c = 1.5)", 11, "default of $c is not of type int"},
		{"f($c = NO_SUCH)", 7, "unknown constant NO_SUCH"},
		{"f($c = )", 7, "default value expected"},
		{"f($c = ", 7, "default value expected"},
		{"f($c = [1])", 8, `"]" expected`},
		{"f($c = 12a)", 7, "12a is not a number"},
		{"f($c = 08)", 7, "08 is not a number"},
		{"f($c = 'x)", 7, "string does not end"},
		{`f($c = "$x")`, 8, "variables in strings are not supported"},
		{"f($c = 1|'a')", 9, "only ints can be joined by |"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			_, err := phpext.ParsePrototype(tt.text)
			var e *phpext.PrototypeError
			require.ErrorAs(t, err, &e)
			require.Equal(t, tt.reason, e.Reason)
			require.Equal(t, tt.offset, e.Offset)
			require.Equal(t, tt.text, e.Prototype)
			require.ErrorContains(t, err, "phpext: parse prototype ")
		})
	}
}

func FuzzParsePrototype(f *testing.F) {
	for _, text := range []string{
		"f()", "host_lookup(string $key, ?string &$error = null): string|false",
		"function a(int|float ...$x): void;", `f(string $x = "a\n", $y = 'b\'', array $z = [])`,
		"f(int $x = STREAM_OOB | 2, float $y = 1e-3)", `f($x = "$`, "f(callable $x)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := phpext.ParsePrototype(text)
		if err != nil {
			var e *phpext.PrototypeError
			require.ErrorAs(t, err, &e)
			require.GreaterOrEqual(t, e.Offset, 0)
			require.LessOrEqual(t, e.Offset, len(text))
			require.NotEmpty(t, e.Reason)
			return
		}
		require.GreaterOrEqual(t, len(s.Params), s.Required)
		canonical := s.String()
		again, err := phpext.ParsePrototype(canonical)
		require.NoError(t, err, canonical)
		require.Equal(t, canonical, again.String())
	})
}

func TestTypeString(t *testing.T) {
	require.Equal(t, "", phpext.Type(0).String())
	require.Equal(t, "null", phpext.TypeNull.String())
	require.Equal(t, "?bool", (phpext.TypeNull | phpext.TypeBool).String())
	require.Equal(t, "true", phpext.TypeTrue.String())
	require.True(t, phpext.TypeMixed.Has(phpext.TypeArray|phpext.TypeNull))
	for _, v := range []phpext.Value{phpext.Null(), phpext.Bool(true), phpext.Bool(false), phpext.Int(1),
		phpext.Float(1), phpext.String(""), phpext.List(), phpext.ResourceValue(&phpext.Resource{})} {
		require.True(t, phpext.TypeMixed.Has(phpext.TypeOf(v)))
		require.NotZero(t, phpext.TypeOf(v))
	}
}
