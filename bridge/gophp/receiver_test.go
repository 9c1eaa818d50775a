package php_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// greeter is a receiver with a bit of everything.
type greeter struct {
	Var    string
	N      int32
	U      uint8
	F      float32
	B      bool
	Bytes  []byte
	Names  []string
	Ages   map[string]int
	Any    interface{}
	Chan   chan int
	hidden int64
	Inner
}

type Inner struct{ Promoted string }

func (i Inner) FromInner() string { return "inner" }

func (g *greeter) Ignore()                                    {}
func (g *greeter) Hello(p string) string                      { return "Hello " + p }
func (g *greeter) Goodbye(p string) (string, string)          { return "Goodbye", p }
func (g *greeter) Sum(of ...int) (n int)                      { return len(of) + sum(of) }
func (g *greeter) Types(args ...interface{}) string           { return fmt.Sprintf("%T", args) + each(args) }
func (g *greeter) Take(n uint16, f float64, l []int64) string { return fmt.Sprint(n, f, l) }
func (g *greeter) Dict(m map[string]int) int                  { return m["a"] + m["0"] }
func (g *greeter) Keys(m map[int]string) string               { return m[7] }
func (g *greeter) Object() interface{}                        { return struct{ X []int }{[]int{1}} }
func (g *greeter) Fail() error                                { return errors.New("unknown to PHP") }
func (g *greeter) Fine() error                                { return nil }
func (g *greeter) Panic()                                     { panic("lost my head") }
func (g *greeter) Leave()                                     { runtime.Goexit() }
func (g *greeter) Self() *greeter                             { return g }
func (g *greeter) invalid() string                            { return "never" }

// Methods that are not exported are none of the class.
var _ = (*greeter).invalid

func sum(of []int) (n int) {
	for _, i := range of {
		n += i
	}
	return n
}

func each(args []interface{}) string {
	var b strings.Builder
	for _, a := range args {
		fmt.Fprintf(&b, " %T", a)
	}
	return b.String()
}

func newGreeter(args []interface{}) interface{} {
	value := "Foo"
	if len(args) > 0 {
		switch v := args[0].(type) {
		case bool:
			return nil
		case string:
			value = v
		}
	}
	return &greeter{Var: value, hidden: 42, Inner: Inner{"promoted"}}
}

func TestReceivers(t *testing.T) {
	e := start(t)
	c := open(t, e)
	c.eval(t, `echo 'the request is older than the class';`)
	require.NoError(t, e.Define("TestReceiver", newGreeter))
	const fresh = `$t = new TestReceiver; `
	tests := []struct{ code, want string }{
		{`echo is_object($t), get_class($t), $t instanceof TestReceiver;`, "1TestReceiver1"},
		{`$t = new testreceiver; echo get_class($t);`, "TestReceiver"},
		{`try { new TestReceiver(false); } catch (Exception $e) { echo get_class($e), ' ', $e->getMessage(); }`, "Exception Failed to instantiate method receiver"},
		{`echo $t->Var;`, "Foo"},
		{`var_dump($t->hidden, $t->var, $t->none, $t->Promoted);`, strings.Repeat("NULL\n", 4)},
		{`echo json_encode($t->Inner);`, `{"Promoted":"promoted"}`},
		{`$t = new TestReceiver('wow'); echo $t->Var;`, "wow"},
		{`$t = new TestReceiver(x: 'named'); echo $t->Var;`, "named"},
		{`$t->Var = 'Bar'; echo $t->Var;`, "Bar"},
		{`$t->hello = 'wow'; var_dump($t->hello);`, "NULL\n"},
		{`var_dump($t->Ignore());`, "NULL\n"},
		{`echo $t->Hello('World');`, "Hello World"},
		{`echo json_encode($t->Goodbye('Doge'));`, `["Goodbye","Doge"]`},
		{`var_dump($t->invalid(), $t->hello('x'), $t->nothing(1, 2));`, strings.Repeat("NULL\n", 3)},
		{`echo $t->FromInner();`, "inner"},
		{`echo $t->Var ? 1 : 0, isset($t->Var) ? 1 : 0, empty($t->Var) ? 1 : 0, isset($t->hidden) ? 1 : 0, empty($t->N) ? 1 : 0;`, "11001"},
		{`var_dump(isset($t->Any), isset($t->Chan)); $t->Any = 1; var_dump(isset($t->Any));`, "bool(false)\nbool(false)\nbool(true)\n"},
		{`unset($t->Var); echo $t->Var;`, "Foo"},
		{`echo $t->Sum(), $t->Sum(1, 2), $t->Sum(...[3, 4, 5]);`, "0515"},
		{`echo $t->Types(1, 1.5, 'x', true, null, [1], ['a' => 1], new stdClass, $t);`, "[]interface {} int64 float64 string bool <nil> []interface {} map[string]interface {} map[string]interface {} map[string]interface {}"},
		{`echo $t->Take(7, 2, [1, 2]);`, "7 2 [1 2]"},
		{`echo $t->Dict(['a' => 5]), $t->Dict([6]), $t->Dict([]), $t->Keys([7 => 'seven']);`, "560seven"},
		{`echo json_encode($t->Object()), get_class($t->Object());`, `{"X":[1]}stdClass`},
		{`var_dump($t->Fail(), $t->Fine(), $t->Self());`, strings.Repeat("NULL\n", 3)},
		{`$t->N = 5; $t->U = 255; $t->F = 2; $t->B = true; $t->Bytes = 'raw'; $t->Names = ['a', 'b']; $t->Ages = ['a' => 1]; echo $t->N, $t->U, $t->F, $t->B, $t->Bytes, json_encode([$t->Names, $t->Ages]);`,
			`521[["a","b"],{"a":1}]`}, // NewValue takes no unsigned numbers
		{`$t->Any = ['x' => [1]]; echo json_encode($t->Any); $t->Any = null; var_dump($t->Any); $t->Names = null; echo json_encode($t->Names);`, "{\"x\":[1]}NULL\n[]"},
		{`foreach (['N' => 'x', 'U' => 256, 'B' => 1, 'Var' => 5, 'Names' => [1], 'Ages' => ['a' => 'b'], 'F' => 'x'] as $k => $v) { try { $t->$k = $v; echo 'no'; } catch (TypeError $e) { echo get_class($e)[0]; } } try { $t->Var = null; } catch (TypeError $e) { echo $e->getMessage(); }`,
			"TTTTTTTCannot assign null to property TestReceiver::$Var of type string"},
		{`try { $t->Hello(); } catch (ArgumentCountError $e) { echo $e->getMessage(); }`, "TestReceiver::Hello() takes 1 arguments, 0 given"},
		{`try { $t->Hello(1, 2); } catch (ArgumentCountError $e) { echo $e->getMessage(); }`, "TestReceiver::Hello() takes 1 arguments, 2 given"},
		{"try {\n$t->Hello(5); } catch (TypeError $e) { echo $e->getMessage(), ' ', $e->getLine(), count($e->getTrace()), $e->getTrace()[0]['function']; }",
			"TestReceiver::Hello(): Argument #1 must be of type string, int given 22Hello"},
		{`try { $t->Panic(); } catch (Error $e) { echo $e->getMessage(); }`, "TestReceiver::Panic() panicked: lost my head"},
		{`try { $t->Leave(); } catch (Error $e) { echo $e->getMessage(); }`, "TestReceiver::Leave() did not return"},
		{`try { clone $t; } catch (Error $e) { echo $e->getMessage(); }`, "Call to private TestReceiver::__clone() from global scope"},
		{`try { class Sub extends TestReceiver {} } catch (Error $e) {}`, "fatal"},
		{`var_dump((array) $t, get_object_vars($t)); var_dump(is_callable([$t, 'Hello']));`, "array(0) {\n}\narray(0) {\n}\nbool(true)\n"},
		{`$u = unserialize(serialize($t)); var_dump($u->Var, $u->Hello('x'), isset($u->Var)); $u->Var = 1;`, "NULL\nNULL\nbool(false)\n"},
		{`echo implode(array_map([$t, 'Hello'], ['a', 'b']));`, "Hello aHello b"},
		{`$f = new Fiber(fn() => $t->Hello(Fiber::suspend())); $f->start(); $f->resume('fiber'); echo $f->getReturn();`, "Hello fiber"},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			if tt.want == "fatal" {
				_, err := c.Eval(tt.code)
				require.ErrorContains(t, err, "final class")
				c.printed()
				return
			}
			require.Equal(t, tt.want, c.eval(t, fresh+tt.code))
		})
	}
}

