package resources

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockaddr is a socket's address as the kernel reads and writes it. The types
// of golang.org/x/sys/unix will not do for the unix domain: they take "@" for
// the NUL of an abstract name, count a final NUL and stop at NULs within.
type sockaddr struct {
	buf [unix.SizeofSockaddrAny]byte
	len uint32
}

// Where the parts of the address lie.
const (
	familySize = 2
	portAt     = 2
	addr4At    = 4
	addr6At    = 8
	scopeAt    = 24
)

func (a *sockaddr) family() uint16     { return binary.NativeEndian.Uint16(a.buf[:]) }
func (a *sockaddr) setFamily(f uint16) { binary.NativeEndian.PutUint16(a.buf[:], f) }

// inetSockaddr fails with ENODEV where the address has a zone that is not known
// any more.
func inetSockaddr(ap netip.AddrPort) (sockaddr, syscall.Errno) {
	var a sockaddr
	addr := ap.Addr()
	binary.BigEndian.PutUint16(a.buf[portAt:], ap.Port())
	if addr.Is4() {
		a.setFamily(unix.AF_INET)
		bytes4 := addr.As4()
		copy(a.buf[addr4At:], bytes4[:])
		a.len = unix.SizeofSockaddrInet4
		return a, 0
	}
	a.setFamily(unix.AF_INET6)
	bytes16 := addr.As16()
	copy(a.buf[addr6At:], bytes16[:])
	a.len = unix.SizeofSockaddrInet6
	if zone := addr.Zone(); zone != "" {
		id, ok := scopeID(addr, zone)
		if !ok {
			return a, syscall.ENODEV
		}
		binary.NativeEndian.PutUint32(a.buf[scopeAt:], id)
	}
	return a, 0
}

// unixSockaddr takes the name as raw bytes and cuts what is too long.
func unixSockaddr(path string) sockaddr {
	var a sockaddr
	path, _, _ = ParseUnixPath(path)
	a.setFamily(unix.AF_UNIX)
	a.len = uint32(familySize + copy(a.buf[familySize:], path))
	return a
}

// text writes the address the way PHP shows it: "127.0.0.1:80", "[::1]:80", a
// path, the raw bytes of an abstract name from its NUL on, "" for no name.
func (a *sockaddr) text() string {
	if a.len < familySize {
		return ""
	}
	switch a.family() {
	case unix.AF_INET:
		addr := netip.AddrFrom4([4]byte(a.buf[addr4At:]))
		return string(a.appendPort(addr.AppendTo(make([]byte, 0, 24))))
	case unix.AF_INET6:
		text := append(make([]byte, 0, 56), '[')
		text = appendIPv6(text, [16]byte(a.buf[addr6At:]))
		return string(a.appendPort(append(text, ']')))
	case unix.AF_UNIX:
		name := a.buf[familySize:min(int(a.len), len(a.buf))]
		if len(name) > 0 && name[0] != 0 {
			if end := bytes.IndexByte(name, 0); end >= 0 {
				name = name[:end]
			}
		}
		return string(name)
	}
	return ""
}

// SockaddrName writes a struct sockaddr, as accept and recvfrom fill it in, the
// way PHP shows it; "" where it is none or has no name.
func SockaddrName(raw []byte) string {
	var a sockaddr
	a.len = uint32(copy(a.buf[:], raw))
	return a.text()
}

func (a *sockaddr) appendPort(text []byte) []byte {
	port := binary.BigEndian.Uint16(a.buf[portAt:])
	return strconv.AppendUint(append(text, ':'), uint64(port), 10)
}

// appendIPv6 writes as inet_ntop does. That differs from netip in one case: an
// address of 96 zero bits ends in dots, "::1.2.3.4".
func appendIPv6(text []byte, addr [16]byte) []byte {
	compatible := [12]byte(addr[:]) == [12]byte{} && (addr[12] != 0 || addr[13] != 0)
	if compatible {
		text = append(text, "::"...)
		return netip.AddrFrom4([4]byte(addr[12:])).AppendTo(text)
	}
	return netip.AddrFrom16(addr).AppendTo(text)
}

// The system calls below give the errno, 0 where they worked.

func sysBind(fd int, a *sockaddr) syscall.Errno {
	_, _, errno := unix.Syscall(unix.SYS_BIND, uintptr(fd),
		uintptr(unsafe.Pointer(&a.buf)), uintptr(a.len))
	return errno
}

// sysConnect is for descriptors that do not block. A path may be on a slow disk; that of
// the internet families, which cannot wait, does without telling Go's scheduler.
func sysConnect(fd int, a *sockaddr) syscall.Errno {
	if a.family() == unix.AF_UNIX {
		_, _, errno := unix.Syscall(unix.SYS_CONNECT, uintptr(fd),
			uintptr(unsafe.Pointer(&a.buf)), uintptr(a.len))
		return errno
	}
	_, _, errno := unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd),
		uintptr(unsafe.Pointer(&a.buf)), uintptr(a.len))
	return errno
}

func sysAccept(fd, flags int) (int, sockaddr, syscall.Errno) {
	a := sockaddr{len: unix.SizeofSockaddrAny}
	accepted, _, errno := unix.Syscall6(unix.SYS_ACCEPT4, uintptr(fd),
		uintptr(unsafe.Pointer(&a.buf)), uintptr(unsafe.Pointer(&a.len)), uintptr(flags), 0, 0)
	return int(accepted), a, errno
}

// sysName is getsockname, or getpeername for the remote end.
func sysName(fd int, remote bool) (sockaddr, syscall.Errno) {
	a := sockaddr{len: unix.SizeofSockaddrAny}
	trap := uintptr(unix.SYS_GETSOCKNAME)
	if remote {
		trap = unix.SYS_GETPEERNAME
	}
	_, _, errno := unix.RawSyscall(trap, uintptr(fd),
		uintptr(unsafe.Pointer(&a.buf)), uintptr(unsafe.Pointer(&a.len)))
	return a, errno
}

func sysRecvFrom(fd int, buf []byte, flags int) (int, sockaddr, syscall.Errno) {
	a := sockaddr{len: unix.SizeofSockaddrAny}
	n, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), uintptr(flags),
		uintptr(unsafe.Pointer(&a.buf)), uintptr(unsafe.Pointer(&a.len)))
	return int(n), a, errno
}

// sysSendTo sends to the connected peer where to has no length.
func sysSendTo(fd int, data []byte, flags int, to *sockaddr) (int, syscall.Errno) {
	var name unsafe.Pointer
	if to.len > 0 {
		name = unsafe.Pointer(&to.buf)
	}
	n, _, errno := unix.Syscall6(unix.SYS_SENDTO, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), uintptr(flags),
		uintptr(name), uintptr(to.len))
	return int(n), errno
}
