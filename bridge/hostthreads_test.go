package bridge_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// Only the thread that runs PHP has the script's working directory and umask: threads
// that Go starts while a host function runs belong to the host.
func TestHostThreadsKeepTheHostsDirectory(t *testing.T) {
	if isolated(t) { // threads that went astray would spoil every later test
		return
	}
	host, err := os.Getwd()
	require.NoError(t, err)
	var blocked sync.WaitGroup
	elsewhere := -1
	e := startWith(t, phpext.Function{Prototype: "host_block()", Call: func(*phpext.Call) (phpext.Value, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return phpext.Null(), err
		}
		fd := int(r.Fd()) // blocking: each reader below takes a thread
		for range 40 {
			blocked.Go(func() { readByte(fd) })
			time.Sleep(time.Millisecond / 2)
		}
		elsewhere = 0
		tasks, _ := os.ReadDir("/proc/self/task")
		for _, task := range tasks {
			if cwd, err := os.Readlink("/proc/self/task/" + task.Name() + "/cwd"); err == nil && cwd != host {
				elsewhere++
			}
		}
		_, _ = w.Write(make([]byte, 40))
		blocked.Wait()
		_ = w.Close()
		return phpext.Null(), r.Close()
	}})
	_, _, err = run(t, e, bridge.Request{Code: `host_block();`, Dir: t.TempDir()})
	require.NoError(t, err)
	require.Equal(t, 1, elsewhere, "threads in the script's directory")
}

func readByte(fd int) {
	var b [1]byte
	_, _ = unix.Read(fd, b[:])
}
