package resources

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const childVariable = "RESOURCES_TEST_CHILD"

// TestHandOverChild is not a test but the process that the others start: it
// takes over what it is given, tells of it and serves one client on each.
func TestHandOverChild(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		t.Skip("only as a child")
	}
	l := NewListeners()
	n, err := l.Inherit()
	fmt.Printf("inherited %d\n", n)
	if err != nil {
		fmt.Printf("error %q\n", err)
	}
	for _, name := range []string{handOverVariable, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		if _, set := os.LookupEnv(name); set {
			fmt.Println("still set", name)
		}
	}
	for _, p := range l.List() {
		file, err := p.File()
		require.NoError(t, err)
		flags, err := unix.FcntlInt(file.Fd(), unix.F_GETFL, 0)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		fmt.Printf("has %q at %q, non-blocking %v\n", p.Address(), p.Addr(), flags&unix.O_NONBLOCK != 0)
		kept, ok := p.supply.(*kernelSupply)
		require.True(t, ok)
		flags, err = unix.FcntlInt(uintptr(kept.fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		require.NotZero(t, flags&unix.FD_CLOEXEC)
	}
	if os.Getenv(childVariable) == "serve" {
		for _, p := range l.List() {
			name, target := SplitTransport(p.Address())
			s := take(t, l, Transport(name), target)
			if p.address.isPacket() {
				_, from := receive(t, s, 0)
				_, err := s.SendTo([]byte("child"), 0, netip.MustParseAddrPort(from))
				require.NoError(t, err)
				continue
			}
			a := accept(t, s)
			_, err := a.SendTo([]byte("child"), 0, nobody)
			require.NoError(t, err)
			require.NoError(t, a.Close())
		}
	}
	require.NoError(t, l.Close())
}

// child starts this program anew. What it prints is complete once it has ended.
func child(t *testing.T, mode string, command ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	args := append(command, os.Args[0], "-test.run=^TestHandOverChild$", "-test.v")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), childVariable+"="+mode, "GORACE=atexit_sleep_ms=0")
	output := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = output, output
	return cmd, output
}

func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for _, f := range cmd.ExtraFiles {
		require.NoError(t, f.Close())
	}
	cmd.ExtraFiles = nil
}

// told gives the lines that begin with a word.
func told(output, word string) (lines []string) {
	for line := range strings.Lines(output) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), word+" "); ok {
			lines = append(lines, rest)
		}
	}
	return lines
}

func TestHandOver(t *testing.T) {
	before, counters := descriptors(t), eventfds(t)
	l := NewListeners()
	path := socketPath(t) + " ,=+unlink%3A\xff"
	ul, err := net.Listen("unix", path)
	require.NoError(t, err)
	_, err = l.Provide("unix://"+path, ul)
	require.NoError(t, err)
	abstract := "\x00" + path + "\x00\n"
	s, err := BindUnix(Unix, abstract, Options{})
	require.NoError(t, err)
	require.NoError(t, s.Listen(5))
	require.NoError(t, l.Keep(abstract, s))
	require.NoError(t, s.Close())
	tcp := listenTCP(t)
	tcpAddress := tcp.Addr().String()
	_, err = l.Provide("tcp://"+tcpAddress, tcp)
	require.NoError(t, err)
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	udpAddress := netip.MustParseAddrPort(pc.LocalAddr().String())
	_, err = l.ProvidePacket("udp://192.0.2.1:53", pc)
	require.NoError(t, err)
	_, err = l.Provide("mem://x", newScripted())
	require.NoError(t, err)

	// Clients that came before: nobody has accepted them.
	var clients []io.ReadCloser
	for _, dial := range [][2]string{{"tcp", tcpAddress}, {"unix", path}, {"unix", "@" + abstract[1:]}} {
		c, err := net.Dial(dial[0], dial[1])
		require.NoError(t, err)
		require.NoError(t, c.SetDeadline(time.Now().Add(4*patience*time.Millisecond)))
		clients = append(clients, c)
	}
	asking := bind(t, UDP, Options{})
	_, err = asking.SendTo([]byte("?"), 0, udpAddress)
	require.NoError(t, err)

	cmd, output := child(t, "serve")
	other, err := os.Open(os.DevNull)
	require.NoError(t, err)
	cmd.ExtraFiles = []*os.File{other}
	cmd.Env = append(cmd.Env, handOverVariable+"=9=stale")
	require.NoError(t, l.HandOver(cmd))
	require.Len(t, cmd.ExtraFiles, 5, "what was there, and not mem://")
	require.Same(t, other, cmd.ExtraFiles[0])
	require.Equal(t, 1, strings.Count(strings.Join(cmd.Env, "\n"), handOverVariable+"="))
	start(t, cmd)
	require.NoError(t, l.Close())
	_, err = os.Lstat(path)
	require.NoError(t, err, "the child has it now")

	for _, c := range clients {
		answer, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "child", string(answer))
		require.NoError(t, c.Close())
	}
	data, _ := receive(t, asking, 0)
	require.Equal(t, "child", data)
	require.NoError(t, cmd.Wait(), output)
	require.Equal(t, []string{"4"}, told(output.String(), "inherited"))
	require.Empty(t, told(output.String(), "error"))
	require.Empty(t, told(output.String(), "still"))
	require.Equal(t, []string{
		fmt.Sprintf("%q at %q, non-blocking true", "tcp://"+tcpAddress, tcpAddress),
		fmt.Sprintf("%q at %q, non-blocking false", "udp://192.0.2.1:53", udpAddress),
		fmt.Sprintf("%q at %q, non-blocking true", "unix://"+abstract, "@"+abstract[1:]),
		fmt.Sprintf("%q at %q, non-blocking true", "unix://"+path, path),
	}, told(output.String(), "has"))
	_, err = os.Lstat(path)
	require.ErrorIs(t, err, os.ErrNotExist, "the child has removed it")
	require.NoError(t, asking.Close())
	nothingNew(t, before, counters)
}

