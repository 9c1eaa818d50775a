package php_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	php "github.com/phpsock/phpsock/bridge/gophp"
)

func TestExec(t *testing.T) {
	c := open(t, start(t))
	file := script(t, "hello.php", `$a = 'Hello'; $b = 'World'; echo $a . ' ' . $b; return 7;`)
	require.NoError(t, c.Exec(file))
	require.Equal(t, "Hello World", c.printed())
	require.Equal(t, "Hello", c.value(t, `return $a;`), "its variables are global")
	require.NoError(t, c.Exec(file), "again")
}

func TestExecRunsInTheFoldersOfItsFile(t *testing.T) {
	c := open(t, start(t))
	file := script(t, "main.php", `include 'part.php'; echo __FILE__ === get_included_files()[0], getcwd() === __DIR__, is_readable('part.php');`)
	part := filepath.Join(filepath.Dir(file), "part.php")
	require.NoError(t, os.WriteFile(part, []byte(`<?php echo 'part ';`), 0o600))
	before, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, c.Exec(file))
	require.Equal(t, "part 111", c.printed())
	require.Equal(t, before, c.value(t, `return getcwd();`))

	t.Chdir(filepath.Dir(file))
	require.NoError(t, c.Exec("part.php"), "a relative name is relative to the process's folder")
	require.Equal(t, "part ", c.printed())
	c.eval(t, `set_include_path('`+filepath.Dir(script(t, "found.php", `echo 'found';`))+`');`)
	require.NoError(t, c.Exec("found.php"))
	require.Equal(t, "found", c.printed())
}

func TestExecErrors(t *testing.T) {
	c := open(t, start(t))
	c.eval(t, `$kept = 'kept'; ini_set('display_errors', 0);`)
	missing := filepath.Join(t.TempDir(), "missing.php")
	err := c.Exec(missing)
	require.ErrorContains(t, err, "Error executing script '"+missing+"' in context: ")
	require.ErrorContains(t, err, "Failed opening required '"+missing+"'")
	require.Contains(t, c.logged(), "Failed opening required '"+missing+"'")
	err = c.Exec(script(t, "broken.php", "\n\n echo ;"))
	require.ErrorContains(t, err, "syntax error")
	require.ErrorContains(t, err, "broken.php on line 3")
	require.Equal(t, "kept", c.value(t, `return $kept;`), "the request goes on")
	require.Empty(t, c.printed())
}

func TestEval(t *testing.T) {
	tests := []struct {
		name, code, printed string
		value               interface{}
		kind                php.ValueKind
	}{
		{"prints", `echo 'Hello World';`, "Hello World", nil, php.Null},
		{"returns", `$i = 10; $d = 20; return $i + $d;`, "", int64(30), php.Long},
		{"float", `return 1.5;`, "", 1.5, php.Double},
		{"bool", `return false;`, "", false, php.Bool},
		{"string", `return "a\0b";`, "", "a\x00b", php.String},
		{"null", `return null;`, "", nil, php.Null},
		{"list", `return [1, 'b', [null]];`, "", []interface{}{int64(1), "b", []interface{}{nil}}, php.Array},
		{"empty", `return [];`, "", []interface{}{}, php.Array},
		{"map", `return ['a' => 1, 5 => 2];`, "", map[string]interface{}{"a": int64(1), "5": int64(2)}, php.Map},
		{"other order", `return [1 => 'b', 0 => 'a'];`, "", map[string]interface{}{"0": "a", "1": "b"}, php.Map},
		{"from one", `return [1 => 'a'];`, "", map[string]interface{}{"1": "a"}, php.Map},
		{"references", `$r = 1; $a = [&$r]; return $a;`, "", []interface{}{int64(1)}, php.Array},
		{"object", `return (object) ['a' => 1, 'b' => [new stdClass]];`, "", map[string]interface{}{"a": int64(1), "b": []interface{}{map[string]interface{}{}}}, php.Object},
		{"properties", `class P { public $a = 1; protected $b = 2; private $c = 3; } return new P;`, "", map[string]interface{}{"a": int64(1), "b": int64(2), "c": int64(3)}, php.Object},
		{"date", `return array_keys((array) new DateTime('@0'));`, "", []interface{}{"date", "timezone_type", "timezone"}, php.Array},
		{"closure", `return fn() => 1;`, "", map[string]interface{}{}, php.Object},
		{"enum", `enum Suit: string { case Hearts = 'H'; } return Suit::Hearts;`, "", map[string]interface{}{"name": "Hearts", "value": "H"}, php.Object},
		{"resource within", `return [STDIN, 1];`, "", []interface{}{nil, int64(1)}, php.Array},
		{"contains itself", `$o = new stdClass; $o->me = $o; return $o;`, "", map[string]interface{}{"me": nil}, php.Object},
		{"used twice", `$o = (object) ['x' => 1]; return [$o, $o];`, "", []interface{}{map[string]interface{}{"x": int64(1)}, map[string]interface{}{"x": int64(1)}}, php.Array},
		{"leaves PHP", `?><b>html</b><?php return 1;`, "<b>html</b>", int64(1), php.Long},
		{"namespace", `namespace A\B; function f() { return __FUNCTION__; } return f();`, "", `A\B\f`, php.String},
		{"strict", `declare(strict_types=1); try { strlen(1); } catch (TypeError) { return 'strict'; }`, "", "strict", php.String},
		{"comment at the end", `return 1; // done`, "", int64(1), php.Long},
		{"fiber", `$f = new Fiber(function () { echo Fiber::suspend(1); return 3; }); $a = $f->start(); $f->resume(2); return [$a, $f->getReturn()];`, "2", []interface{}{int64(1), int64(3)}, php.Array},
	}
	e := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, e)
			defer c.Destroy()
			v, err := c.Eval(tt.code)
			require.NoError(t, err)
			require.Equal(t, tt.printed, c.printed())
			require.Equal(t, tt.value, v.Interface())
			require.Equal(t, tt.kind, v.Kind())
			require.Empty(t, c.logged())
		})
	}
}

