package resources

import "golang.org/x/sys/unix"

// MaxLinger is the longest time to linger in seconds: more than that does not
// fit where some systems keep it.
const MaxLinger = 65535

// setLinger makes close wait until the peer has all data, at most so many
// seconds. A new socket does not linger, so 0 and less have nothing to set.
func setLinger(fd, seconds int) {
	if seconds <= 0 {
		return
	}
	linger := unix.Linger{Onoff: 1, Linger: int32(min(seconds, MaxLinger))}
	_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &linger)
}
