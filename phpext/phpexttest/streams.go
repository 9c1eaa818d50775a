package phpexttest

import "github.com/phpsock/phpsock/phpext"

// made returns v with the streams that are to be made in it as resources.
func (e *Engine) made(v phpext.Value, sc *phpext.StreamContext) phpext.Value {
	switch v.Kind() {
	case phpext.KindStream:
		s := v.Stream()
		e.last++
		r := &phpext.Resource{Type: "stream", ID: e.last, Handle: s.Handle}
		if sc != nil && !(sc.Default && s.NoDefaultContext) {
			e.contexts[r] = sc
		}
		return phpext.ResourceValue(r)
	case phpext.KindArray:
		a := phpext.NewArray()
		for k, x := range v.Array().All() {
			a.Set(k, e.made(x, sc))
		}
		return phpext.ArrayValue(a)
	}
	return v
}

// CloseStream closes a stream that a call returned, as fclose does.
func (e *Engine) CloseStream(v phpext.Value) {
	r := v.Resource()
	if r == nil || r.Handle == 0 {
		return
	}
	if s, ok := e.Sockets.Lookup(r.Handle); ok {
		_ = s.Close()
		e.Sockets.Remove(r.Handle)
	}
	r.Type = "Unknown"
	delete(e.contexts, r)
}

// ForeignStream returns an open stream that is not a socket of the host, such as a file.
func (e *Engine) ForeignStream() phpext.Value {
	e.last++
	return phpext.ResourceValue(&phpext.Resource{Type: "stream", ID: e.last})
}
