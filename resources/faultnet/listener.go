package faultnet

import (
	"net"
	"sync"
	"syscall"
	"time"
)

// listener is a [net.Listener] with faults.
type listener struct {
	subject
	ending
	inner net.Listener
	limit *deadline
	once  sync.Once
}

// The listener below may be able to do more than a [net.Listener].
type (
	timed    interface{ SetDeadline(time.Time) error }
	unlinker interface{ SetUnlinkOnClose(bool) }

	timedListener struct{ *listener }     // SetDeadline: net.TCPListener
	unixListener  struct{ timedListener } // SetUnlinkOnClose, too: net.UnixListener
)

func (n *Network) wrapListener(inner net.Listener, network, address string) net.Listener {
	l := &listener{inner: inner, ending: newEnding(), limit: newDeadline(), subject: subject{
		faults: n, side: Server, id: n.number(numbered{listener: true, side: Server}), tally: &tally{},
		network: network, address: address, alias: textOf(inner.Addr()),
	}}
	if _, ok := inner.(timed); !ok {
		return l
	}
	if _, ok := inner.(unlinker); !ok {
		return timedListener{l}
	}
	return unixListener{timedListener{l}}
}

// Accept asks the rules first: one that fails takes no connection from the
// queue, [Reset] apart.
func (l *listener) Accept() (net.Conn, error) {
	if err := l.check(l.limit); err != nil {
		return nil, l.failed(err)
	}
	v := l.decide(operation{op: Accept})
	if err := l.obey(l.limit, v); err != nil {
		return nil, l.failed(err)
	}
	if v.err != nil && v.do != Reset {
		return nil, l.failed(v.err)
	}
	conn, err := l.inner.Accept()
	if err != nil {
		return nil, err
	}
	if v.do == Reset {
		_ = abort(conn)
		if v.err == nil {
			v.err = syscall.ECONNABORTED
		}
		return nil, l.failed(v.err)
	}
	return l.faults.wrapAs(conn, Server, l.network, l.address, l.alias), nil
}

func (l *listener) failed(err error) error {
	return &net.OpError{Op: "accept", Net: l.network, Addr: l.inner.Addr(), Err: sysError(Accept, false, err)}
}

func (l *listener) Close() error {
	l.once.Do(func() {
		close(l.closed)
		l.limit.set(time.Time{})
	})
	return l.inner.Close()
}

func (l *listener) Addr() net.Addr { return l.inner.Addr() }

func (l timedListener) SetDeadline(t time.Time) error {
	l.limit.set(t)
	return l.inner.(timed).SetDeadline(t)
}

// SetUnlinkOnClose tells whether Close removes the file, which package net's
// listeners do.
func (l unixListener) SetUnlinkOnClose(unlink bool) { l.inner.(unlinker).SetUnlinkOnClose(unlink) }
