package resources

import "golang.org/x/sys/unix"

// Buffers are the sizes of a socket's buffers in bytes, 0 for the system's. The
// kernel doubles a size for its own needs and bounds it, see socket(7). A tcp
// listener hands its sizes on to what it accepts, a unix listener does not.
type Buffers struct {
	Receive int // SO_RCVBUF
	Send    int // SO_SNDBUF
}

// apply comes before connect and listen: the window of a tcp connection is
// agreed on with its first packets.
func (b Buffers) apply(fd int) {
	setUnlessZero(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, b.Receive)
	setUnlessZero(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, b.Send)
}
