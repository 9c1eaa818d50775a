package phpext

import (
	"errors"
	"fmt"
)

// Throw is an exception that PHP is to throw. It is an error, so a body returns it.
type Throw struct {
	// Class is the name of the exception's class: Error, TypeError, ValueError or any
	// other class that is loaded.
	Class string
	// Message is the text.
	Message string
	// Arg is the argument that is to blame, counted from 1: PHP then puts
	// "name(): Argument #1 ($x) " before the message. 0: the message is complete.
	Arg int
}

// Error returns for example "phpext: ValueError: argument 2 must be greater than 0".
func (t *Throw) Error() string {
	if t.Arg > 0 {
		return fmt.Sprintf("phpext: %s: argument %d %s", t.Class, t.Arg, t.Message)
	}
	return fmt.Sprintf("phpext: %s: %s", t.Class, t.Message)
}

// ValueError returns the error for an argument with the right type and a wrong value,
// https://www.php.net/manual/en/class.valueerror.php. arg counts from 1.
func ValueError(arg int, format string, args ...any) error {
	return &Throw{Class: "ValueError", Message: fmt.Sprintf(format, args...), Arg: arg}
}

// TypeError returns the error for an argument of a wrong type,
// https://www.php.net/manual/en/class.typeerror.php. arg counts from 1; 0: the
// message names no argument.
func TypeError(arg int, format string, args ...any) error {
	return &Throw{Class: "TypeError", Message: fmt.Sprintf(format, args...), Arg: arg}
}

// Errorf returns an exception of any class with a message of its own.
func Errorf(class, format string, args ...any) error {
	return &Throw{Class: class, Message: fmt.Sprintf(format, args...)}
}

// ErrForeignStream is what [Call.Socket] returns for an open stream that is not one of
// this host's sockets. A body that returns it lets PHP's own function answer if its row
// stands in for one; for other rows it becomes a TypeError.
var ErrForeignStream = errors.New("phpext: the stream is not a socket of this host")
