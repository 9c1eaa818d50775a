package resources

import "golang.org/x/sys/unix"

// KeepAlive are the options that make the kernel probe an idle tcp connection.
// The zero value leaves all of them to the system. A listener hands them on to
// what it accepts.
type KeepAlive struct {
	// Enabled sets SO_KEEPALIVE. The numbers below count once it is on,
	// whoever switches it on.
	Enabled bool
	// Idle is TCP_KEEPIDLE, the seconds of silence before the first probe; 0
	// for the system's.
	Idle int
	// Interval is TCP_KEEPINTVL, the seconds between probes; 0 for the
	// system's.
	Interval int
	// Count is TCP_KEEPCNT, how many probes may go unanswered; 0 for the
	// system's.
	Count int
}

// apply leaves what the kernel refuses to the system, as PHP does.
func (k KeepAlive) apply(fd int) {
	if k.Enabled {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	}
	setUnlessZero(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, k.Idle)
	setUnlessZero(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, k.Interval)
	setUnlessZero(fd, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, k.Count)
}
