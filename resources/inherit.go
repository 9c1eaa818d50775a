package resources

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Inherit takes over what the process was started with: what
// [Listeners.HandOver] of its parent gave it, each under the address that it had
// there, and the sockets of systemd's socket activation (sd_listen_fds(3)), each
// under the address that it is bound to. A FileDescriptorName of systemd that is
// an address is used in its place; systemd forbids colons in it, so it has to be
// written with %3A, "tcp%3A//0.0.0.0%3A80".
//
// The environment variables that tell of them are unset, and the descriptors are
// kept from child processes. What systemd passes besides listening stream sockets
// and datagram sockets of tcp, udp and the unix domain is left alone.
//
// Inherit gives the number of sockets taken over. The error tells of those that
// could not be, or is nil. It is to be called once, early in main, before other
// descriptors may come and go.
func (l *Listeners) Inherit() (int, error) {
	var failed []error
	taken := 0
	count := func(err error) {
		if err != nil {
			failed = append(failed, err)
		} else {
			taken++
		}
	}
	if value := os.Getenv(handOverVariable); value != "" {
		list, wrong := parseHandOver(value)
		failed = append(failed, wrong...)
		for _, h := range list {
			count(l.inherit(h))
		}
	}
	_ = os.Unsetenv(handOverVariable)
	for _, h := range activated() {
		count(l.inherit(h))
	}
	return taken, errors.Join(failed...)
}

// inherit adds one socket. Where it is not what it is said to be it may belong
// to somebody else and is left alone.
func (l *Listeners) inherit(h handedOver) error {
	transport, kind, name, err := inspect(h.fd)
	switch {
	case err != nil:
	case h.fd < firstInherited || kind != KindListener && kind != KindBound:
		err = syscall.EBADF
	case (kind == KindBound) != h.address.isPacket():
		err = syscall.EPROTOTYPE
	}
	if err == nil && kind == KindListener {
		err = unix.SetNonblock(h.fd, true)
	}
	if err == nil {
		unix.CloseOnExec(h.fd)
		err = l.add(h.address, netAddr(transport, name), &kernelSupply{h.fd, kind}, h.unlink)
	}
	if err != nil {
		return fmt.Errorf("resources: inherit %q as descriptor %d: %w", h.address, h.fd, err)
	}
	return nil
}

// inspect asks the kernel what a descriptor is. The kind is KindUnbound for what
// scripts cannot bind, and the error a raw errno.
func inspect(fd int) (t Transport, k Kind, name string, err error) {
	typ, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil {
		return "", KindUnbound, "", err
	}
	a, errno := sysName(fd, false)
	if errno != 0 {
		return "", KindUnbound, "", errno
	}
	switch family := a.family(); {
	case family == unix.AF_UNIX && typ == unix.SOCK_STREAM:
		t = Unix
	case family == unix.AF_UNIX && typ == unix.SOCK_DGRAM:
		t = Udg
	case family != unix.AF_INET && family != unix.AF_INET6:
		return "", KindUnbound, "", nil
	case typ == unix.SOCK_STREAM:
		t = TCP
	case typ == unix.SOCK_DGRAM:
		t = UDP
	}
	switch listens, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); {
	case isDatagram(t):
		k = KindBound
	case t != "" && listens != 0:
		k = KindListener
	}
	return t, k, a.text(), nil
}

// activated gives the sockets that systemd has passed to this very process, and
// unsets the variables that say so.
func activated() []handedOver {
	pid, number, names := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"), os.Getenv("LISTEN_FDNAMES")
	for _, name := range []string{"LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		_ = os.Unsetenv(name)
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || pid != strconv.Itoa(os.Getpid()) {
		return nil
	}
	named := strings.Split(names, ":")
	var list []handedOver
	for i := range int(n) {
		fd := firstInherited + i
		unix.CloseOnExec(fd)
		t, k, name, err := inspect(fd)
		if err != nil || k == KindUnbound {
			continue
		}
		address := canonical(t, name)
		if len(named) == int(n) {
			if text, err := url.PathUnescape(named[i]); err == nil && strings.Contains(text, "://") {
				if a, err := parseListenAddress(text); err == nil && a.isPacket() == (k == KindBound) {
					address = a
				}
			}
		}
		list = append(list, handedOver{fd: fd, address: address})
	}
	return list
}
