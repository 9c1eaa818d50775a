package faultnet

import (
	"errors"
	"os"
	"syscall"
)

// errBroken stands for whatever a [Reset] left to be said.
var errBroken = errors.New("reset")

// sysError puts the name of the system call before an errno, as package net
// does. Any other error stays as it is.
func sysError(op Op, datagram bool, err error) error {
	errno, ok := err.(syscall.Errno) //nolint:errorlint // what is wrapped has its form already
	if !ok {
		return err
	}
	if op == Accept && (errno == syscall.ECONNABORTED || errno == syscall.ECONNRESET) {
		return errno // only so does package net count it among the temporary errors
	}
	return os.NewSyscallError(callName(op, datagram, errno), errno)
}

func callName(op Op, datagram bool, errno syscall.Errno) string {
	switch op {
	case Accept:
		return "accept4"
	case Read:
		if datagram {
			return "recvfrom"
		}
		return "read"
	case Write:
		if datagram {
			return "sendto"
		}
		return "write"
	}
	switch errno {
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EAFNOSUPPORT:
		return "socket" // what the kernel refuses before an address comes into it
	}
	if op == Dial {
		return "connect"
	}
	return "bind"
}
