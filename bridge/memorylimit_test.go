package bridge_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// Running out of memory between Go and PHP ends the script, not the engine, and never
// the host. The sizes are above the limit, and above twice the limit.
func TestMemoryLimitAroundCalls(t *testing.T) {
	for name, size := range map[string]int{"above": 10 << 20, "far above": 32 << 20} {
		for what, code := range map[string]string{
			"result": `host_big();`, "array": `host_many();`, "reference": `host_set($x);`, "warning": `@host_warn();`,
			"exception": `try { host_throw(); } catch (Error) {}`, "result in a fiber": `(new Fiber(fn() => host_big()))->start();`,
			"argument": `$big = str_repeat('x', 5 << 20); echo '!'; host_take($big);`, "arguments": `host_take(...array_fill(0, 500, $part));`,
			"array argument":    `host_take(array_fill(0, 20000, $part));`,
			"buffer to receive": `[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); fwrite($a, 'x'); stream_socket_recvfrom($b, $size);`,
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				if isolated(t) { // what goes wrong here ends the process
					return
				}
				big := strings.Repeat("x", size)
				list := phpext.NewArray()
				for i := 0; what == "array" && i < size/16; i++ {
					list.Append(phpext.Int(int64(i)))
				}
				e := startWith(t, reply("host_big(): string", phpext.String(big)), reply("host_many(): array", phpext.ArrayValue(list)),
					phpext.Function{Prototype: "host_set(&$r)", Call: func(c *phpext.Call) (phpext.Value, error) {
						c.SetRef(0, phpext.String(big))
						return phpext.Null(), nil
					}},
					phpext.Function{Prototype: "host_warn()", Call: func(c *phpext.Call) (phpext.Value, error) {
						c.Warn("%s", big)
						return phpext.Null(), nil
					}},
					phpext.Function{Prototype: "host_throw()", Call: func(c *phpext.Call) (phpext.Value, error) {
						return phpext.Null(), phpext.Errorf("Error", "%s", big)
					}},
					reply("host_take(...$all)", phpext.Null()))
				// What the script has itself fits; what is made of it on the way does not.
				prepare := `$size = (int)getenv('SIZE'); $part = str_repeat('x', intdiv($size, 500)); echo 'ready'; `
				for range 3 {
					out, result, err := run(t, e, bridge.Request{Code: prepare + code + ` echo 'survived';`,
						Env: map[string]string{"SIZE": strconv.Itoa(size)}, INI: map[string]string{"memory_limit": "8M"}})
					require.ErrorContains(t, err, "Allowed memory size of 8388608 bytes exhausted")
					require.Contains(t, out, "ready", "it ended before the call")
					require.NotContains(t, out, "survived")
					require.Equal(t, 255, result.ExitStatus)
				}
				requireClean(t, e)
			})
		}
	}
}