func TestHandOverNothing(t *testing.T) {
	l := newListeners(t)
	cmd := exec.Command("true")
	require.NoError(t, l.HandOver(cmd))
	require.Empty(t, cmd.ExtraFiles)
	require.NotEmpty(t, cmd.Env, "the process's own, which no value for others is in")
}

// What the child cannot use is told, and the rest works.
func TestInheritErrors(t *testing.T) {
	l := newListeners(t)
	_, err := l.Provide("tcp://127.0.0.1:1", listenTCP(t))
	require.NoError(t, err)
	cmd, output := child(t, "look")
	pipe, end, err := os.Pipe()
	require.NoError(t, err)
	cmd.ExtraFiles = []*os.File{pipe, end}
	require.NoError(t, l.HandOver(cmd))
	for i, v := range cmd.Env {
		if value, ok := strings.CutPrefix(v, handOverVariable+"="); ok {
			bad := "3=tcp%3A%2F%2F127.0.0.1%3A2,1=tcp%3A%2F%2F127.0.0.1%3A3,99=mem%3A%2F%2Fx,5=udp%3A%2F%2F127.0.0.1%3A4,x=,5=%zz,5=tls%3A%2F%2Fx,,"
			cmd.Env[i] = handOverVariable + "=" + bad + value
		}
	}
	start(t, cmd)
	require.NoError(t, cmd.Wait(), output)
	require.Equal(t, []string{"1"}, told(output.String(), "inherited"))
	require.Len(t, told(output.String(), "has"), 1)
	require.Len(t, told(output.String(), "error"), 1)
	text, err := strconv.Unquote(told(output.String(), "error")[0])
	require.NoError(t, err)
	lines := strings.Split(text, "\n")
	require.Len(t, lines, 8, text)
	require.Contains(t, text, `resources: inherit "tcp://127.0.0.1:2" as descriptor 3: socket operation on non-socket`)
	require.Contains(t, text, `resources: inherit "mem://x" as descriptor 99: bad file descriptor`)
	require.Contains(t, text, `resources: inherit "udp://127.0.0.1:4" as descriptor 5: protocol wrong type for socket`)
	require.Contains(t, text, `resources: PHPSOCK_LISTENERS: "x=": `)
}

// systemd's socket activation, of which a shell plays the part.
func TestInheritActivated(t *testing.T) {
	tcp, udp := listenTCP(t), bind(t, UDP, Options{})
	path := socketPath(t)
	bound, err := BindUnix(Unix, path, Options{})
	require.NoError(t, err)
	closing(t, bound)
	require.NoError(t, bound.Listen(5))
	client, _ := connect(t)
	file := func(s *Socket) *os.File {
		fd, err := duplicate(s.FD(), Options{CloseOnExec: true})
		require.NoError(t, err)
		return os.NewFile(uintptr(fd), "socket")
	}
	files := func() []*os.File {
		raw, err := tcp.File()
		require.NoError(t, err)
		null, err := os.Open(os.DevNull)
		require.NoError(t, err)
		return []*os.File{raw, file(udp), null, file(client), file(bound)}
	}
	tcpLine := fmt.Sprintf("%q at %q, non-blocking true", "tcp://"+tcp.Addr().String(), tcp.Addr())
	udpLine := fmt.Sprintf("%q at %q, non-blocking false", "udp://"+udp.Local(), udp.Local())
	unixLine := fmt.Sprintf("%q at %q, non-blocking true", "unix://"+path, path)
	for name, test := range map[string]struct {
		script string
		want   []string
	}{
		"activated": {"LISTEN_PID=$$ LISTEN_FDS=5", []string{tcpLine, udpLine, unixLine}},
		"fewer":     {"LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web", []string{tcpLine}},
		"named": {
			"LISTEN_PID=$$ LISTEN_FDS=5 LISTEN_FDNAMES=tcp%3A//0.0.0.0%3A80:tcp%3A//0.0.0.0%3A80:x::a%20b",
			[]string{strings.Replace(tcpLine, tcp.Addr().String(), "0.0.0.0:80", 1), udpLine, unixLine},
		},
		"names amiss":     {"LISTEN_PID=$$ LISTEN_FDS=5 LISTEN_FDNAMES=tcp%3A//0.0.0.0%3A80", []string{tcpLine, udpLine, unixLine}},
		"another process": {"LISTEN_PID=1 LISTEN_FDS=5", nil},
		"no number":       {"LISTEN_PID=$$ LISTEN_FDS=-1", nil},
		"nothing":         {"LISTEN_PID=$$", nil},
	} {
		t.Run(name, func(t *testing.T) {
			cmd, output := child(t, "look", "sh", "-c", "export "+test.script+`; exec "$0" "$@"`)
			cmd.ExtraFiles = files()
			start(t, cmd)
			require.NoError(t, cmd.Wait(), output)
			require.Equal(t, test.want, told(output.String(), "has"))
			require.Equal(t, []string{strconv.Itoa(len(test.want))}, told(output.String(), "inherited"))
			require.Empty(t, told(output.String(), "error"))
			require.Empty(t, told(output.String(), "still"))
		})
	}
	require.FileExists(t, path, "systemd's")
}
