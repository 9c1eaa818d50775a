// Command hostfunction gives PHP scripts a function that is written in Go.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// env_lookup answers like a PHP function does: a value or false, and the reason
// in a parameter that it takes by reference.
var envLookup = phpext.Function{
	Prototype: "env_lookup(string $name, ?string &$error = null): string|false",
	Call: func(c *phpext.Call) (phpext.Value, error) {
		value, ok := os.LookupEnv(c.Text(0))
		if !ok {
			c.SetRef(1, phpext.String(fmt.Sprintf("%s is not set", c.Text(0))))
			return phpext.Bool(false), nil
		}
		return phpext.String(value), nil
	},
}

const script = `
var_dump(env_lookup('HOSTFUNCTION', $error));
var_dump(env_lookup('NO_SUCH_NAME', $error), $error);
`

func main() {
	ctx := context.Background()
	os.Setenv("HOSTFUNCTION", "from Go")
	engine, err := bridge.Start(ctx, bridge.Config{Functions: []phpext.Function{envLookup}})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close(ctx)
	if _, err := engine.Run(ctx, bridge.Request{Code: script}); err != nil {
		log.Print(err)
	}
}
