package phpext

import (
	"fmt"
	"math"

	"github.com/phpsock/phpsock/resources"
)

// socketOption returns an option of PHP's socket context,
// https://www.php.net/manual/en/context.socket.php.
func socketOption(sc *StreamContext, name string) (Value, bool) { return sc.Option("socket", name) }

func socketFlag(sc *StreamContext, name string) bool {
	v, ok := socketOption(sc, name)
	return ok && v.Truthy()
}

// socketInt returns an option that is a C int in PHP, 0 where there is none.
func socketInt(sc *StreamContext, name string) int {
	v, _ := socketOption(sc, name)
	return int(int32(v.ToInt()))
}

// bufferSize converts so_rcvbuf and so_sndbuf, 0 where there is none. Another size than
// the kernel may be asked for is an error, in the words of PHP.
func bufferSize(sc *StreamContext, name string) (int, error) {
	v, _ := socketOption(sc, name)
	if v.IsNull() {
		return 0, nil
	}
	size := v.ToInt()
	if size < 1 || size > math.MaxInt32 {
		text := fmt.Sprintf("%s context option must be between 1 and %d", name, math.MaxInt32)
		return 0, &resources.Error{Op: "parse", Text: text}
	}
	return int(size), nil
}

// commonOptions converts the options that servers and clients of every transport look at,
// each as far as it makes sense there.
func (s *Sockets) commonOptions(sc *StreamContext) (resources.Options, error) {
	o := resources.Options{
		Broadcast: socketFlag(sc, "so_broadcast"),
		KeepAlive: resources.KeepAlive{
			Enabled:  socketFlag(sc, "so_keepalive"),
			Idle:     socketInt(sc, "tcp_keepidle"),
			Interval: socketInt(sc, "tcp_keepintvl"),
			Count:    socketInt(sc, "tcp_keepcnt"),
		},
		CloseOnExec: s.CloseOnExec,
	}
	if v, ok := socketOption(sc, "so_linger"); ok {
		o.Linger = int(min(v.ToInt(), resources.MaxLinger))
	}
	var err error
	if o.Buffers.Receive, err = bufferSize(sc, "so_rcvbuf"); err != nil {
		return o, err
	}
	o.Buffers.Send, err = bufferSize(sc, "so_sndbuf")
	return o, err
}

// serverOptions converts the options that servers look at. An ipv6_v6only of null is
// the system's choice.
func (s *Sockets) serverOptions(sc *StreamContext) (resources.Options, error) {
	o, err := s.commonOptions(sc)
	o.ReusePort = socketFlag(sc, "so_reuseport")
	if v, ok := socketOption(sc, "so_reuseaddr"); ok {
		o.NoReuseAddr = !v.Truthy()
	}
	if _, ok := socketOption(sc, "backlog"); ok {
		backlog := socketInt(sc, "backlog")
		o.Backlog = &backlog
	}
	if v, ok := socketOption(sc, "ipv6_v6only"); ok && !v.IsNull() {
		only := v.Truthy()
		o.V6Only = &only
	}
	return o, err
}

// clientOptions converts the options that tcp and udp clients look at. A bindto that is
// not a string is an error, in the words of PHP.
func (s *Sockets) clientOptions(sc *StreamContext) (resources.Options, error) {
	o, err := s.commonOptions(sc)
	if err != nil {
		return o, err
	}
	o.NoDelay = socketFlag(sc, "tcp_nodelay")
	if v, ok := socketOption(sc, "bindto"); ok {
		if v.Kind() != KindString {
			return o, &resources.Error{Op: "parse", Text: "local_addr context option is not a string."}
		}
		o.BindTo = v.Text()
	}
	return o, nil
}
