package bridge_test

import (
	"fmt"
	"net"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// What goes into Go and comes back is the same, to the last bit and in the same order.
func TestValuesComeBack(t *testing.T) {
	e := startWith(t, phpext.Function{Prototype: "host_echo(mixed $v): mixed", Call: func(c *phpext.Call) (phpext.Value, error) {
		v := c.Arg(0)
		runtime.GC()
		return v, nil
	}})
	for _, v := range []string{
		"null", "true", "false", "0", "PHP_INT_MIN", "PHP_INT_MAX", "-0.0", "1.1", "5e-324", "PHP_FLOAT_MAX", "INF", "'\\0'", "''", "'a'", "'123'",
		"str_repeat('long', 100000)", "'" + "\xff\xfe" + "'", "[]", "[1, 2, 3]", "[3 => 'c', 1 => 'a']", "['' => 1, '0' => 2, '01' => 3, -1 => 4]",
		"['k' => ['k' => ['k' => [null, [], '']]]]", "range(1, 5000)", "array_fill_keys(range('a', 'z'), [1.5, true])",
	} {
		require.Equal(t, "bool(true)\n", output(t, e, "$v = "+v+"; $r = host_echo($v); var_dump($r === $v && serialize($r) === serialize($v));"), v)
	}
	require.Equal(t, "bool(true)\n", output(t, e, `var_dump(is_nan(host_echo(NAN)));`))
	require.Equal(t, `[1,2]`, output(t, e, `$a = 1; $b = [&$a, 2]; $r = host_echo($b); $r[0] = 9; $a = 1; echo json_encode($b);`), "references are not shared")
	require.Equal(t, "NULL\n", output(t, e, `var_dump(host_echo(new stdClass));`), "objects have no Go form")
	require.Equal(t, "array", output(t, e, `$a = []; $a['self'] = &$a; echo gettype(host_echo($a));`), "recursion is cut off")
	requireClean(t, e)
}

func TestResourcesComeIn(t *testing.T) {
	e := start(t, bridge.Config{Functions: []phpext.Function{{
		Prototype: "host_inspect(resource $r): string",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			r := c.Arg(0).Resource()
			socket, err := c.Socket(0)
			text := fmt.Sprintf("%s %t", r.Type, r.Handle != 0)
			if err == nil {
				text += fmt.Sprint(" ", socket.Transport(), " ", socket.Kind())
			}
			return phpext.String(text), nil
		}}, {
		Prototype: "host_name(resource $r): string",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			socket, err := c.Socket(0)
			if err != nil {
				return phpext.Null(), err
			}
			return phpext.String(socket.Local()), nil
		}},
	}})
	tests := []struct{ name, code, want string }{
		{"listener", `$s = stream_socket_server('tcp://127.0.0.1:0'); echo host_inspect($s), host_name($s) === stream_socket_get_name($s, false) ? ' same' : '';`, "stream true tcp listener same"},
		{"accepted", `$s = stream_socket_server('tcp://127.0.0.1:0'); $c = stream_socket_client('tcp://' . stream_socket_get_name($s, 0)); $a = stream_socket_accept($s); echo host_inspect($a);`, "stream true tcp connection"},
		{"pair", `[$a, $b] = stream_socket_pair(1, 1, 0); echo host_inspect($b);`, "stream true pair pair"},
		{"file", `echo host_inspect(STDIN);`, "stream false"},
		{"context", `echo host_inspect(stream_context_create());`, "stream-context false"},
		{"closed", `$s = stream_socket_server('tcp://127.0.0.1:0'); fclose($s); try { echo host_inspect($s); host_name($s); } catch (TypeError $e) { echo ' ', $e->getMessage(); }`,
			"Unknown false host_name(): supplied resource is not a valid stream resource"},
		{"no socket", `try { host_name(STDIN); } catch (TypeError $e) { echo $e->getMessage(); }`, "supplied resource is not a socket of this host"},
		{"other types", `try { host_name('x'); } catch (TypeError $e) { echo $e->getMessage(); }`, "host_name(): Argument #1 ($r) must be of type resource, string given"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, output(t, e, tt.code)) })
	}
	requireClean(t, e)
}

// A host function hands out streams: a listener that Go chose, a connection that Go made.
func TestStreamsGoOut(t *testing.T) {
	var e *bridge.Engine
	stream := func(s *resources.Socket, server bool) phpext.Value {
		return phpext.StreamValue(&phpext.NewStream{Socket: s, Handle: e.Sockets().Insert(s), Server: server})
	}
	e = start(t, bridge.Config{Functions: []phpext.Function{{
		Prototype: "host_pair(): array",
		Call: func(*phpext.Call) (phpext.Value, error) {
			a, b, err := resources.SocketPair(1, 1, 0, resources.Options{})
			if err != nil {
				return phpext.Null(), err
			}
			return phpext.List(stream(a, false), stream(b, false)), nil
		}}, {
		Prototype: "host_pair_by_reference(&$a, &$b = null): bool",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			a, b, err := resources.SocketPair(1, 1, 0, resources.Options{})
			if err != nil {
				return phpext.Null(), err
			}
			c.SetRef(0, stream(a, false))
			c.SetRef(1, stream(b, false))
			return phpext.Bool(true), nil
		}}, {
		Prototype: "host_never_inserted()",
		Call: func(*phpext.Call) (phpext.Value, error) {
			return phpext.StreamValue(&phpext.NewStream{}), nil
		}},
	}, Logger: quiet()})
	require.Equal(t, "hello stream", output(t, e, `[$a, $b] = host_pair(); fwrite($a, "hello"); fclose($a); echo stream_get_contents($b), ' ', get_resource_type($b);`))
	require.Equal(t, "hello", output(t, e, `host_pair_by_reference($a, $b); fwrite($a, "hello"); echo fread($b, 99);`))
	require.Equal(t, "", output(t, e, `host_pair();`), "nobody took them")
	require.Equal(t, "", output(t, e, `host_pair_by_reference($a);`), "the second one never became a stream")
	require.Equal(t, "2", output(t, e, `class T { public int $i = 2; } $t = new T; try { host_pair_by_reference($t->i); } catch (TypeError) {} echo $t->i;`))
	require.Equal(t, "bool(false)\n", output(t, e, `var_dump(host_never_inserted());`))
	requireClean(t, e)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
}
