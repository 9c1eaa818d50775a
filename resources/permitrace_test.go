package resources

import (
	"errors"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// onlyAllowed permits what lies in dir/allowed.
func onlyAllowed(dir string) Options {
	return Options{Permit: func(_ Operation, _ netip.AddrPort, path string) error {
		if !strings.HasPrefix(path, dir+"/allowed/") {
			return errors.New(path + " is refused")
		}
		runtime.Gosched() // now is the time to turn the link
		return nil
	}}
}

// turning makes dir/allowed and dir/denied, and dir/link which leads to one and
// to the other, as fast as that goes, until the test is over.
func turning(t *testing.T) (dir string, turns *atomic.Int64) {
	t.Helper()
	dir = realDir(t)
	for name, target := range map[string]string{"link": "allowed", "other": "denied"} {
		require.NoError(t, os.Mkdir(target, 0o700))
		require.NoError(t, os.Symlink(target, name))
	}
	turn := func() error {
		return unix.Renameat2(unix.AT_FDCWD, dir+"/link", unix.AT_FDCWD, dir+"/other", unix.RENAME_EXCHANGE)
	}
	if err := turn(); err != nil {
		t.Skipf("no exchange in this file system: %v", err)
	}
	var wg sync.WaitGroup
	done := make(chan struct{})
	turns = new(atomic.Int64)
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				_ = turn()
				turns.Add(1)
				runtime.Gosched()
			}
		}
	})
	t.Cleanup(func() {
		close(done)
		wg.Wait()
	})
	return dir, turns
}

// Whoever turns a link while a script dials never gets it to the other end.
func TestPermitDialUnixRace(t *testing.T) {
	dir, turns := turning(t)
	allowed, denied := bindUnixAt(t, Unix, dir+"/allowed/s"), bindUnixAt(t, Unix, dir+"/denied/s")
	o := onlyAllowed(dir)
	connected, refused := 0, 0
	for range 5000 {
		s, _, err := NewDialUnix(Unix, dir+"/link/s", o, false).Step(false, false)
		if err != nil {
			refusedWith(t, err, "connect", dir+"/link/s", dir+"/denied/s is refused")
			refused++
			continue
		}
		require.NoError(t, s.Close())
		c, _, err := allowed.Accept()
		require.NoError(t, err)
		require.NoError(t, c.Close())
		connected++
	}
	_, _, err := denied.Accept()
	require.Equal(t, error(syscall.EAGAIN), err, "somebody came")
	_, _, err = allowed.Accept()
	require.Equal(t, error(syscall.EAGAIN), err, "all were counted")
	t.Logf("%d connected, %d refused, %d turns", connected, refused, turns.Load())
}

// No socket that a script gets is bound anywhere else than where it was allowed.
func TestPermitBindUnixRace(t *testing.T) {
	if _, told := boundFile(bindUnixAt(t, Unix, socketPath(t)).FD()); !told {
		t.Skip("this kernel does not tell where a socket is bound")
	}
	dir, turns := turning(t)
	o := onlyAllowed(dir)
	bound, refused, moved := 0, 0, 0
	for i := range 5000 {
		name := "/s" + strconv.Itoa(i)
		s, err := BindUnix(Unix, dir+"/link"+name, o)
		if err == nil {
			file, findErr := findPlace(dir + "/allowed" + name)
			require.NoError(t, findErr)
			require.True(t, file.holds(s.FD()))
			file.close()
			require.NoError(t, s.Close())
			bound++
			continue
		}
		var e *Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, syscall.EACCES, e.Errno)
		refused++
		if strings.HasSuffix(e.Text, "is not where the socket was made") {
			moved++
		}
	}
	left, err := os.ReadDir(dir + "/denied")
	require.NoError(t, err)
	t.Logf("%d bound, %d refused, %d of them afterwards, %d files left, %d turns", bound, refused, moved, len(left), turns.Load())
	require.LessOrEqual(t, len(left), moved)
}
