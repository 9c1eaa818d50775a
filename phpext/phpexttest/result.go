package phpexttest

import (
	"fmt"

	"github.com/phpsock/phpsock/phpext"
)

// Error is an error that a call raised, with the text that PHP would show.
type Error struct {
	Level phpext.Level
	Text  string
}

// String returns for example "Warning: stream_socket_accept(): Accept failed: …".
func (e Error) String() string { return e.Level.String() + ": " + e.Text }

// Result is what became of a call.
type Result struct {
	// Value is the result. Streams in it are resources that later calls take.
	Value phpext.Value
	// Refs are the values that were assigned to by-reference parameters, by name; an
	// argument of a variadic one is "name[0]".
	Refs map[string]phpext.Value
	// Errors are the errors in their order.
	Errors []Error
	// Effects are the assignments and errors in the order in which the body asked for
	// them.
	Effects []phpext.Effect
	// Throw is the exception with its complete message, or nil.
	Throw *phpext.Throw
	// Waits are the waits of the call, in order.
	Waits []phpext.Wait
	// Original: PHP's own function would have answered.
	Original bool
	// FailedStream: a resource number was used up by a stream that failed to open.
	FailedStream bool
	// Cancelled: the engine's context ended while the call waited; there is no result.
	Cancelled bool

	name string
}

// Texts returns the errors as text, one a line of what PHP would log.
func (r Result) Texts() []string {
	texts := make([]string, len(r.Errors))
	for i, e := range r.Errors {
		texts[i] = e.String()
	}
	return texts
}

// finish applies the outcome of a call.
func (e *Engine) finish(r *Result, row *phpext.Row, env phpext.Env, out phpext.Outcome) {
	sc := env.StreamContext
	if out.Original {
		r.Original = true
		return
	}
	if r.FailedStream = out.FailedStream; r.FailedStream {
		e.last++
	}
	for _, effect := range out.Effects {
		switch effect.Kind {
		case phpext.EffectSetRef:
			effect.Value = e.made(effect.Value, sc)
			r.Refs[refName(row, effect.Param)] = effect.Value
		case phpext.EffectError:
			text := effect.Text
			if !effect.Bare {
				text = row.Name + "(): " + text
			}
			r.Errors = append(r.Errors, Error{effect.Level, text})
		case phpext.EffectClose:
			e.close(env.Args[effect.Param].Resource())
		}
		r.Effects = append(r.Effects, effect)
	}
	if out.Throw != nil {
		r.Throw = complete(row, out.Throw)
		return
	}
	r.Value = e.made(out.Value, sc)
}

func refName(row *phpext.Row, i int) string {
	last := len(row.Params) - 1
	if i < last || !row.Params[last].Variadic {
		return row.Params[i].Name
	}
	return fmt.Sprintf("%s[%d]", row.Params[last].Name, i-last)
}

// close closes a stream as fclose does.
func (e *Engine) close(r *phpext.Resource) {
	if socket, ok := e.Sockets.Lookup(r.Handle); ok {
		_ = socket.Close()
		e.Sockets.Remove(r.Handle)
	}
	r.Type = "Unknown"
}
