package faultnet

import "io"

func (c *conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return c.inner.Read(p)
	}
	if err := wait(&c.ending, c.in.limit, c.in.gate); err != nil {
		return 0, c.failed(&c.in, err)
	}
	defer c.in.gate.leave()
	n, err := c.read(p)
	c.in.moved += int64(n)
	return n, err
}

// read does one read inside the gate.
func (c *conn) read(p []byte) (int, error) {
	if err := c.check(c.in.limit); err != nil {
		return 0, c.failed(&c.in, err)
	}
	if c.vanished.Load() {
		return c.never()
	}
	if c.in.ended {
		return 0, io.EOF
	}
	v := c.decide(operation{op: Read, offset: c.in.moved, length: len(p)})
	if err := c.obey(c.in.limit, v); err != nil {
		return 0, c.failed(&c.in, err)
	}
	switch v.do {
	case Reset:
		return 0, c.failed(&c.in, c.reset(v.err))
	case HalfOpen:
		c.vanished.Store(true)
		return c.never()
	case Truncate:
		c.in.ended = true
		return 0, io.EOF
	}
	if v.err != nil && v.chunk == 0 {
		return 0, c.failed(&c.in, v.err)
	}
	p = p[:min(int64(len(p)), v.segment)]
	if v.chunk > 0 {
		p = p[:min(len(p), v.chunk)]
	}
	n, err := c.inner.Read(p)
	switch {
	case c.vanished.Load(): // meanwhile, by a write
		return c.never()
	case err != nil:
		return n, c.passed(&c.in, err)
	case v.err != nil:
		return n, c.failed(&c.in, v.err)
	}
	return n, nil
}

// never waits for a peer that has vanished.
func (c *conn) never() (int, error) {
	return 0, c.failed(&c.in, wait[struct{}](&c.ending, c.in.limit, nil))
}

func (c *conn) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return c.inner.Write(p)
	}
	if err := wait(&c.ending, c.out.limit, c.out.gate); err != nil {
		return 0, c.failed(&c.out, err)
	}
	defer c.out.gate.leave()
	done := 0
	for done < len(p) {
		n, err := c.write(p[done:])
		done += n
		c.out.moved += int64(n)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// write does one operation inside the gate: everything, or up to the place where
// another rule begins.
func (c *conn) write(p []byte) (int, error) {
	if err := c.check(c.out.limit); err != nil {
		return 0, c.failed(&c.out, err)
	}
	if c.vanished.Load() {
		return len(p), nil
	}
	v := c.decide(operation{op: Write, offset: c.out.moved, length: len(p)})
	if err := c.obey(c.out.limit, v); err != nil {
		return 0, c.failed(&c.out, err)
	}
	switch v.do {
	case Reset:
		return 0, c.failed(&c.out, c.reset(v.err))
	case HalfOpen:
		c.vanished.Store(true)
		return len(p), nil
	}
	if v.err != nil && v.chunk == 0 {
		return 0, c.failed(&c.out, v.err)
	}
	p = p[:min(int64(len(p)), v.segment)]
	chunk := len(p)
	if v.chunk > 0 {
		chunk = min(chunk, v.chunk)
	}
	done := 0
	for done < len(p) {
		n, err := c.inner.Write(p[done:min(done+chunk, len(p))])
		done += n
		if err != nil {
			return done, c.passed(&c.out, err)
		}
		if v.err != nil {
			return done, c.failed(&c.out, v.err)
		}
	}
	return done, nil
}
