package bridge_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// refusal is a library that takes libc's way of making sockets from a program. Go makes
// system calls itself and does not notice.
const refusal = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

static int refused(int domain) { return domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX; }

int socket(int domain, int type, int protocol)
{
	int (*next)(int, int, int) = dlsym(RTLD_NEXT, "socket");
	return refused(domain) ? (errno = EPERM, -1) : next(domain, type, protocol);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	int (*next)(int, int, int, int *) = dlsym(RTLD_NEXT, "socketpair");
	return refused(domain) ? (errno = EPERM, -1) : next(domain, type, protocol, fds);
}
`

// conversations use every function that makes or uses sockets and print "good".
var conversations = map[string]string{
	"tcp": `
		$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $errstr);
		$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $errno, $errstr, 5);
		$accepted = stream_socket_accept($server, 5, $peer);
		fwrite($client, "hello\n");
		$r = [$accepted]; $w = $x = null;
		stream_select($r, $w, $x, 5);
		$line = fgets($accepted);
		stream_socket_sendto($accepted, strrev($line));
		stream_socket_shutdown($accepted, STREAM_SHUT_WR);
		if (stream_socket_recvfrom($client, 100) === "\nolleh" && feof($client) === true
			&& $peer === stream_socket_get_name($client, false)) echo 'good';`,
	"tcp, a name and IPv6": `
		$server = stream_socket_server('tcp://localhost:0', $errno, $errstr);
		$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $errno, $errstr, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT);
		$accepted = stream_socket_accept($server, 5);
		stream_set_blocking($client, false);
		fwrite($accepted, 'good');
		$r = [$client]; $w = $x = null;
		stream_select($r, $w, $x, 5);
		echo fread($client, 100);`,
	"udp": `
		$server = stream_socket_server('udp://127.0.0.1:0', $errno, $errstr, STREAM_SERVER_BIND);
		$client = stream_socket_client('udp://' . stream_socket_get_name($server, false), $errno, $errstr);
		stream_socket_sendto($client, 'good');
		$data = stream_socket_recvfrom($server, 100, STREAM_PEEK, $peer);
		$data = stream_socket_recvfrom($server, 100, 0, $peer);
		stream_socket_sendto($server, $data, 0, $peer);
		echo fread($client, 100);`,
	"unix": `
		$path = $argv[1];
		$server = stream_socket_server("unix://$path", $errno, $errstr);
		$client = stream_socket_client("unix://$path", $errno, $errstr);
		fwrite(stream_socket_accept($server), 'good');
		echo fread($client, 100);
		unlink($path);`,
	"udg": `
		$path = $argv[1];
		$server = stream_socket_server("udg://$path", $errno, $errstr, STREAM_SERVER_BIND);
		$client = stream_socket_client("udg://$path", $errno, $errstr);
		fwrite($client, 'good');
		echo stream_socket_recvfrom($server, 100);
		unlink($path);`,
	"a pair": `
		foreach ([STREAM_SOCK_STREAM, STREAM_SOCK_DGRAM] as $type) {
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, $type, 0);
			fwrite($a, 'go');
			$read = ($read ?? '') . fread($b, 10);
		}
		if ($read === 'gogo') echo 'good';`,
}

// Without libc's socket() PHP has no sockets, and a script in this engine has all of them.
func TestSocketsAreGos(t *testing.T) {
	dir := t.TempDir()
	source, library := filepath.Join(dir, "refuse.c"), filepath.Join(dir, "refuse.so")
	require.NoError(t, os.WriteFile(source, []byte(refusal), 0o600))
	out, err := exec.CommandContext(t.Context(), "cc", "-shared", "-fPIC", "-o", library, source, "-ldl").CombinedOutput()
	require.NoError(t, err, "%s", out)
	command := buildCommand(t)
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	for name, code := range conversations {
		t.Run(name, func(t *testing.T) {
			said := func(program string, env ...string) string {
				file := writeFile(t, "script.php", "<?php "+code)
				cmd := exec.Command(program, "-n", "-d", "display_errors=0", "-d", "log_errors=0", file, filepath.Join(t.TempDir(), "s"))
				cmd.Env = append(os.Environ(), env...)
				return execute(t, cmd).stdout
			}
			require.Equal(t, "good", said(php))
			require.NotContains(t, said(php, "LD_PRELOAD="+library), "good", "the control: the library refuses nothing")
			require.Equal(t, "good", said(command))
			require.Equal(t, "good", said(command, "LD_PRELOAD="+library))
		})
	}
}

// The host sees each of them while it is open.
func TestHostSeesEverySocket(t *testing.T) {
	var e *bridge.Engine
	var seen []resources.Info
	look := phpext.Function{Prototype: "host_look(): int", Call: func(*phpext.Call) (phpext.Value, error) {
		done := make(chan struct{})
		go func() { defer close(done); seen = e.Sockets().List() }()
		<-done
		return phpext.Int(int64(len(seen))), nil
	}}
	e = startWith(t, look)
	want := map[string]struct {
		open   int
		opened uint64
	}{
		"tcp": {3, 3}, "tcp, a name and IPv6": {3, 3}, "udp": {2, 2}, "unix": {2, 3}, "udg": {2, 2}, "a pair": {2, 4},
	}
	for name, code := range conversations {
		t.Run(name, func(t *testing.T) {
			before := e.Sockets().Opened()
			seen = nil
			out, _, err := run(t, e, bridge.Request{Code: code + "host_look();", Args: []string{filepath.Join(t.TempDir(), "s")}})
			require.NoError(t, err)
			require.Equal(t, "good", out)
			require.Len(t, seen, want[name].open)
			transports := map[resources.Transport]bool{}
			for _, info := range seen {
				require.Positive(t, info.FD)
				require.False(t, info.Created.IsZero())
				transports[info.Transport] = true
			}
			transport, _, _ := strings.Cut(name, ",")
			if name == "a pair" {
				transport = string(resources.Pair)
			}
			require.Equal(t, map[resources.Transport]bool{resources.Transport(transport): true}, transports)
			require.Equal(t, want[name].opened, e.Sockets().Opened()-before)
			require.Zero(t, e.Sockets().Len())
		})
	}
}
