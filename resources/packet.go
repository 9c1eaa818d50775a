package resources

import (
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// A datagram server of the Go program has to tell its script where each datagram
// comes from and to be told where each one goes, for which a pair of sockets has
// no place. So a frame of frameSize bytes precedes the datagram on the
// descriptor: one byte with the length of the peer's name, the name in the form
// of [Socket.Name], and zeros. The engine's C reads and writes such frames, too.

// maxFrameName is the longest name in a frame; a longer one, a path, is cut.
const maxFrameName = frameSize - 1

func putFrame(frame []byte, name string) {
	clear(frame[:frameSize])
	frame[0] = byte(copy(frame[1:frameSize], name))
}

// frameName gives the name in a frame, "" where that is not one.
func frameName(frame []byte) string {
	if len(frame) < frameSize {
		return ""
	}
	return string(frame[1 : 1+min(int(frame[0]), maxFrameName)])
}

// framedConn is a [net.PacketConn] as a connection that carries frames.
type framedConn struct {
	net.PacketConn
	mapped bool // IPv4 is named as a socket of both families names it
}

func newFramedConn(conn net.PacketConn) *framedConn {
	return &framedConn{conn, takesBothFamilies(nameOf(conn.LocalAddr()))}
}

func (c *framedConn) Read(p []byte) (int, error) {
	n, from, err := c.ReadFrom(p[frameSize:])
	if err != nil {
		return 0, err
	}
	name := nameOf(from)
	if c.mapped {
		name = mappedName(name)
	}
	putFrame(p, name)
	return frameSize + n, nil
}

// Write drops what goes nowhere: it was the script that wrote a bad frame.
func (c *framedConn) Write(p []byte) (int, error) {
	to, err := netip.ParseAddrPort(frameName(p))
	if err == nil {
		_, err = c.WriteTo(p[frameSize:], net.UDPAddrFromAddrPort(to))
	} else {
		err = syscall.EDESTADDRREQ
	}
	return len(p), err
}

func (c *framedConn) RemoteAddr() net.Addr { return nil }

// receiveFramed is [Socket.RecvFrom] of a framed socket.
func receiveFramed(fd int, buf []byte, flags int) (n int, from string, errno syscall.Errno) {
	var frame [frameSize]byte
	n, _, _, _, err := unix.RecvmsgBuffers(fd, [][]byte{frame[:], buf}, nil, flags)
	if err != nil {
		return 0, "", errnoOf(err)
	}
	return min(max(n-frameSize, 0), len(buf)), frameName(frame[:]), 0
}

// sendFramed is [Socket.SendTo] of a framed socket. A pair would take a datagram
// that no network does, so its length is looked at here.
func sendFramed(fd int, data []byte, flags int, to netip.AddrPort) (int, syscall.Errno) {
	if !to.IsValid() {
		return 0, syscall.EDESTADDRREQ
	}
	var frame [frameSize]byte
	putFrame(frame[:], netip.AddrPortFrom(to.Addr().Unmap(), to.Port()).String())
	n, err := unix.SendmsgBuffers(fd, [][]byte{frame[:], data}, nil, nil, flags)
	if err != nil {
		return 0, errnoOf(err)
	}
	return max(n-frameSize, 0), 0
}
