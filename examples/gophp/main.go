// Command gophp was written for github.com/deuill/go-php. All that has changed is the
// import of bridge/gophp in its place.
package main

import (
	"fmt"
	"log"
	"os"

	php "github.com/phpsock/phpsock/bridge/gophp"
)

// Counter is a class for PHP.
type Counter struct{ Count int }

// Add is one of its methods.
func (c *Counter) Add(n int) int {
	c.Count += n
	return c.Count
}

func newCounter(args []interface{}) interface{} {
	start, _ := args[0].(int64)
	return &Counter{Count: int(start)}
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	engine, err := php.New()
	if err != nil {
		return err
	}
	defer engine.Destroy()
	if err := engine.Define("Counter", newCounter); err != nil {
		return err
	}
	context, err := engine.NewContext()
	if err != nil {
		return err
	}
	context.Output = os.Stdout
	if err := context.Bind("names", []string{"Ada", "Grace"}); err != nil {
		return err
	}
	value, err := context.Eval(`
		$counter = new Counter(40);
		foreach ($names as $name) {
			echo "$name: {$counter->Add(1)}\n";
		}
		return ['count' => $counter->Count];`)
	if err != nil {
		return err
	}
	fmt.Println(value.Interface())
	return nil
}
