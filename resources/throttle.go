package resources

import (
	"context"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Throttle puts rates on a socket that nobody uses yet. It uses s up and gives
// the socket to be used instead: virtual, because it is goroutines that wait
// before they pass data on, and named as s was. The descriptor is as the one of s,
// non-blocking or not; a connect that is under way goes on. What a throttled
// listener accepts is throttled, too.
//
// Where r is nil the result is s itself, and so it is for pairs and for sockets
// that carry nothing: not bound, or bound to listen later. A second call sets
// other rates. The error is an [*Error] with Op "socket"; s is closed then.
func Throttle(s *Socket, r *Rates) (*Socket, error) {
	if r == nil || s.FD() < 0 {
		return s, nil
	}
	if v := s.virtual; v != nil && (v.pump != nil || v.accept != nil) {
		v.rates.Store(r)
		if v.pump != nil {
			v.pump.sizeBuffers(r)
		}
		return s, nil
	}
	throttled, err := throttle(s, r)
	if err != nil {
		_ = s.Close()
		return nil, sysError("socket", s.Local(), err)
	}
	if throttled != s {
		throttled.closeOnExec, throttled.accepted, throttled.created = s.closeOnExec, s.accepted, s.created
		throttled.persistent.Store(s.Persistent())
		s.front.Store(throttled)
	}
	return throttled, nil
}

func throttle(s *Socket, r *Rates) (*Socket, error) {
	switch kind := s.Kind(); {
	case kind == KindListener:
		return paced(s, r)
	case kind == KindConn:
		return throttledConn(s, r)
	case kind == KindBound && isDatagram(s.transport) && s.virtual == nil:
		return throttledServer(s, r)
	}
	return s, nil
}

func throttledConn(s *Socket, r *Rates) (*Socket, error) {
	connected := s.virtual != nil
	if !connected {
		_, errno := sysName(s.FD(), true)
		connected = errno == 0
	}
	nonblock := isNonblocking(s.FD())
	fd, err := s.duplicate()
	if err != nil {
		return nil, err
	}
	conn, err := newEndpoint(fd, isDatagram(s.transport))
	if err != nil {
		return nil, err
	}
	v := &virtual{}
	v.rates.Store(r)
	p, err := newPump(s.transport, KindConn, Options{CloseOnExec: s.closeOnExec}, v)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if nonblock {
		_ = p.socket.setNonblock()
	}
	p.local, p.remote = s.Local(), s.Remote()
	p.sizeBuffers(r)
	if connected {
		p.start(conn)
	} else {
		v.connected = p.dialled
		p.insertPlug()
		go p.dial(context.Background(), func(ctx context.Context) (net.Conn, error) { return conn, conn.connected(ctx) })
	}
	_ = s.Close()
	return p.socket, nil
}

// throttledServer pumps a bound datagram socket of the kernel.
func throttledServer(s *Socket, r *Rates) (*Socket, error) {
	fd, err := s.duplicate()
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "socket")
	defer func() { _ = file.Close() }()
	nonblock := isNonblocking(fd)
	conn, err := net.FilePacketConn(file)
	if err != nil {
		return nil, err
	}
	v := &virtual{framed: true}
	v.rates.Store(r)
	throttled, err := pumped(newFramedConn(conn), s.transport, KindBound, Options{CloseOnExec: s.closeOnExec}, v)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if nonblock {
		_ = throttled.setNonblock()
	}
	v.pump.sizeBuffers(r)
	_ = s.Close()
	return throttled, nil
}

func isNonblocking(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_NONBLOCK != 0
}

func (s *Socket) setNonblock() error {
	return s.do(func(fd int) syscall.Errno {
		if err := unix.SetNonblock(fd, true); err != nil {
			return errnoOf(err)
		}
		return 0
	})
}

// sizeBuffers makes the buffers of a slow pair small: what is in them has been
// sent as far as the one who wrote it can tell.
func (p *pump) sizeBuffers(r *Rates) {
	if p.end.messages {
		return // a datagram that is larger than the buffer could not be sent
	}
	if size := r.write.buffer(); size > 0 {
		p.setSendBuffer(size)
	}
	if size := r.read.buffer(); size > 0 {
		_ = p.end.setOption(unix.SOL_SOCKET, unix.SO_SNDBUF, size)
	}
}

// buffer is the size of a buffer that holds about what a second allows, 0 where
// the system's is not too large.
func (l limiters) buffer() int {
	size := 0.0
	for _, limiter := range l {
		if size == 0 || float64(limiter.Limit()) < size {
			size = float64(limiter.Limit())
		}
	}
	if size >= largeBuffer {
		return 0
	}
	return int(max(size, minBurst))
}
