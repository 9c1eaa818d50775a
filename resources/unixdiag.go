package resources

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// What linux/unix_diag.h says and golang.org/x/sys/unix does not.
const (
	diagByFamily = 20 // SOCK_DIAG_BY_FAMILY
	diagShowVFS  = 2  // UDIAG_SHOW_VFS
	diagVFS      = 1  // UNIX_DIAG_VFS
	diagRequest  = 24 // sizeof(struct unix_diag_req)
	diagMessage  = 16 // sizeof(struct unix_diag_msg)
)

// boundFile asks the kernel which file a unix socket was bound to. Nothing else
// tells without privileges: the socket's name is only the text that was given,
// and may lead elsewhere by now. ok is false where the socket is bound to no
// file and where the kernel does not answer, for want of the module unix_diag.
func boundFile(fd int) (id fileID, ok bool) {
	var socket unix.Stat_t
	if unix.Fstat(fd, &socket) != nil {
		return id, false
	}
	netlink, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return id, false
	}
	defer func() { _ = unix.Close(netlink) }()

	e := binary.NativeEndian
	m := e.AppendUint32(nil, unix.SizeofNlMsghdr+diagRequest)
	m = e.AppendUint16(m, diagByFamily)
	m = e.AppendUint16(m, unix.NLM_F_REQUEST)
	m = append(m, make([]byte, 8)...)    // sequence number, port
	m = append(m, unix.AF_UNIX, 0, 0, 0) // family, protocol, padding
	m = e.AppendUint32(m, ^uint32(0))    // any state
	m = e.AppendUint32(m, uint32(socket.Ino))
	m = e.AppendUint32(m, diagShowVFS)
	m = e.AppendUint64(m, ^uint64(0)) // any cookie
	if unix.Sendto(netlink, m, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) != nil {
		return id, false
	}
	// The kernel has answered within the call above.
	answer := make([]byte, 512)
	n, _, err := unix.Recvfrom(netlink, answer, unix.MSG_DONTWAIT)
	if err != nil {
		return id, false
	}
	return diagFile(answer[:n])
}

// diagFile finds the file in sock_diag's answer.
func diagFile(answer []byte) (id fileID, ok bool) {
	e := binary.NativeEndian
	if len(answer) < unix.SizeofNlMsghdr+diagMessage || e.Uint16(answer[4:]) != diagByFamily {
		return id, false
	}
	attributes := answer[unix.SizeofNlMsghdr+diagMessage:]
	for len(attributes) >= 4 {
		size := int(e.Uint16(attributes))
		if size < 4 || size > len(attributes) {
			return id, false
		}
		if e.Uint16(attributes[2:]) == diagVFS && size >= 12 {
			device := e.Uint32(attributes[8:])
			// The kernel's own dev_t: 12 bits of major, 20 of minor number.
			return fileID{device: uint64(device>>20)<<32 | uint64(device&(1<<20-1)), inode: e.Uint32(attributes[4:])}, true
		}
		attributes = attributes[min((size+3)&^3, len(attributes)):]
	}
	return id, false
}
