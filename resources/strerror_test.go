package resources

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestStrerror(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		0:                    "Success",
		syscall.EPERM:        "Operation not permitted",
		syscall.ENOENT:       "No such file or directory",
		syscall.EINTR:        "Interrupted system call",
		syscall.EAGAIN:       "Resource temporarily unavailable",
		syscall.EACCES:       "Permission denied",
		syscall.EOPNOTSUPP:   "Operation not supported",
		syscall.EADDRINUSE:   "Address already in use",
		syscall.ETIMEDOUT:    "Connection timed out",
		syscall.ECONNREFUSED: "Connection refused",
		unix.EHWPOISON:       "Memory page has hardware error",
		41:                   "Unknown error 41",
		999:                  "Unknown error 999",
		^syscall.Errno(0):    "Unknown error -1",
	} {
		require.Equal(t, want, Strerror(errno))
	}
}

// Linux's list of names has the same errnos, up to those that glibc knows.
func TestStrerrorKnowsAll(t *testing.T) {
	for errno := syscall.Errno(1); errno < 134; errno++ {
		unknown := unix.ErrnoName(errno) == ""
		require.Equal(t, unknown, strings.HasPrefix(Strerror(errno), "Unknown error "), "%d", int(errno))
	}
}
