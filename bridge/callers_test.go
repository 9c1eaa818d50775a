package bridge_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

// A host function is a function like any other, wherever it is called from.
func TestCallers(t *testing.T) {
	add := phpext.Function{Prototype: "host_add(int $a, int $b = 10): int", Call: func(c *phpext.Call) (phpext.Value, error) {
		runtime.GC() // the engine's stack, often a fiber's, must not disturb the collector
		return phpext.Int(c.Int(0) + c.Int(1)), nil
	}}
	namespaced := reply(`Host\Sub\f(): string`, phpext.String("namespaced"))
	e := startWith(t, add, namespaced)
	tests := []struct{ name, code, want string }{
		{"array_map", `echo json_encode(array_map('host_add', [1, 2], [3, 4]));`, "[4,6]"},
		{"array_map with keys", `echo json_encode(array_map(host_add(...), ['x' => 1]));`, `{"x":11}`},
		{"array_filter", `echo count(array_filter([-10, 0], 'host_add'));`, "1"},
		{"array_reduce", `echo array_reduce([1, 2, 3], 'host_add', 0);`, "6"},
		{"usort", `$a = [1, 2]; usort($a, 'host_add'); echo count($a);`, "2"},
		{"closure", `$f = Closure::fromCallable('host_add'); echo $f(1);`, "11"},
		{"first-class callable", `$f = host_add(...); echo $f(b: 2, a: 1);`, "3"},
		{"variable function", `$f = 'Host_Add'; echo $f(1);`, "11"},
		{"call_user_func with names", `echo call_user_func('host_add', b: 2, a: 3);`, "5"},
		{"fiber", `$f = new Fiber('host_add'); $f->start(1, 2); echo $f->getReturn();`, "3"},
		{"fibers in turns", `$fs = []; for ($i = 0; $i < 20; $i++) { $fs[] = $f = new Fiber(function () use ($i) { $s = 0; for ($j = 0; $j < 5; $j++) { $s += host_add($i, $j); Fiber::suspend(); } return $s; }); $f->start(); }
			for ($j = 0; $j < 5; $j++) foreach ($fs as $f) $f->resume(); echo array_sum(array_map(fn($f) => $f->getReturn(), $fs));`, "1150"},
		{"nested fibers", `function nest($n) { $f = new Fiber(fn() => $n ? nest($n - 1) : host_add(1)); $f->start(); return host_add($f->getReturn(), 1); } echo nest(20);`, "32"},
		{"generator", `function g() { $x = yield host_add(1); yield host_add($x); } $g = g(); echo $g->current(), $g->send(5);`, "1115"},
		{"generator in a fiber", `function g() { yield host_add(1); Fiber::suspend(); yield host_add(2); } $f = new Fiber(function () { foreach (g() as $v) echo $v; }); $f->start(); $f->resume();`, "1112"},
		{"destructor", `class D { function __destruct() { echo host_add(1); } } new D;`, "11"},
		{"destructor at the end", `class D { function __destruct() { echo host_add(1); } } $d = new D;`, "11"},
		{"destructor of the collector", `class D { public $d; function __destruct() { echo host_add(1); } } $d = new D; $d->d = $d; unset($d); gc_collect_cycles();`, "11"},
		{"shutdown function", `register_shutdown_function(function () { echo host_add(1); }); echo 'end ';`, "end 11"},
		{"shutdown function itself", `register_shutdown_function('host_add', 1); echo 'end';`, "end"},
		{"output callback", `ob_start(fn($b) => $b . host_add(1)); echo 'x'; ob_end_flush();`, "x11"},
		{"output callback at the end", `ob_start(fn($b) => $b . host_add(1)); echo 'x';`, "x11"},
		{"error handler", `set_error_handler(fn() => print host_add(1)); echo $no;`, "11"},
		{"exception handler", `set_exception_handler(function () { echo host_add(1); }); throw new Exception;`, "11"},
		{"autoloader", `spl_autoload_register(function ($c) { echo host_add(1); }); class_exists('X');`, "11"},
		{"tick", `declare(ticks=1); function tick() { static $n = 0; if (!$n++) echo host_add(1); } register_tick_function('tick'); $a = 1;`, "11"},
		{"stream wrapper", `class W { public $context; function stream_open() { echo host_add(1); return true; } } stream_wrapper_register('ww', 'W'); fopen('ww://x', 'r');`, "11"},
		{"iterator", `class I implements IteratorAggregate { function getIterator(): Iterator { return new ArrayIterator([host_add(1)]); } } foreach (new I as $v) echo $v;`, "11"},
		{"preg_replace_callback", `echo preg_replace_callback('/\d/', fn($m) => host_add((int)$m[0]), 'a1b2');`, "a11b12"},
		{"eval", `echo eval('return host_add(1);');`, "11"},
		{"namespace", `namespace Any; echo host_add(1), \Host\Sub\f();`, "11namespaced"},
		{"use function", `use function Host\Sub\f; echo f();`, "namespaced"},
		{"is_callable", `var_dump(is_callable('host_add'), function_exists('HOST_ADD'), in_array('host_add', get_defined_functions()['internal']));`, "bool(true)\nbool(true)\nbool(true)\n"},
		{"backtrace", `function f() { throw new Exception; } try { f(host_add(1)); } catch (Exception $e) { echo $e->getTraceAsString(); }`, "#0 Command line code(1): f(11)\n#1 {main}"},
		{"result unused", `host_add(1); echo 'ok';`, "ok"},
		{"many", `for ($i = $s = 0; $i < 2000; $i++) $s = host_add($s, 1); echo $s;`, "2000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "many" && testing.Short() {
				t.Skip("collects garbage 2000 times")
			}
			require.Equal(t, tt.want, output(t, e, tt.code))
		})
	}
	requireClean(t, e)
}

