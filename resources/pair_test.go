package resources

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestSocketPair(t *testing.T) {
	a, b, err := SocketPair(unix.AF_UNIX, unix.SOCK_DGRAM, 0, Options{CloseOnExec: true})
	require.NoError(t, err)
	closing(t, a, b)
	for _, s := range []*Socket{a, b} {
		require.Equal(t, Pair, s.Transport())
		require.Equal(t, KindPair, s.Kind())
		require.Empty(t, s.Local()+s.Remote())
		name, err := s.Name(true)
		require.NoError(t, err)
		require.Empty(t, name)
		nonblock, cloexec := statusFlags(t, s)
		require.False(t, nonblock)
		require.True(t, cloexec)
	}
	for _, data := range []string{"one", "two"} {
		_, err = a.SendTo([]byte(data), 0, nobody)
		require.NoError(t, err)
	}
	data, from := receive(t, b, 0)
	require.Equal(t, "one", data)
	require.Empty(t, from)
}

func TestSocketPairFails(t *testing.T) {
	for domain, want := range map[int]syscall.Errno{
		unix.AF_INET: syscall.EOPNOTSUPP,
		9999:         syscall.EAFNOSUPPORT,
	} {
		_, _, err := SocketPair(domain, unix.SOCK_STREAM, 0, Options{})
		failedWith(t, err, "socketpair", want)
	}
}
