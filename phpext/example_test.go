package phpext_test

import (
	"fmt"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
)

// A function of the host with a by-reference parameter, called without PHP.
func Example() {
	hosts := map[string]string{"db": "10.0.0.7"}
	lookup := phpext.Function{
		Prototype: "host_lookup(string $key, ?string &$error = null): string|false",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			address, ok := hosts[c.Text(0)]
			if !ok {
				c.SetRef(1, phpext.String("no host "+c.Text(0)))
				return phpext.Bool(false), nil
			}
			c.SetRef(1, phpext.Null())
			return phpext.String(address), nil
		},
	}

	php, err := phpexttest.New(nil, lookup)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer php.Close()

	r := php.Call("host_lookup", "db", "")
	fmt.Println(r.Value, r.Refs["error"])
	r = php.Call("host_lookup", "cache", "")
	fmt.Println(r.Value, r.Refs["error"])
	r = php.Call("host_lookup")
	fmt.Println(r.Throw.Class, r.Throw.Message)
	// Output:
	// "10.0.0.7" null
	// false "no host cache"
	// ArgumentCountError host_lookup() expects at least 1 argument, 0 given
}
