package waits

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// silent is a TCP server that takes connections and neither sends nor reads. Its
// variable is address.
func silent() (*Peer, error) { return serve(func(net.Conn) {}) }

// serve hands every connection to handle, and keeps it until Close.
func serve(handle func(net.Conn)) (*Peer, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Peer{Vars: map[string]any{"address": l.Addr().String()}}
	p.onClose(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.onClose(func() { _ = c.Close() })
			go handle(c)
		}
	}()
	return p, nil
}

// silentUDP answers the datagram that it gets when it is closed. Its variable is address.
func silentUDP() (*Peer, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Peer{Vars: map[string]any{"address": c.LocalAddr().String()}}
	p.onClose(func() { _ = c.Close() })
	go func() {
		buf := make([]byte, 16)
		if n, from, err := c.ReadFrom(buf); err == nil {
			p.onClose(func() { _, _ = c.WriteTo(buf[:n], from) })
		}
	}()
	return p, nil
}

// folder is a peer with a folder of its own; its variable path is a file in there.
func folder() (p *Peer, path string, err error) {
	dir, err := os.MkdirTemp("", "phpsock-cancel")
	if err != nil {
		return nil, "", err
	}
	path = filepath.Join(dir, "p")
	p = &Peer{Vars: map[string]any{"path": path}}
	p.onClose(func() { _ = os.RemoveAll(dir) })
	return p, path, nil
}

// silentUdg is a datagram socket at path that nobody reads.
func silentUdg() (*Peer, error) {
	p, path, err := folder()
	if err != nil {
		return nil, err
	}
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		p.Close()
		return nil, err
	}
	p.onClose(func() { _ = c.Close() })
	return p, nil
}

// lockedFile is a file at path that is locked.
func lockedFile() (*Peer, error) {
	p, path, err := folder()
	if err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err == nil {
		p.onClose(func() { _ = f.Close() })
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// fifo is a named pipe at path that nobody has open.
func fifo() (*Peer, error) {
	p, path, err := folder()
	if err != nil {
		return nil, err
	}
	if err := unix.Mkfifo(path, 0o600); err != nil {
		p.Close()
		return nil, err
	}
	p.onClose(func() {
		if fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err == nil {
			_ = unix.Close(fd)
		}
	})
	return p, nil
}

// noRoom is a TCP listener whose queue is full and that nobody accepts from, so that the
// kernel drops what asks for a connection. Its variable is address.
func noRoom() (*Peer, error) {
	p := &Peer{Vars: map[string]any{}}
	listener, err := p.socket()
	if err == nil {
		err = unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err == nil {
		err = unix.Listen(listener, 0)
	}
	var name unix.Sockaddr
	if err == nil {
		name, err = unix.Getsockname(listener)
	}
	if err == nil {
		err = p.fill(name)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	address := net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: name.(*unix.SockaddrInet4).Port}
	p.Vars["address"] = address.String()
	return p, nil
}

// socket makes a TCP socket that Close closes.
func (p *Peer) socket() (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		p.onClose(func() { _ = unix.Close(fd) })
	}
	return fd, err
}

// fill connects until a connect is not answered.
func (p *Peer) fill(name unix.Sockaddr) error {
	const tries, patience = 16, 10 // the latter in milliseconds; on loopback an answer takes far less
	for range tries {
		fd, err := p.socket()
		if err != nil {
			return err
		}
		if err := unix.Connect(fd, name); err != nil && err != unix.EINPROGRESS {
			return err
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, patience)
		if n == 0 && err == nil {
			return nil
		}
	}
	return errors.New("waits: the queue of a listener does not get full")
}
