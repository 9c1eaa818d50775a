package bridge_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// setsRef answers with what came in and sets its parameter to what it was told.
func setsRef(prototype string, set ...phpext.Value) phpext.Function {
	return phpext.Function{Prototype: prototype, Call: func(c *phpext.Call) (phpext.Value, error) {
		for _, v := range set {
			c.SetRef(0, v)
		}
		runtime.GC()
		return c.Arg(0), nil
	}}
}

func TestReferences(t *testing.T) {
	nested := phpext.NewArray()
	nested.Set(phpext.StringKey("k"), phpext.List(phpext.Int(1), phpext.Null()))
	e := startWith(t,
		setsRef("host_int(&$v = null)", phpext.Int(5)),
		setsRef("host_typed(?int &$v = null)", phpext.Int(6)),
		setsRef("host_string(?string &$v)", phpext.String("text")),
		setsRef("host_array(&$v)", phpext.ArrayValue(nested)),
		setsRef("host_float(&$v)", phpext.Float(.5)),
		setsRef("host_bool(&$v)", phpext.Bool(true)),
		setsRef("host_null(&$v)", phpext.Null()),
		setsRef("host_twice(&$v)", phpext.Int(1), phpext.Int(2)),
		phpext.Function{Prototype: "host_two(&$a, &$b)", Call: func(c *phpext.Call) (phpext.Value, error) {
			c.SetRef(0, phpext.String("a"))
			c.Warn("between")
			c.SetRef(1, phpext.String("b"))
			return phpext.Bool(true), nil
		}},
		phpext.Function{Prototype: "host_throws(&$v)", Call: func(c *phpext.Call) (phpext.Value, error) {
			c.SetRef(0, phpext.String("set first"))
			return phpext.Null(), phpext.Errorf("Exception", "then thrown")
		}},
	)
	const typed = `class T { public int $i = 1; public ?string $s = null; public readonly int $r; } $t = new T; `
	tests := []struct{ name, code, want string }{
		{"undefined variable", `host_int($x); var_dump($x);`, "int(5)\n"},
		{"variable", `$x = 'old'; var_dump(host_int($x), $x);`, "string(3) \"old\"\nint(5)\n"},
		{"not passed", `var_dump(host_int(), host_typed());`, "NULL\nNULL\n"},
		{"typed parameter takes anything", `$x = []; host_typed($x); var_dump($x);`, "int(6)\n"},
		{"string", `host_string($x); echo $x;`, "text"},
		{"array", `host_array($x); echo json_encode($x);`, `{"k":[1,null]}`},
		{"float", `host_float($x); var_dump($x);`, "float(0.5)\n"},
		{"bool", `host_bool($x); var_dump($x);`, "bool(true)\n"},
		{"null", `$x = 1; host_null($x); var_dump($x);`, "NULL\n"},
		{"twice", `host_twice($x); var_dump($x);`, "int(2)\n"},
		{"array element", `$a = ['k' => 1]; host_int($a['k']); host_int($a['new']['deep']); echo json_encode($a);`, `{"k":5,"new":{"deep":5}}`},
		{"appended element", `$a = []; host_int($a[]); echo json_encode($a);`, `[5]`},
		{"copy on write", `$a = [1]; $b = $a; host_int($a[0]); echo json_encode([$a, $b]);`, `[[5],[1]]`},
		{"shared reference", `$a = 1; $b = &$a; host_int($b); echo $a;`, "5"},
		{"static variable", `function f() { static $s = 1; host_int($s); return $s; } echo f();`, "5"},
		{"global", `function f() { host_int($GLOBALS['g']); } f(); echo $g;`, "5"},
		{"object property", `$o = new stdClass; host_int($o->p); echo $o->p;`, "5"},
		{"typed property", typed + `host_int($t->i); echo $t->i;`, "5"},
		{"typed property, wrong type", typed + `try { host_array($t->i); } catch (TypeError $e) { echo $e->getMessage(); } echo ' ', $t->i;`,
			"Cannot assign array to reference held by property T::$i of type int 1"},
		{"typed property, null", typed + `try { host_null($t->i); } catch (TypeError $e) { echo $e->getMessage(); }`,
			"Cannot assign null to reference held by property T::$i of type int"},
		{"typed property, coerced", typed + `host_int($t->s); var_dump($t->s);`, "string(1) \"5\"\n"},
		{"typed property, strict", `declare(strict_types=1); ` + typed + `try { host_int($t->s); } catch (TypeError $e) { echo $e->getMessage(); }`,
			"Cannot assign int to reference held by property T::$s of type ?string"},
		{"readonly property", typed + `try { host_int($t->r); } catch (Error $e) { echo $e->getMessage(); }`, "Cannot indirectly modify readonly property T::$r"},
		{"constant", `try { eval('host_int(1);'); } catch (Error $e) { echo str_replace('could not', 'cannot', $e->getMessage()); }`,
			"host_int(): Argument #1 ($v) cannot be passed by reference"},
		{"result of a function", `set_error_handler(function ($n, $m) { echo "[$n] $m "; }); function f() { return 1; } var_dump(host_int(f()));`,
			"[8] Only variables should be passed by reference int(1)\n"},
		{"same variable twice", `host_two($x, $x); echo $x;`, "\nWarning: host_two(): between in Command line code on line 1\nb"},
		{"string offset", `$s = 'abc'; try { host_int($s[0]); } catch (Error $e) { echo $e->getMessage(); }`, "Cannot create references to/from string offsets"},
		{"handler unsets the variable", `set_error_handler(function () { unset($GLOBALS['x'], $GLOBALS['y']); gc_collect_cycles(); }); host_two($x, $y); var_dump(isset($x, $y));`, "bool(false)\n"},
		{"handler replaces the array", `$a = ['x' => 1, 'y' => 2]; set_error_handler(function () { $GLOBALS['a'] = null; gc_collect_cycles(); }); host_two($a['x'], $a['y']); var_dump($a);`, "NULL\n"},
		{"handler destroys the object", `$o = new stdClass; $o->p = $o->q = 1; set_error_handler(function () { $GLOBALS['o'] = null; }); var_dump(host_two($o->p, $o->q));`, "bool(true)\n"},
		{"handler throws", `set_error_handler(function () { throw new Exception('stop'); }); try { host_two($x, $y); } catch (Exception $e) { echo $e->getMessage(), $x; }`, "stopa"},
		{"destructor of what was there", `class D { function __destruct() { echo 'gone '; unset($GLOBALS['x']); } } $x = new D; host_int($x); var_dump(isset($x));`, "gone bool(false)\n"},
		{"destructor throws", `class D { function __destruct() { throw new Exception('dying'); } } $x = new D; try { host_int($x); } catch (Exception $e) { echo $e->getMessage(); var_dump($x); }`, "dyingint(5)\n"},
		{"set before a throw", `try { host_throws($x); } catch (Exception $e) { echo $x, ', ', $e->getMessage(); }`, "set first, then thrown"},
		{"call_user_func_array", `call_user_func_array('host_int', [&$x]); echo $x;`, "5"},
		{"first-class callable", `$f = host_int(...); $f($x); echo $x;`, "5"},
		{"generator", `function g() { host_int($x); yield $x; } foreach (g() as $v) echo $v;`, "5"},
		{"memory", `$f = function ($n) { while ($n--) { $x = 1; host_array($x); host_typed($y); host_string($z); } }; $f(9); $m = memory_get_usage(); $f(90); echo memory_get_usage() - $m;`, "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, output(t, e, tt.code)) })
	}
	requireClean(t, e)
}

// What a body does to a reference is what PHP's own function does to it.
func TestReferencesOfSocketFunctions(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, code := range []string{
		`class T { public int $n = 7; public string $s = 'x'; } $t = new T; var_dump(@stream_socket_client('nope://x', $t->n, $t->s), $t->s);`,
		`class T { public string $n = 'x'; } $t = new T; @stream_socket_server('nope://x', $t->n); var_dump($t->n);`,
		`class T { public array $n = []; } $t = new T; try { @stream_socket_server('nope://x', $t->n); } catch (TypeError $e) { echo $e->getMessage(); }`,
	} {
		require.Equal(t, oracle(t, code), output(t, e, code), code)
	}
}
