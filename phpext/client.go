package phpext

import (
	"strings"

	"github.com/phpsock/phpsock/resources"
)

// clientFunction is https://www.php.net/manual/en/function.stream-socket-client.php.
// Persistent clients are PHP's function, which finds them again or asks the transport.
func (s *Sockets) clientFunction() Function {
	return Function{
		Prototype: "stream_socket_client(string $address, &$error_code = null, &$error_message = null, " +
			"?float $timeout = null, int $flags = STREAM_CLIENT_CONNECT, $context = null)",
		Call:     s.client,
		Replaces: true,
		Context:  "context",
	}
}

func (s *Sockets) client(c *Call) (Value, error) {
	address, flags := c.Text(0), c.Int(4)
	timeout, err := connectTimeout(c, 3)
	if err != nil {
		return Null(), err
	}
	f := &openFunction{opening: opening{Sockets: s}, address: address, quoted: addSlashes(address)}
	if done, v, err := f.begin(c); done {
		return v, err
	}
	if flags&StreamClientPersistent != 0 {
		return c.Original()
	}
	async := flags&StreamClientAsyncConnect != 0
	f.own = NewStream{Target: f.target, NoDefaultContext: flags&FileNoDefaultContext != 0}
	if flags&StreamClientConnect == 0 && !async {
		return f.finish(c, resources.Unbound(f.transport), nil)
	}
	f.own.Async = async
	return f.connect(c, f.context(c, flags), timeout, async)
}

// slashes is made once: making it costs as much as ten system calls.
var slashes = strings.NewReplacer(`'`, `\'`, `"`, `\"`, `\`, `\\`, "\x00", `\0`)

// addSlashes is https://www.php.net/manual/en/function.addslashes.php.
func addSlashes(s string) string { return slashes.Replace(s) }
