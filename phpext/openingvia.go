package phpext

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// Openings that are not the kernel's: through the host's dialer and listen config, and in
// memory. All of it may wait, so it is done on goroutines.

func (o *opening) listenVia(c *Call, addrs []netip.AddrPort, path string) (Value, error) {
	var socket *resources.Socket
	var err error
	return c.Background(func(ctx context.Context) {
		socket, err = abandon(ctx, func() (*resources.Socket, error) {
			return resources.ListenVia(ctx, o.ListenConfig, o.transport, addrs, path, o.options)
		}, closeLate)
	}, func(c *Call) (Value, error) { return o.bound(c, socket, err) })
}

// absolute completes a unix path with the script's working directory, which is that of its
// thread and not of the process.
func absolute(path string) string {
	if path == "" || path[0] == 0 || filepath.IsAbs(path) {
		return path
	}
	dir, err := unix.Getwd()
	if err != nil {
		return path
	}
	return filepath.Join(dir, path)
}

// promptly is what a connect through Go is given that may not wait at all. The kernel
// connects to a listener of this host within the system call, so that scripts with a limit
// of 0 get through; here it takes some goroutines, which other work may hold up.
const promptly = timeout(50 * time.Millisecond)

// within runs open on a goroutine, with a context that ends with the time limit. A limit
// below a millisecond, which poll() takes for 0, is replaced by promptly.
func (o *opening) within(c *Call, limit timeout, open func(context.Context) (*resources.Socket, error)) (Value, error) {
	var socket *resources.Socket
	var err error
	return c.Background(func(ctx context.Context) {
		if limit >= 0 {
			if limit < timeout(time.Millisecond) {
				limit = promptly
			}
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Duration(limit))
			defer cancel()
		}
		socket, err = abandon(ctx, func() (*resources.Socket, error) { return open(ctx) }, closeLate)
	}, func(c *Call) (Value, error) {
		if err != nil && errors.Is(err, context.DeadlineExceeded) {
			err = &resources.Error{
				Op: "connect", Address: o.target, Errno: syscall.ETIMEDOUT, Text: resources.Strerror(syscall.ETIMEDOUT),
			}
		}
		return o.opened(c, resources.EventDial, socket, err)
	})
}

// closeLate closes what came after nobody waited any more.
func closeLate(socket *resources.Socket) { _ = socket.Close() }

func (o *opening) connectMemory(c *Call, limit timeout) (Value, error) {
	return o.within(c, limit, func(ctx context.Context) (*resources.Socket, error) {
		return o.Memory.Connect(ctx, o.target, o.options)
	})
}

func (o *opening) dialVia(c *Call, addrs []netip.AddrPort, path string, limit timeout, async bool) (Value, error) {
	if async {
		// It goes on after the call, until the run ends.
		socket, err := resources.DialViaAsync(c.Context(), o.Dialer, o.transport, addrs, path, o.options)
		return o.opened(c, resources.EventDial, socket, err)
	}
	return o.within(c, limit, func(ctx context.Context) (*resources.Socket, error) {
		return resources.DialVia(ctx, o.Dialer, o.transport, addrs, path, o.options)
	})
}
