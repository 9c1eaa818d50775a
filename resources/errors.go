package resources

import (
	"errors"
	"strconv"
	"syscall"
)

// Error tells what failed and what PHP is to see of it.
type Error struct {
	// Op is the step that failed: "parse", "resolve", "socket", "bind",
	// "listen", "connect", "send", "socketpair", "dup" or "unlink".
	Op string
	// Address is what the step was about: as given for "parse" and "resolve",
	// the numeric address or the path for the others.
	Address string
	// Errno is that of the system call that failed, or of a refusal by the
	// host; 0 when the step failed without one.
	Errno syscall.Errno
	// Text is PHP's errstr, such as "Address already in use". It is empty
	// where PHP has no text and says "Unknown error" in its warning.
	Text string

	cause error
}

// Error begins with the package and the operation.
func (e *Error) Error() string {
	text := e.Text
	if text == "" {
		text = "no address could be tried"
	}
	s := "resources: " + e.Op
	if e.Address != "" {
		s += " " + strconv.Quote(e.Address)
	}
	s += ": " + text
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the Errno. Where that is 0 it gives what a [Resolver] said, or
// nil.
func (e *Error) Unwrap() error {
	if e.Errno != 0 {
		return e.Errno
	}
	return e.cause
}

func sysError(op, address string, err error) *Error {
	errno := errnoOf(err)
	return &Error{Op: op, Address: address, Errno: errno, Text: Strerror(errno)}
}

// errnoOf gives EIO for an error that did not come from the system.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EIO
}
