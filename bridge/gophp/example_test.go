package php_test

import (
	"fmt"
	"log"
	"os"

	php "github.com/phpsock/phpsock/bridge/gophp"
)

func Example() {
	engine, err := php.New()
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Destroy()
	context, err := engine.NewContext()
	if err != nil {
		log.Fatal(err)
	}
	context.Output = os.Stdout

	if err := context.Bind("var", "Hello"); err != nil {
		log.Fatal(err)
	}
	value, err := context.Eval(`echo "Working\n"; return $var . ' World';`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(value.Interface())
	// Output:
	// Working
	// Hello World
}

// Account is what scripts see as a class.
type Account struct{ Owner string }

// Greet is a method in PHP, too.
func (a *Account) Greet(greeting string) string { return greeting + ", " + a.Owner + "!" }

func ExampleEngine_Define() {
	engine, err := php.New()
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Destroy()
	err = engine.Define("Account", func(args []interface{}) interface{} {
		owner, ok := args[0].(string)
		if !ok {
			return nil // PHP throws an Exception
		}
		return &Account{Owner: owner}
	})
	if err != nil {
		log.Fatal(err)
	}
	context, err := engine.NewContext()
	if err != nil {
		log.Fatal(err)
	}
	context.Output = os.Stdout
	_, err = context.Eval(`
		$account = new Account('Ada');
		echo $account->Greet('Hello'), "\n";
		$account->Owner = 'Grace';
		echo $account->Greet('Hi'), "\n";
		try {
			new Account(5);
		} catch (Exception $e) {
			echo $e->getMessage(), "\n";
		}
	`)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Hello, Ada!
	// Hi, Grace!
	// Failed to instantiate method receiver
}
