package php

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/phpsock/phpsock/phpext"
)

// Context is one request of PHP: variables, functions and classes last from one call to
// the next. Calls from several goroutines run one after another.
type Context struct {
	// Output takes what scripts print, Log the lines of PHP's error log where no
	// error_log is set. Each print and each message is one Write, before the call returns;
	// nil drops it. A Write that fails ends the request, and the call returns its error;
	// one that blocks keeps Destroy waiting. They may be changed while no call is under way.
	Output io.Writer
	Log    io.Writer

	// Header holds the headers that scripts have set with header(). It is up to date at
	// the first Write of Output (but not for a script that calls header_register_callback)
	// and whenever a call has returned. What the program puts into it stays until a script
	// sets a header of that name.
	Header http.Header

	engine    *Engine
	calls     chan struct{} // holds a token while a call is under way
	destroyed chan struct{} // closed by the first Destroy
	destroy   sync.Once
	request   *request // the open one, or nil; guarded by calls

	mu      sync.Mutex
	values  map[string]*Value // what is bound
	pending []string          // names that the open request does not know yet
}

// Bind makes val the global variable with that name, in the open request and in those
// after it. What [NewValue] cannot take is an error.
func (c *Context) Bind(name string, val interface{}) error {
	v, err := NewValue(val)
	if err != nil {
		return err
	}
	if c.isDestroyed() {
		return fmt.Errorf("Failed to bind '%s' in context: %w", name, ErrDestroyed)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[name] = v
	c.pending = append(c.pending, name)
	return nil
}

// Exec runs a PHP file, in the file's folder. A relative name is one in the process's
// folder, else in PHP's include_path. The error begins with "Error executing script
// 'FILENAME' in context: " and wraps a [*bridge.FatalError] if it was PHP's, for example
// for an uncaught exception. A script that calls exit() is no error.
func (c *Context) Exec(filename string) error {
	_, err := c.run(filename, commandFile, absolute(filename))
	return err
}

// Eval runs PHP code, without an opening tag, and returns what it returns, which is null
// where there is no return statement. Errors are as those of [Context.Exec], with the
// code in the place of the file's name; a resource cannot be returned.
func (c *Context) Eval(script string) (*Value, error) {
	return c.run(script, commandCode, script)
}

// absolute returns the path of a file in the process's folder. What is not there PHP
// looks for in its include_path.
func absolute(filename string) string {
	path, err := filepath.Abs(filename)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return filename
	}
	return path
}

func (c *Context) run(script string, kind, text string) (*Value, error) {
	v, err := c.call(kind, text)
	if err != nil {
		return nil, fmt.Errorf("Error executing script '%s' in context: %w", script, err)
	}
	return v, nil
}

// call runs a command once it is its turn, in the open request or a new one.
func (c *Context) call(kind, text string) (*Value, error) {
	if c.engine.inside() {
		return nil, ErrInside
	}
	select {
	case c.calls <- struct{}{}:
		defer func() { <-c.calls }()
	case <-c.destroyed:
		return nil, ErrDestroyed
	}
	if c.isDestroyed() {
		return nil, ErrDestroyed
	}
	for {
		r, err := c.open()
		if err != nil {
			return nil, err
		}
		a, accepted := r.do(c.command(kind, text))
		if r.isOver() {
			c.close()
			if !accepted && r.err == nil && !c.isDestroyed() {
				continue // a signal handler called exit() while it was idle
			}
			if a == nil {
				return &Value{}, r.failure()
			}
		} else {
			c.engine.turn.setIdle(c, true)
		}
		return a.value, a.err
	}
}

// open returns the open request and marks it as used, or begins one.
func (c *Context) open() (*request, error) {
	if c.request != nil && c.request.isOver() {
		if err := c.close(); err != nil {
			return nil, err // its variables are gone, which must not go unnoticed
		}
	}
	if c.request != nil {
		c.engine.turn.setIdle(c, false)
		return c.request, nil
	}
	patience := c.engine.ContextWait
	if patience == 0 {
		patience = defaultContextWait
	}
	if err := c.engine.turn.take(c, patience); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.pending = c.pending[:0]
	for name := range c.values {
		c.pending = append(c.pending, name)
	}
	c.mu.Unlock()
	c.request = begin(c)
	return c.request, nil
}

// close lets go of the request, which is over, and returns what ended it.
func (c *Context) close() error {
	r := c.request
	c.request = nil
	r.finish()
	return r.failure()
}

// kinds of commands
const (
	commandCode = "code"
	commandFile = "file"
)

// command is what driver.php is to do: the code or file, before it what was bound since
// the last command, and the classes that there are.
func (c *Context) command(kind, text string) *phpext.Array {
	bind := phpext.NewArray()
	c.mu.Lock()
	for _, name := range c.pending {
		bind.Set(phpext.StringKey(name), c.values[name].php)
	}
	c.pending = c.pending[:0]
	c.mu.Unlock()
	classes := phpext.NewArray()
	for _, name := range c.engine.classes() {
		classes.Append(phpext.String(name))
	}
	cmd := phpext.NewArray()
	cmd.Set(phpext.StringKey(kind), phpext.String(text))
	cmd.Set(phpext.StringKey("bind"), phpext.ArrayValue(bind))
	cmd.Set(phpext.StringKey("classes"), phpext.ArrayValue(classes))
	return cmd
}

func (c *Context) isDestroyed() bool {
	select {
	case <-c.destroyed:
		return true
	default:
		return false
	}
}

// Destroy ends the context. A call that is under way is ended at once and returns
// [ErrDestroyed]. Otherwise shutdown functions and destructors run, as long as they take,
// and what is left in output buffers is written. Destroy returns when that is done; again
// it does nothing. Called from within the running script it returns before the end.
func (c *Context) Destroy() {
	if c.engine.inside() {
		go c.Destroy()
		return
	}
	c.destroy.Do(func() {
		atWork := false
		select {
		case c.calls <- struct{}{}:
		default:
			atWork = true
		}
		close(c.destroyed) // which ends a call that is under way
		if atWork {
			c.calls <- struct{}{}
		}
		if r := c.request; r != nil {
			r.end()
			_ = c.close() // PHP has logged it
		}
		<-c.calls
		c.engine.forget(c)
	})
}
