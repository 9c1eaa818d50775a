package phpext

import (
	"errors"
	"slices"

	"github.com/phpsock/phpsock/resources"
)

// secure are the transports of the engine that speak TLS over tcp.
var secure = []string{"ssl", "sslv3", "tls", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3"}

// openFunction is a call of stream_socket_server or stream_socket_client, which have the
// parameters $address, $error_code and $error_message in common.
type openFunction struct {
	opening
	address string // as given
	quoted  string // as the warning shows it
	server  bool
	own     NewStream
}

// begin sets the reference parameters to what they are on success and reads the
// transport. done means that the call ends with v and err.
func (f *openFunction) begin(c *Call) (done bool, v Value, err error) {
	c.SetRef(1, Int(0))
	c.SetRef(2, String(""))
	name, target := resources.SplitTransport(f.address)
	if !slices.Contains(f.transports(), name) {
		v, err = f.refuse(c, 0, `Unable to find the socket transport "`+name[:min(len(name), 31)]+
			`" - did you forget to enable it when you configured PHP?`)
		return true, v, err
	}
	if f.server && slices.Contains(secure, name) {
		// There is no TLS on a listener, only on what it accepts, which is the engine's part.
		name = string(resources.TCP)
	}
	if !f.makes(name) {
		v, err = c.Original()
		return true, v, err
	}
	f.transport, f.target = resources.Transport(name), target
	f.made = f.finish
	return false, Null(), nil
}

// context returns the stream context whose options count: flags may rule out the
// default one.
func (f *openFunction) context(c *Call, flags int64) *StreamContext {
	sc := c.StreamContext()
	if sc != nil && sc.Default && flags&FileNoDefaultContext != 0 {
		return nil
	}
	return sc
}

// finish returns the stream, or says what failed after PHP had made one.
func (f *openFunction) finish(c *Call, socket *resources.Socket, err error) (Value, error) {
	if err == nil {
		return f.stream(socket, f.own), nil
	}
	c.failedStream()
	code, text := errorOf(err)
	return f.refuse(c, code, text)
}

// refuse ends the call with false; an empty text leaves $error_message as it is.
func (f *openFunction) refuse(c *Call, code int64, text string) (Value, error) {
	shown := text
	if shown == "" {
		shown = "Unknown error"
	}
	c.Warn("Unable to connect to %s (%s)", f.quoted, shown)
	c.SetRef(1, Int(code))
	if text != "" {
		c.SetRef(2, String(text))
	}
	return Bool(false), nil
}

// errorOf returns what $error_code and $error_message are for a failure.
func errorOf(err error) (code int64, text string) {
	var e *resources.Error
	if errors.As(err, &e) {
		return int64(e.Errno), e.Text
	}
	return 0, err.Error()
}
