//go:build cgo

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	patience = 30 * time.Second
	requests = 10_000
)

// ask is one request; its answer names the version of the script.
func ask(address string) (string, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	if err == nil && !strings.HasSuffix(string(answer), "hello\n") {
		err = fmt.Errorf("the answer is %q", answer)
	}
	return string(answer), err
}

// 10,000 requests while the script is replaced 20 times and the process once: none fails.
func TestRestartUnderLoad(t *testing.T) {
	dir := t.TempDir()
	program, script := filepath.Join(dir, "restart"), filepath.Join(dir, "server.php")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Stderr = os.Stderr
	require.NoError(t, build.Run())
	source, err := os.ReadFile("server.php")
	require.NoError(t, err)
	replace := func(version int) {
		next := strings.Replace(string(source), "version 1", fmt.Sprint("version ", version), 1)
		require.NoError(t, os.WriteFile(script+".new", []byte(next), 0o600))
		require.NoError(t, os.Rename(script+".new", script))
	}
	replace(1)
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())

	first := exec.CommandContext(t.Context(), program, address, script)
	first.Stdout, first.Stderr = os.Stdout, os.Stderr
	require.NoError(t, first.Start())
	require.Eventually(t, func() bool { _, err := ask(address); return err == nil }, patience, 10*time.Millisecond)

	var asked, failed atomic.Int64
	var versions sync.Map
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for asked.Add(1) <= requests {
				answer, err := ask(address)
				if err != nil {
					failed.Add(1)
					t.Error(err)
				}
				versions.Store(answer, true)
			}
		})
	}
	const scripts = 20
	for version := 2; version <= scripts+1; version++ {
		goal := int64(requests * (version - 1) / (scripts + 3))
		require.Eventually(t, func() bool { return asked.Load() >= goal }, patience, time.Millisecond)
		replace(version)
		require.NoError(t, first.Process.Signal(syscall.SIGHUP))
		require.Eventually(t, func() bool {
			_, seen := versions.Load(fmt.Sprintf("version %d: hello\n", version))
			return seen || asked.Load() > requests
		}, patience, time.Millisecond)
	}
	require.NoError(t, first.Process.Signal(syscall.SIGUSR2))
	require.NoError(t, first.Wait(), "the first process ends by itself")
	clients.Wait()
	require.Zero(t, failed.Load())
	answer, err := ask(address)
	require.NoError(t, err, "the second process serves")
	require.Equal(t, fmt.Sprintf("version %d: hello\n", scripts+1), answer)
	n := 0
	versions.Range(func(any, any) bool { n++; return true })
	require.Equal(t, scripts+1, n)
	stop(t, program, address)
}

// stop ends the second process, which is nobody's child any more.
func stop(t *testing.T, program, address string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	require.NoError(t, err)
	for _, link := range links {
		if exe, err := os.Readlink(link); err != nil || exe != program {
			continue
		}
		pid, err := strconv.Atoi(strings.Split(link, "/")[2])
		require.NoError(t, err)
		require.NoError(t, syscall.Kill(pid, syscall.SIGTERM))
		require.Eventually(t, func() bool { _, err := ask(address); return err != nil }, patience, 10*time.Millisecond)
		return
	}
	require.Fail(t, "there is no second process")
}
