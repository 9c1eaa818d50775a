package phpext

import (
	"fmt"
	"strings"
)

// Direct names the plain case of a function that the engine may do itself, on a socket
// with a descriptor and with its waiting, without entering Go. The row's body runs for
// the rest: when that operation failed ([Call.Errno] is then its errno), when an
// argument has to be refused in words, and for sockets without a descriptor.
type Direct uint8

// The operations that the engine knows.
const (
	DirectNone Direct = iota
	DirectAccept
	DirectRecvFrom
	DirectSendTo
	DirectGetName
	DirectShutdown
)

// Function is one row of a table.
type Function struct {
	// Prototype is written as in PHP's manual:
	// "host_lookup(string $key, ?string &$error = null): string|false".
	// See [ParsePrototype].
	Prototype string
	// Call is the body. It must not block; see [Call.Await] and [Call.Background].
	// An error other than a [*Throw] becomes a PHP Error with its text.
	Call func(*Call) (Value, error)
	// Replaces: the row stands in for PHP's function of that name, whose signature the
	// prototype must be.
	Replaces bool
	// Hidden: the engine itself calls the row, and scripts do not see it.
	Hidden bool
	// Context is the name of the parameter that is a stream context; "" means none.
	Context string
	// Direct is the plain case that the engine may do itself.
	Direct Direct
}

// Row is a function of a table with its parsed prototype.
type Row struct {
	Function
	Signature
}

// TableError says which row a table cannot have.
type TableError struct {
	Name   string // the function, or the prototype where no name could be read
	Reason string
	Err    error // what caused it, or nil
}

// Error returns for example "phpext: new table: host_lookup: no body".
func (e *TableError) Error() string {
	return fmt.Sprintf("phpext: new table: %s: %s", e.Name, e.Reason)
}

// Unwrap returns the cause, a [*PrototypeError] where the prototype is wrong.
func (e *TableError) Unwrap() error { return e.Err }

// Table is a set of functions by name. It does not change once it was made, so any
// number of goroutines may read it.
type Table struct {
	rows   []*Row
	byName map[string]*Row
}

// NewTable parses the rows and returns them as a table. The error is a [*TableError].
func NewTable(rows ...Function) (*Table, error) {
	t := &Table{byName: make(map[string]*Row, len(rows))}
	for _, f := range rows {
		row, err := newRow(f)
		if err != nil {
			return nil, err
		}
		name := strings.ToLower(row.Name)
		if t.byName[name] != nil {
			return nil, &TableError{Name: row.Name, Reason: "duplicate"}
		}
		t.byName[name] = row
		t.rows = append(t.rows, row)
	}
	return t, nil
}

func newRow(f Function) (*Row, error) {
	s, err := ParsePrototype(f.Prototype)
	if err != nil {
		return nil, &TableError{Name: f.Prototype, Reason: err.Error(), Err: err}
	}
	if f.Call == nil {
		return nil, &TableError{Name: s.Name, Reason: "no body"}
	}
	if f.Context != "" {
		i := s.Param(f.Context)
		if i < 0 {
			return nil, &TableError{Name: s.Name, Reason: fmt.Sprintf("unknown context parameter $%s", f.Context)}
		}
		if s.Params[i].ByRef || s.Params[i].Variadic {
			return nil, &TableError{Name: s.Name, Reason: fmt.Sprintf("context parameter $%s must be plain", f.Context)}
		}
	}
	if f.Direct != DirectNone && !f.Replaces {
		return nil, &TableError{Name: s.Name, Reason: "only a row that replaces can be direct"}
	}
	return &Row{Function: f, Signature: s}, nil
}

// Rows returns the rows in the order in which they were given.
func (t *Table) Rows() []*Row { return t.rows }

// Lookup returns the row with that name; as in PHP, case does not matter.
func (t *Table) Lookup(name string) (*Row, bool) {
	row, ok := t.byName[strings.ToLower(name)]
	return row, ok
}