func TestReflection(t *testing.T) {
	const signature = "(int $a, ?string $b = null, array|string|int|false $c = PHP_INT_MAX, float $d = 1.5, mixed $e = 'x', $f = [], &$g = null, bool ...$rest)"
	e := startWith(t, reply("host_f"+signature+": string|false|null", phpext.Null()), reply("host_void(): void", phpext.Null()),
		reply("host_plain(resource $r)", phpext.Null()), reply("host_bool(): bool", phpext.Bool(true)))
	const describe = `
	function describe(string $name) {
		$f = new ReflectionFunction($name);
		$d = [$f->getNumberOfParameters(), $f->getNumberOfRequiredParameters(), (string)$f->getReturnType(), $f->isVariadic(), $f->returnsReference()];
		foreach ($f->getParameters() as $p) {
			$d[] = [$p->getPosition(), $p->getName(), (string)$p->getType(), $p->allowsNull(), $p->isOptional(), $p->isPassedByReference(), $p->isVariadic(),
				$p->isDefaultValueAvailable() ? $p->getDefaultValue() : '-'];
		}
		return $d;
	}
	foreach (['host_f', 'host_bool', 'host_plain'] as $name) echo json_encode(describe($name)), "\n";`
	got := output(t, e, describe)
	want := oracle(t, "function host_f"+signature+": string|false|null {} function host_bool(): bool {} function host_plain($r) {}"+describe)
	require.Equal(t, want, got)
	require.Equal(t, "void 1", output(t, e, `$f = new ReflectionFunction('host_void'); echo $f->getReturnType(), ' ', $f->isInternal();`))
	require.Equal(t, "PHP_INT_MAX", output(t, e, `echo (new ReflectionParameter('host_f', 'c'))->getDefaultValueConstantName();`))
	require.Contains(t, output(t, e, `echo new ReflectionFunction('host_f');`), "Parameter #1 [ <optional> ?string $b = null ]")

	// Functions that were replaced keep what PHP says of them.
	const replaced = `foreach (['stream_socket_server', 'stream_socket_client', 'stream_socket_accept', 'stream_select', 'stream_socket_pair',
		'stream_get_transports', 'stream_socket_recvfrom', 'stream_socket_sendto', 'stream_socket_get_name', 'stream_socket_shutdown'] as $f) echo new ReflectionFunction($f);`
	require.Equal(t, oracle(t, replaced), output(t, e, replaced))
}
