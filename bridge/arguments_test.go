package bridge_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

// samples are arguments of every kind, as PHP code.
var samples = []string{
	"null", "true", "false", "0", "7", "-1", "1.5", "3.0", "1e30", "NAN", "'12'", "'12abc'", "'abc'", "''", "' 5'", "'5 '", "'1.5'",
	"'1e3'", "'9223372036854775808'", "'0x1A'", "[]", "[1, 'a' => [2]]", "new stdClass",
	"new class { function __toString() { return 'object'; } }", "new class { function __toString(): string { return '8'; } }",
	"fn() => 1", "STDIN", "PHP_INT_MAX", "-0.0",
}

// calls returns a script that calls with each of the arguments and prints what happens.
// show is an expression with the result, $r.
func calls(strict int, function string, show string, arguments ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "declare(strict_types=%d);\n", strict)
	b.WriteString(`set_error_handler(function ($level, $message) { echo "[$level] $message\n"; return true; });` + "\n")
	for _, a := range arguments {
		fmt.Fprintf(&b, "echo %s, \"\\n\"; try { $r = %s(%s); echo %s, \"\\n\"; } "+
			"catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), \"\\n\"; }\n", quotePHP(a), function, a, show)
	}
	return b.String()
}

func quotePHP(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}

// A host function refuses arguments exactly as a function of PHP's own with the same
// signature does.
func TestArgumentErrorsLikeInternalFunctions(t *testing.T) {
	tests := []struct{ prototype, before string }{
		{"decbin(int $num): string", ""},
		{"sqrt(float $num): float", ""},
		{"strrev(string $string): string", ""},
		{"memory_get_usage(bool $real_usage = false): int", ""},
		{"array_values(array $array): array", ""},
		{"getenv(?string $name = null, bool $local_only = false): array|string|false", ""},
		{"umask(?int $mask = null): int", ""},
		{"abs(int|float $num): int|float", ""},
		{"strip_tags(string $string, array|string|null $allowed_tags = null): string", "'x', "},
		{"array_column(array $array, int|string|null $column_key, int|string|null $index_key = null): array", "[], "},
		{"get_resource_type(resource $resource): string", ""},
		{"array_fill(int $start_index, int $count, mixed $value): array", "1, 2, "},
		{"array_merge(array ...$arrays): array", "[], "},
		{"pi(): float", ""},
		{"is_int(mixed $value): bool", ""},
	}
	for _, tt := range tests {
		name, _, _ := strings.Cut(tt.prototype, "(")
		t.Run(name, func(t *testing.T) {
			e := startWith(t, reply("host_"+tt.prototype, phpext.Null()))
			arguments := []string{"", "1, 2, 3, 4", "...[]", "nosuch: 1", "1, nosuch: 1", "...['nosuch' => 1]"}
			for _, s := range samples {
				arguments = append(arguments, tt.before+s)
			}
			for strict := range 2 {
				code := calls(strict, name, `'ok'`, arguments...)
				// What the host function says is what PHP's says, but for its name.
				hosts := strings.ReplaceAll(strings.ReplaceAll(code, "$r = "+name+"(", "$r = host_"+name+"("), "[], null)", "[], null)")
				got := strings.ReplaceAll(output(t, e, hosts), "host_"+name, name)
				want := strings.ReplaceAll(oracle(t, code), "[2] Array to string conversion\n", "") // of the work, not the arguments
				require.Equal(t, want, got, "strict_types=%d", strict)
			}
		})
	}
}

var calledIn = regexp.MustCompile(`, called in .*`)

