package php

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// functions are the host functions that driver.php calls.
func functions() []phpext.Function {
	var rows []phpext.Function
	for prototype, body := range map[string]func(*request, *phpext.Call) (phpext.Value, error){
		`gophp\command(): ?array`: (*request).command,
		`gophp\done(mixed $value, ?string $text, ?array $error, array $headers): void`: (*request).done,
		`gophp\headers(array $headers): void`:                                          (*request).listHeaders,
		`gophp\create(string $class, array $arguments): int`:                           (*request).create,
		`gophp\get(int $number, string $name): mixed`:                                  (*request).get,
		`gophp\set(int $number, string $name, mixed $value): void`:                     (*request).set,
		`gophp\exists(int $number, string $name): bool`:                                (*request).exists,
		`gophp\call(int $number, string $name, array $arguments): mixed`:               (*request).callMethod,
		`gophp\release(int $number): void`:                                             (*request).release,
	} {
		rows = append(rows, phpext.Function{Prototype: prototype, Call: func(c *phpext.Call) (phpext.Value, error) {
			r, ok := c.Context().Value(requestKey{}).(*request)
			if !ok {
				return phpext.Null(), errors.New(c.Name() + "() is for contexts of package gophp")
			}
			return body(r, c)
		}})
	}
	return rows
}

// errDriver is for scripts that call what is the driver's.
var errDriver = errors.New("the function is not for scripts")

// command waits for the next command.
func (r *request) command(c *phpext.Call) (phpext.Value, error) {
	if r.busy {
		return phpext.Null(), errDriver
	}
	r.context.engine.thread.Store(int32(unix.Gettid()))
	var cmd *phpext.Array
	return c.Background(func(ctx context.Context) {
		select {
		case cmd = <-r.commands:
		case <-ctx.Done():
		}
	}, func(*phpext.Call) (phpext.Value, error) {
		if cmd == nil {
			return phpext.Null(), nil
		}
		r.busy = true
		return phpext.ArrayValue(cmd), nil
	})
}

// done is told how the command ended.
func (r *request) done(c *phpext.Call) (phpext.Value, error) {
	if !r.busy {
		return phpext.Null(), errDriver
	}
	r.busy = false
	r.setHeaders(headersOf(texts(c.Array(3))))
	a := &answer{}
	if e := c.Array(2); e != nil {
		message, _ := e.Get(phpext.IntKey(0))
		file, _ := e.Get(phpext.IntKey(1))
		line, _ := e.Get(phpext.IntKey(2))
		a.err = &bridge.FatalError{Message: renamed(message.Text()), File: renamed(file.Text()), Line: int(line.Int())}
	} else {
		a.value, a.err = returned(c.Arg(0), c.Arg(1))
	}
	r.answers <- a
	return phpext.Null(), nil
}

// listHeaders is told the headers when they are sent, which is before the first output.
func (r *request) listHeaders(c *phpext.Call) (phpext.Value, error) {
	r.setHeaders(headersOf(texts(c.Array(0))))
	return phpext.Null(), nil
}

func texts(a *phpext.Array) []string {
	var all []string
	for _, v := range a.All() {
		all = append(all, v.Text())
	}
	return all
}

// create makes the Go side of an object and returns its number.
func (r *request) create(c *phpext.Call) (phpext.Value, error) {
	receiver, args := r.context.engine.receiver(c.Text(0)), arguments(c.Array(1))
	if receiver == nil {
		return phpext.Null(), errDriver
	}
	return r.outside(c, c.Text(0)+"::__construct()", func() (any, error) {
		object, err := receiver.NewObject(args)
		if err != nil {
			return nil, phpext.Errorf("Exception", "%v", err)
		}
		return object, nil
	}, func(object any) phpext.Value {
		r.lastObject++
		r.objects[r.lastObject] = object.(*ReceiverObject)
		return phpext.Int(r.lastObject)
	})
}

func (r *request) get(c *phpext.Call) (phpext.Value, error) {
	if o := r.objects[c.Int(0)]; o != nil {
		if v, err := o.Get(c.Text(1)); err == nil {
			return v.php, nil
		}
	}
	return phpext.Null(), nil
}

func (r *request) set(c *phpext.Call) (phpext.Value, error) {
	if o := r.objects[c.Int(0)]; o != nil {
		return phpext.Null(), o.set(c.Text(1), interfaceOf(c.Arg(2)))
	}
	return phpext.Null(), nil
}

// exists answers isset(): a property that reads as null is not set.
func (r *request) exists(c *phpext.Call) (phpext.Value, error) {
	o := r.objects[c.Int(0)]
	if o == nil || !o.Exists(c.Text(1)) {
		return phpext.Bool(false), nil
	}
	v, err := o.Get(c.Text(1))
	return phpext.Bool(err == nil && v.Kind() != Null), nil
}

func (r *request) callMethod(c *phpext.Call) (phpext.Value, error) {
	o, name, args := r.objects[c.Int(0)], c.Text(1), arguments(c.Array(2))
	if o == nil {
		return phpext.Null(), nil
	}
	return r.outside(c, o.class+"::"+name+"()", func() (any, error) {
		return o.call(name, args)
	}, func(result any) phpext.Value {
		if v := result.(*Value); v != nil {
			return v.php
		}
		return phpext.Null()
	})
}

func (r *request) release(c *phpext.Call) (phpext.Value, error) {
	delete(r.objects, c.Int(0))
	return phpext.Null(), nil
}

// arguments are what a method gets.
func arguments(a *phpext.Array) []interface{} {
	args := make([]interface{}, 0, a.Len())
	for _, v := range a.All() {
		args = append(args, interfaceOf(v))
	}
	return args
}

// soon is how long PHP's thread waits for a method before it does so in a way that a
// cancel can end, which takes several times as long as most methods.
const soon = time.Millisecond

// outcome is what a method gave.
type outcome struct {
	result any
	err    error
}

// outside runs f, which is code of the program, while PHP waits, and answers with what
// then makes of its result. A request that is ended does not wait for f.
func (r *request) outside(c *phpext.Call, what string, f func() (any, error), then func(any) phpext.Value) (phpext.Value, error) {
	answer := func(o outcome) (phpext.Value, error) {
		if o.err != nil {
			return phpext.Null(), o.err
		}
		return then(o.result), nil
	}
	done := make(chan outcome, 1)
	go func() {
		o := outcome{err: errors.New(what + " did not return")} // but ended its goroutine
		defer func() {
			if reason := recover(); reason != nil {
				r.context.engine.logger.Error("panic in a receiver", "in", what, "panic", reason, "stack", string(debug.Stack()))
				o.err = fmt.Errorf("%s panicked: %v", what, reason)
			}
			done <- o
		}()
		r.context.engine.called(func() { o.result, o.err = f() })
	}()
	select {
	case o := <-done:
		return answer(o)
	case <-time.After(soon):
	}
	var late outcome
	return c.Background(func(ctx context.Context) {
		select {
		case late = <-done:
		case <-ctx.Done():
			late.err = ErrDestroyed // which nobody will see
		}
	}, func(*phpext.Call) (phpext.Value, error) { return answer(late) })
}
