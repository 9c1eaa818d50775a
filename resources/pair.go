package resources

import "golang.org/x/sys/unix"

// SocketPair makes two connected sockets with the numbers that
// stream_socket_pair is given (STREAM_PF_*, STREAM_SOCK_*, STREAM_IPPROTO_*),
// which are the kernel's. They have no names. The error is an [*Error] with Op
// "socketpair": errno 95 for families without pairs, 97 for unknown ones.
func SocketPair(domain, typ, proto int, o Options) (a, b *Socket, err error) {
	if o.CloseOnExec {
		typ |= unix.SOCK_CLOEXEC
	}
	fds, err := unix.Socketpair(domain, typ, proto)
	if err != nil {
		return nil, nil, sysError("socketpair", "", err)
	}
	return newSocket(Pair, KindPair, fds[0], o), newSocket(Pair, KindPair, fds[1], o), nil
}