// A host function gets what a function written in PHP with the same signature gets.
func TestArgumentsArriveConverted(t *testing.T) {
	for _, typ := range []string{
		"int", "float", "string", "bool", "array", "?int", "?string", "?array", "int|float", "int|string", "string|float",
		"bool|int", "float|bool", "int|float|string|bool", "array|int", "array|bool|null", "false|string", "null|false|array", "mixed", "",
	} {
		t.Run(typ, func(t *testing.T) {
			e := startWith(t, phpext.Function{Prototype: "host_f(" + typ + " $a)", Call: func(c *phpext.Call) (phpext.Value, error) { return c.Arg(0), nil }})
			var arguments []string
			for _, s := range samples {
				noGoForm := strings.HasPrefix(s, "new ") || strings.HasPrefix(s, "fn") || s == "STDIN"
				if s == "null" && !strings.Contains(typ, "null") || (typ == "" || typ == "mixed") && noGoForm {
					continue // PHP's own functions are more lenient with null, and objects have no Go form
				}
				arguments = append(arguments, s)
			}
			for strict := range 2 {
				code := calls(strict, "host_f", "var_export($r, true)", arguments...)
				declare, rest, _ := strings.Cut(code, "\n")
				want := oracle(t, declare+"function host_f("+typ+" $a) { return $a; }"+rest)
				require.Equal(t, calledIn.ReplaceAllString(want, ""), output(t, e, code), "strict_types=%d", strict)
			}
		})
	}
}

func TestDefaultsAndNamedArguments(t *testing.T) {
	const prototype = "host_f(int $a, string $b = 'def', ?float $c = null, array $d = [], int $e = PHP_INT_MAX, &$f = null, bool $g = true)"
	e := startWith(t,
		phpext.Function{Prototype: prototype, Call: func(c *phpext.Call) (phpext.Value, error) {
			list := phpext.NewArray()
			for i := range 7 {
				list.Append(c.Arg(i))
			}
			c.SetRef(5, phpext.Int(int64(c.NumArgs())))
			return phpext.ArrayValue(list), nil
		}},
		phpext.Function{Prototype: "host_rest(string $first = 'x', int ...$rest): array", Call: func(c *phpext.Call) (phpext.Value, error) {
			return phpext.List(phpext.String(c.Text(0)), phpext.List(c.Rest()...)), nil
		}},
	)
	const max = "9223372036854775807"
	tests := []struct{ call, want string }{
		{"host_f(1)", `[1,"def",null,[],` + max + `,null,true]`},
		{"host_f(1, 'b', 2.5, [3], 4, $f, false)", `[1,"b",2.5,[3],4,null,false]`},
		{"host_f(a: 1, g: false)", `[1,"def",null,[],` + max + `,null,false]`},
		{"host_f(1, d: ['x' => 1], c: 2)", `[1,"def",2.0,{"x":1},` + max + `,null,true]`},
		{"host_f(e: 5, a: '6')", `[6,"def",null,[],5,null,true]`},
		{"host_f(...['a' => 1, 'b' => 'named'])", `[1,"named",null,[],` + max + `,null,true]`},
		{"call_user_func('host_f', g: false, a: 1)", `[1,"def",null,[],` + max + `,null,false]`},
		{"call_user_func_array('host_f', ['c' => 1.5, 'a' => 1])", `[1,"def",1.5,[],` + max + `,null,true]`},
		{"HOST_F(1)", `[1,"def",null,[],` + max + `,null,true]`},
		{"[$r = host_f(1, f: $f), $f][1]", `6`},
		{"host_rest()", `["x",[]]`},
		{"host_rest('a', 1, '2', 3.0)", `["a",[1,2,3]]`},
		{"host_rest('a', ...[1, 2])", `["a",[1,2]]`},
	}
	for _, tt := range tests {
		t.Run(tt.call, func(t *testing.T) {
			require.Equal(t, tt.want, output(t, e, "echo json_encode("+tt.call+", JSON_PRESERVE_ZERO_FRACTION);"))
		})
	}
	for call, want := range map[string]string{
		"host_f(b: 'x')":         "ArgumentCountError: host_f(): Argument #1 ($a) not passed",
		"host_f(1, a: 2)":        "Error: Named parameter $a overwrites previous argument",
		"host_f(1, zzz: 2)":      "Error: Unknown named parameter $zzz",
		"host_rest('a', 1, 'b')": "TypeError: host_rest(): Argument #3 must be of type int, string given",
		"host_rest(x: 1)":        "ArgumentCountError: host_rest() does not accept unknown named parameters",
	} {
		t.Run(call, func(t *testing.T) {
			out := output(t, e, "try { "+call+"; echo 'ok'; } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(); }")
			require.Equal(t, want, out)
		})
	}
}