func TestReceiversOfAllKinds(t *testing.T) {
	e := start(t)
	c := open(t, e)
	require.NoError(t, e.Define(`My\App\Thing`, func([]interface{}) interface{} { return Inner{"by value"} }))
	require.NoError(t, e.Define("Text", func([]interface{}) interface{} { return named("text") }))
	require.NoError(t, e.Define("Nothing", func([]interface{}) interface{} { return (*greeter)(nil) }))
	require.NoError(t, e.Define("Bad", func([]interface{}) interface{} { panic("no such thing") }))
	require.NoError(t, e.Define("Without", nil))
	require.Equal(t, `My\App\Thing by value by value inner`, c.eval(t, `use My\App\Thing; $t = new Thing; echo get_class($t), ' ', $t->Promoted; $t->Promoted = 'x'; echo ' ', $t->Promoted, ' ', $t->FromInner();`))
	require.Equal(t, "TEXT", c.eval(t, `$t = new Text; echo $t->Upper(), $t->none;`))
	require.Equal(t, "Hello x", c.eval(t, `$t = new Nothing; echo $t->Var, $t->Hello('x');`))
	_, err := c.Eval("\nnew Bad;")
	require.ErrorContains(t, err, "Uncaught Error: Bad::__construct() panicked: no such thing in gophp-engine:2")
	_, err = c.Eval(`new Without;`)
	require.ErrorContains(t, err, "Failed to instantiate method receiver")
}

func (n named) Upper() string { return strings.ToUpper(string(n)) }

// Go lets go of what PHP has let go of.
func TestReceiversAreReleased(t *testing.T) {
	e := start(t)
	c := open(t, e)
	var alive []*greeter
	require.NoError(t, e.Define("G", func([]interface{}) interface{} {
		g := &greeter{Var: "alive"}
		alive = append(alive, g)
		return g
	}))
	require.Equal(t, "alive", c.eval(t, `class User { function __construct(public $g) {} function __destruct() { echo $this->g->Var; } }
		$a = new G; $b = new G; $b = null; $u = new User(new G); $u = null;`))
	require.Len(t, alive, 3)
	c.eval(t, `$u = new User($a); $v = new G;`)
	c.Destroy()
	require.Equal(t, "alive", c.printed(), "destructors at the end of the request still have them")
}
