package phpexttest

import (
	"fmt"

	"github.com/phpsock/phpsock/phpext"
)

// checkArity returns what PHP throws for too few or too many arguments.
func checkArity(row *phpext.Row, given int) *phpext.Throw {
	most := row.Max()
	if given >= row.Required && (most < 0 || given <= most) {
		return nil
	}
	bound, n := "exactly", row.Required
	if most != row.Required {
		bound = "at least"
		if given > row.Required {
			bound, n = "at most", most
		}
	}
	plural := "s"
	if n == 1 {
		plural = ""
	}
	return &phpext.Throw{
		Class:   "ArgumentCountError",
		Message: fmt.Sprintf("%s() expects %s %d argument%s, %d given", row.Name, bound, n, plural, given),
	}
}

// checkTypes compares the arguments with the declared types and turns ints into floats
// where only those are taken. What is passed by reference is not looked at: the
// function sets it.
func checkTypes(row *phpext.Row, values []phpext.Value) *phpext.Throw {
	for i, v := range values {
		p := row.Params[min(i, len(row.Params)-1)]
		t := phpext.TypeOf(v)
		switch {
		case p.Type == 0, p.ByRef, p.Type.Has(t):
		case t == phpext.TypeInt && p.Type.Has(phpext.TypeFloat):
			values[i] = phpext.Float(v.Float())
		default:
			return &phpext.Throw{
				Class:   "TypeError",
				Message: fmt.Sprintf("must be of type %s, %s given", p.Type, v.Kind()),
				Arg:     i + 1,
			}
		}
	}
	return nil
}

// complete puts the function and the argument before a message that lacks them.
func complete(row *phpext.Row, t *phpext.Throw) *phpext.Throw {
	if t == nil || t.Arg == 0 {
		return t
	}
	p := row.Params[min(t.Arg, len(row.Params))-1]
	return &phpext.Throw{
		Class:   t.Class,
		Message: fmt.Sprintf("%s(): Argument #%d ($%s) %s", row.Name, t.Arg, p.Name, t.Message),
	}
}