// Object graphs that are woven densely come over in part, and soon.
func TestEvalDenseGraph(t *testing.T) {
	c := open(t, start(t))
	v, err := c.Eval(`for ($i = 0; $i < 60; $i++) { $o[] = new stdClass; }
		foreach ($o as $a) { foreach ($o as $i => $b) { $a->{"p$i"} = $b; } }
		return $o[0];`)
	require.NoError(t, err)
	require.Equal(t, php.Object, v.Kind())
}

func TestEvalStrings(t *testing.T) {
	c := open(t, start(t))
	for code, want := range map[string]string{
		`return new class { function __toString() { return 'I am'; } };`:             "I am",
		`return new class { function __toString() { throw new Exception('no'); } };`: "",
		`return new stdClass;`:            "",
		`return [1];`:                     "Array",
		`return true;`:                    "1",
		`return new Exception('inside');`: "Exception: inside in ",
	} {
		v, err := c.Eval(code)
		require.NoError(t, err, code)
		require.Contains(t, v.String(), want, code)
		require.Equal(t, want == "", v.String() == "", code)
	}
}

func TestEvalResource(t *testing.T) {
	c := open(t, start(t))
	_, err := c.Eval(`return STDIN;`)
	require.ErrorContains(t, err, "Unable to set PHP value from pointer")
	require.Equal(t, "on", c.eval(t, `echo 'on';`))
}

func TestVariablesLast(t *testing.T) {
	e := start(t)
	c := open(t, e)
	require.Equal(t, "", c.eval(t, `$a = 1; function inc() { global $a; return ++$a; } class K { static $n = 5; } const C = 'c'; $o = new stdClass; $f = fopen('php://memory', 'r+');`))
	require.Equal(t, "23c5", c.eval(t, `echo inc(), inc(), C, K::$n;`))
	require.Equal(t, true, c.value(t, `return is_resource($f) && $o instanceof stdClass;`))
	require.Equal(t, "_GET _POST _COOKIE _FILES argv argc _SERVER a f o", c.value(t, `$k = array_slice(array_keys($GLOBALS), 0, 7); $r = array_diff(array_keys($GLOBALS), $k, ['k', 'r']); sort($r); return implode(' ', [...$k, ...$r]);`),
		"the package adds no variables")
	c.Destroy()
	require.Equal(t, false, open(t, e).value(t, `return isset($a) || function_exists('inc') || class_exists('K');`), "a new context is empty")
}

func TestBind(t *testing.T) {
	tests := []struct {
		value interface{}
		want  string // serialized
	}{
		{nil, "N;"},
		{42, "i:42;"},
		{int8(-1), "i:-1;"},
		{3.14159, "d:3.14159;"},
		{float32(0.5), "d:0.5;"},
		{true, "b:1;"},
		{"Such bind", `s:9:"Such bind";`},
		{"a\x00b", "s:3:\"a\x00b\";"},
		{[]string{"this", "that"}, `a:2:{i:0;s:4:"this";i:1;s:4:"that";}`},
		{[]string(nil), `a:0:{}`},
		{[][]int{{1, 2}, {3}}, `a:2:{i:0;a:2:{i:0;i:1;i:1;i:2;}i:1;a:1:{i:0;i:3;}}`},
		{map[string]interface{}{"hello": []string{"hello", "!"}}, `a:1:{s:5:"hello";a:2:{i:0;s:5:"hello";i:1;s:1:"!";}}`},
		{map[int]string{10: "b", -1: "a"}, `a:2:{i:-1;s:1:"a";i:10;s:1:"b";}`},
		{map[string]int{"7": 1}, `a:1:{i:7;i:1;}`},
		{[]map[string]bool{{"t": true}}, `a:1:{i:0;a:1:{s:1:"t";b:1;}}`},
		{struct{}{}, `O:8:"stdClass":0:{}`},
		{struct {
			I int
			C string
			F struct{ G bool }
			h bool
		}{I: 3, C: "test", h: true}, `O:8:"stdClass":3:{s:1:"I";i:3;s:1:"C";s:4:"test";s:1:"F";O:8:"stdClass":1:{s:1:"G";b:0;}}`},
		{[]interface{}{struct{ A interface{} }{[]struct{ B int }{{1}}}}, `a:1:{i:0;O:8:"stdClass":1:{s:1:"A";a:1:{i:0;O:8:"stdClass":1:{s:1:"B";i:1;}}}}`},
	}
	c := open(t, start(t))
	for _, tt := range tests {
		require.NoError(t, c.Bind("bound", tt.value))
		require.Equal(t, tt.want, c.eval(t, `echo serialize($bound);`))
	}
}

func TestBindAgain(t *testing.T) {
	c := open(t, start(t))
	require.NoError(t, c.Bind("a", 1))
	require.NoError(t, c.Bind("a", 2))
	require.Equal(t, int64(2), c.value(t, `$b = &$a; $a = 3; return $b - 1;`))
	require.NoError(t, c.Bind("a", 4))
	require.Equal(t, []interface{}{int64(4), int64(3)}, c.value(t, `return [$a, $b];`), "a variable is replaced, not assigned to")
	require.NoError(t, c.Bind("_POST", map[string]string{"name": "value"}))
	require.Equal(t, "value", c.value(t, `return (function () { return $_POST['name']; })();`))
	require.EqualError(t, c.Bind("a", make(chan int)), "Unable to create value of unknown type 'chan int'")
	require.Equal(t, int64(4), c.value(t, `return $a;`))
}
