package phpext

import "github.com/phpsock/phpsock/resources"

// NumArgs returns how many arguments were passed.
func (c *Call) NumArgs() int { return len(c.env.Args) }

// Passed reports whether argument i was passed, counted from 0.
func (c *Call) Passed(i int) bool { return i >= 0 && i < len(c.env.Args) }

// Arg returns argument i, counted from 0, or the parameter's default where it was not
// passed.
func (c *Call) Arg(i int) Value {
	if c.Passed(i) {
		return c.env.Args[i]
	}
	if i >= 0 && i < len(c.row.Params) {
		return c.row.Params[i].Default
	}
	return Null()
}

// Int returns argument i as an int.
func (c *Call) Int(i int) int64 { return c.Arg(i).Int() }

// Float returns argument i as a float.
func (c *Call) Float(i int) float64 { return c.Arg(i).Float() }

// Text returns argument i as a string.
func (c *Call) Text(i int) string { return c.Arg(i).Text() }

// Bool returns argument i as a bool.
func (c *Call) Bool(i int) bool { return c.Arg(i).Bool() }

// Array returns argument i as an array, nil (which is empty) where it is none.
func (c *Call) Array(i int) *Array { return c.Arg(i).Array() }

// Rest returns the arguments that a variadic last parameter takes up.
func (c *Call) Rest() []Value {
	n := len(c.row.Params)
	if n == 0 || !c.row.Params[n-1].Variadic || len(c.env.Args) < n {
		return nil
	}
	return c.env.Args[n-1:]
}

// Socket returns the host's socket behind argument i, counted from 0. The error is what
// a body returns: the TypeError of PHP for a value that is no resource, for one of
// another type and for a closed one, and [ErrForeignStream] for a stream that is not a
// socket of this host.
func (c *Call) Socket(i int) (*resources.Socket, error) {
	if err := c.wantResource(i); err != nil {
		return nil, err
	}
	r := c.Arg(i).Resource()
	if r.isStream() {
		if r.Handle == 0 {
			return nil, ErrForeignStream
		}
		if c.env.Socket != nil {
			if s, ok := c.env.Socket(r.Handle); ok {
				return s, nil
			}
		}
	}
	return nil, TypeError(0, "%s(): supplied resource is not a valid stream resource", c.Name())
}

// wantResource is the check of PHP's parameter parsing, which comes before that of any
// other argument's value.
func (c *Call) wantResource(i int) error {
	if v := c.Arg(i); v.Kind() != KindResource {
		return TypeError(i+1, "must be of type resource, %s given", v.Kind())
	}
	return nil
}
