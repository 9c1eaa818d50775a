package resources

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// realDir gives a directory by its real path, and makes it the working one.
func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(filepath.Dir(socketPath(t)))
	require.NoError(t, err)
	t.Chdir(dir)
	return dir
}

func bindUnixAt(t *testing.T, transport Transport, path string) *Socket {
	t.Helper()
	s, err := BindUnix(transport, path, Options{})
	require.NoError(t, err)
	closing(t, s)
	if transport == Unix {
		require.NoError(t, s.Listen(64))
	}
	return s
}

// linked makes dir/real/s a socket and links that lead there.
func linked(t *testing.T, transport Transport) (dir string, s *Socket) {
	t.Helper()
	dir = realDir(t)
	require.NoError(t, os.Mkdir("real", 0o700))
	require.NoError(t, os.Symlink("real", "link"))
	require.NoError(t, os.Symlink(dir+"/link/s", "real/again"))
	return dir, bindUnixAt(t, transport, dir+"/real/s")
}

func TestPermitDialUnixSeesRealPath(t *testing.T) {
	for _, transport := range []Transport{Unix, Udg} {
		dir, s := linked(t, transport)
		for _, path := range []string{
			dir + "/real/s", "real/s", "./link/s", dir + "/link/s", "link/again", "real/../link//./s",
			"/proc/self/cwd/link/again", "link/s\x00ignored", "link/" + strings.Repeat("/", 101) + "s, cut off",
		} {
			t.Run(string(transport)+" "+path, func(t *testing.T) {
				var a asked
				before := descriptors(t)
				c, err := dial(t, NewDialUnix(transport, path, Options{Permit: a.permit}, false))
				require.NoError(t, err)
				require.Equal(t, []string{"dial " + dir + "/real/s"}, a.calls)
				address := unixSockaddr(path)
				require.Equal(t, address.text(), c.Remote(), "as the script wrote it")
				remote, err := c.Name(true)
				require.NoError(t, err)
				require.Equal(t, dir+"/real/s", remote, "as the server is bound")
				_, err = c.SendTo([]byte("hello"), 0, netip.AddrPort{})
				require.NoError(t, err)
				if transport == Udg {
					data, _ := receive(t, s, 0)
					require.Equal(t, "hello", data)
				} else {
					server := accept(t, s)
					data, _ := receive(t, server, 0)
					require.Equal(t, "hello", data)
					_ = server.Close()
				}
				_ = c.Close()

				a = asked{refuse: "/real/"}
				_, err = dial(t, NewDialUnix(transport, path, Options{Permit: a.permit}, true))
				refusedWith(t, err, "connect", path, dir+"/real/s is refused")
				require.Equal(t, before, descriptors(t), "nothing stays open")
			})
		}
	}
}

// Whatever fails, fails with a policy as it does without one.
func TestPermitUnixFailsAlike(t *testing.T) {
	dir, _ := linked(t, Unix)
	require.NoError(t, os.WriteFile("file", nil, 0o600))
	require.NoError(t, os.Symlink("loop", "loop"))
	require.NoError(t, os.Symlink("nowhere", "dangling"))
	bound, err := BindUnix(Unix, "bound", Options{})
	require.NoError(t, err)
	closing(t, bound)
	paths := []string{
		"", "/", "//", ".", "..", "/..", "real", "real/", "real/.", "real/..", "link", "link/", "none", "none/", "none/.", "none/s",
		"file", "file/", "file/s", "loop", "loop/", "loop/s", "dangling", "dangling/", "real/s", "real/s/", "real/s/s", "bound", "real/new/",
		strings.Repeat("x", 100), "\x00", "\x00none", dir + "/none",
		"/dev/null", "/proc/self/fd/999999", "/proc/self/fd/" + strconv.Itoa(bound.FD()),
	}
	for _, transport := range []Transport{Unix, Udg} {
		for _, path := range paths {
			var a asked
			before := descriptors(t)
			for name, do := range map[string]func(Options) error{
				"dial": func(o Options) error {
					s, err := dial(t, NewDialUnix(transport, path, o, false))
					if s != nil {
						_ = s.Close()
					}
					return err
				},
				"bind": func(o Options) error {
					s, err := BindUnix(transport, path, o)
					if err == nil {
						if isFile(s.Local()) {
							require.NoError(t, os.Remove(path))
						}
						_ = s.Close()
					}
					return err
				},
			} {
				require.Equal(t, do(Options{}), do(Options{Permit: a.permit}), "%s %s %q", name, transport, path)
			}
			require.Equal(t, before, descriptors(t), "nothing stays open")
		}
	}
}

func TestPermitDialUnixFull(t *testing.T) {
	realDir(t)
	s, err := BindUnix(Unix, "s", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.NoError(t, s.Listen(0))
	var a asked
	_, err = dial(t, NewDialUnix(Unix, "s", Options{Permit: a.permit}, true))
	require.NoError(t, err)
	_, err = dial(t, NewDialUnix(Unix, "s", Options{Permit: a.permit}, true))
	failedWith(t, err, "connect", syscall.EAGAIN)
}

func TestPermitUnixNoPermission(t *testing.T) {
	needUser(t)
	realDir(t)
	require.NoError(t, os.Mkdir("shut", 0o700))
	bindUnixAt(t, Unix, "shut/s")
	require.NoError(t, os.Chmod("shut", 0))
	defer func() { _ = os.Chmod("shut", 0o700) }()
	var a asked
	_, err := dial(t, NewDialUnix(Unix, "shut/s", Options{Permit: a.permit}, false))
	failedWith(t, err, "connect", syscall.EACCES)
	_, err = BindUnix(Unix, "shut/t", Options{Permit: a.permit})
	failedWith(t, err, "bind", syscall.EACCES)
}

// The file that is connected to is the one that was asked about, even when its
// name belongs to another one by then, or to none.
func TestPermitDialUnixHoldsTheFile(t *testing.T) {
	realDir(t)
	allowed := bindUnixAt(t, Unix, "s")
	var denied *Socket
	o := Options{Permit: func(Operation, netip.AddrPort, string) error {
		require.NoError(t, os.Remove("s"))
		denied = bindUnixAt(t, Unix, "s")
		return nil
	}}
	_, err := dial(t, NewDialUnix(Unix, "s", o, false))
	require.NoError(t, err)
	accept(t, allowed)
	_, _, err = denied.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)
}

func TestPermitUnixNames(t *testing.T) {
	dir := realDir(t)
	abstract := "\x00" + dir + "\x00x"
	a := asked{}
	s, err := BindUnix(Unix, abstract, Options{Permit: a.permit})
	require.NoError(t, err)
	closing(t, s)
	require.NoError(t, s.Listen(1))
	_, err = dial(t, NewDialUnix(Unix, abstract, Options{Permit: a.permit}, false))
	require.NoError(t, err)
	chosen, err := BindUnix(Udg, "", Options{Permit: a.permit})
	require.NoError(t, err)
	closing(t, chosen)
	long := "\x00" + strings.Repeat("l", 200)
	cut, err := BindUnix(Udg, long, Options{Permit: a.permit})
	require.NoError(t, err)
	closing(t, cut)
	require.Equal(t, []string{"listen " + abstract, "dial " + abstract, "listen ", "listen " + long[:108]}, a.calls)

	refuse := func(Operation, netip.AddrPort, string) error { return errors.New("no") }
	for _, name := range []string{abstract, ""} {
		_, err = BindUnix(Unix, name, Options{Permit: refuse})
		refusedWith(t, err, "bind", name, "no")
		_, err = dial(t, NewDialUnix(Unix, name, Options{Permit: refuse}, false))
		refusedWith(t, err, "connect", name, "no")
	}
}

func TestPermitBindUnixSeesRealPath(t *testing.T) {
	dir := realDir(t)
	require.NoError(t, os.Mkdir("real", 0o700))
	require.NoError(t, os.Symlink(dir+"/real", "link"))
	for path, real := range map[string]string{
		"s": "/s", "./s": "/s", "link/s": "/real/s", dir + "/link/../s": "/s", "real//s": "/real/s",
		"/proc/self/cwd/link/s": "/real/s", "link/s\x00ignored": "/real/s",
	} {
		for _, transport := range []Transport{Unix, Udg} {
			a := asked{refuse: dir}
			_, err := BindUnix(transport, path, Options{Permit: a.permit})
			refusedWith(t, err, "bind", path, dir+real+" is refused")
			require.NoFileExists(t, dir+real)

			a = asked{}
			before := descriptors(t)
			s, err := BindUnix(transport, path, Options{Permit: a.permit})
			require.NoError(t, err)
			require.Equal(t, []string{"listen " + dir + real}, a.calls)
			name, err := s.Name(false)
			require.NoError(t, err)
			address := unixSockaddr(path)
			require.Equal(t, address.text(), name, "as the script wrote it")
			require.NoError(t, s.Close())
			require.Equal(t, before, descriptors(t))
			require.NoError(t, os.Remove(dir+real))
		}
	}
}

// A link that is turned away while Permit looks does not get its socket.
func TestPermitBindUnixMoved(t *testing.T) {
	for name, ask := range map[string]func(int) (fileID, bool){
		"asking the kernel": boundFile,
		"without an answer": func(int) (fileID, bool) { return fileID{}, false },
	} {
		t.Run(name, func(t *testing.T) {
			askBoundFile = ask
			defer func() { askBoundFile = boundFile }()
			dir := realDir(t)
			require.NoError(t, os.Mkdir("allowed", 0o700))
			require.NoError(t, os.Mkdir("denied", 0o700))
			require.NoError(t, os.Symlink("allowed", "link"))
			turn := func(to string) {
				require.NoError(t, os.Remove("link"))
				require.NoError(t, os.Symlink(to, "link"))
			}
			o := Options{Permit: func(_ Operation, _ netip.AddrPort, path string) error {
				require.Equal(t, dir+"/allowed/s", path)
				turn("denied")
				return nil
			}}
			_, err := BindUnix(Unix, "link/s", o)
			refusedWith(t, err, "bind", "link/s", dir+"/allowed/s is not where the socket was made")
			require.NoFileExists(t, "allowed/s")
			if _, told := ask(bindUnixAt(t, Unix, "probe").FD()); told {
				require.NoFileExists(t, "denied/s")
			}

			turn("allowed")
			s, err := BindUnix(Unix, "link/s", Options{Permit: (&asked{}).permit})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		})
	}
}

// Nor does one find it among sockets that are there already.
func TestPermitBindUnixMovedBesideAnother(t *testing.T) {
	if _, told := boundFile(bindUnixAt(t, Unix, socketPath(t)).FD()); !told {
		t.Skip("this kernel does not tell where a socket is bound")
	}
	dir := realDir(t)
	require.NoError(t, os.Mkdir("allowed", 0o700))
	require.NoError(t, os.Mkdir("denied", 0o700))
	bindUnixAt(t, Unix, "allowed/s")
	file, err := findPlace("allowed/s")
	require.NoError(t, err)
	defer file.close()
	require.Equal(t, dir+"/allowed/s", file.real)
	require.False(t, file.holds(bindUnixAt(t, Unix, "denied/s").FD()))
}

func TestRealPath(t *testing.T) {
	dir := realDir(t)
	held := func(path string) int {
		fd, err := hold(unix.AT_FDCWD, path, 0)
		require.NoError(t, err)
		t.Cleanup(func() { _ = unix.Close(fd) })
		return fd
	}
	require.NoError(t, os.WriteFile("gone", nil, 0o600))
	require.NoError(t, os.WriteFile("s (deleted)", nil, 0o600))
	fd := held("gone")
	path, err := realPath(fd)
	require.NoError(t, err)
	require.Equal(t, dir+"/gone", path)
	require.NoError(t, os.Remove("gone"))
	_, err = realPath(fd)
	require.Equal(t, error(syscall.ENOENT), err)
	require.NoError(t, os.WriteFile("gone (deleted)", nil, 0o600))
	_, err = realPath(fd)
	require.Equal(t, error(syscall.ENOENT), err, "another file")

	path, err = realPath(held("s (deleted)"))
	require.NoError(t, err)
	require.Equal(t, dir+"/s (deleted)", path)

	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	_, err = realPath(int(r.Fd()))
	require.Equal(t, error(syscall.ECONNREFUSED), err)

	_, err = realPath(-1)
	require.Equal(t, error(errNoProc), err)
	refusedWith(t, failed("bind", "x", err), "bind", "x", "the real path cannot be told without /proc")
}

// A working directory that is deep enough has no path any more.
func TestRealPathTooLong(t *testing.T) {
	dir := realDir(t)
	name := strings.Repeat("d", 250)
	for range 17 {
		require.NoError(t, os.Mkdir(name, 0o700))
		require.NoError(t, unix.Chdir(name))
	}
	bindUnixAt(t, Unix, "s")
	_, err := dial(t, NewDialUnix(Unix, "s", Options{Permit: (&asked{}).permit}, false))
	failedWith(t, err, "connect", syscall.ENAMETOOLONG)
	_, err = BindUnix(Unix, "t", Options{Permit: (&asked{}).permit})
	failedWith(t, err, "bind", syscall.ENAMETOOLONG)
	t.Chdir(dir)
}

func TestBoundFile(t *testing.T) {
	path := socketPath(t)
	s := bindUnixAt(t, Unix, path)
	bound, ok := boundFile(s.FD())
	if !ok {
		t.Skip("this kernel does not tell where a socket is bound")
	}
	fd, err := hold(unix.AT_FDCWD, path, unix.O_NOFOLLOW)
	require.NoError(t, err)
	defer unix.Close(fd)
	there, ok := heldFile(fd)
	require.True(t, ok)
	require.Equal(t, there, bound)
	require.NotZero(t, bound.inode)

	for _, fd := range []int{bindUnixAt(t, Udg, "").FD(), listen(t, Options{}).FD(), -1} {
		_, ok = boundFile(fd)
		require.False(t, ok)
	}
	_, ok = heldFile(-1)
	require.False(t, ok)
	_, ok = mountedDevice("none")
	require.False(t, ok)
}

// diagFile reads whatever a kernel may answer without going beyond it.
func FuzzDiagFile(f *testing.F) {
	f.Add([]byte{})
	answer := make([]byte, 52)
	answer[4], answer[32], answer[34], answer[36], answer[42] = 20, 12, 1, 7, 0x10
	f.Add(answer)
	f.Fuzz(func(t *testing.T, answer []byte) { diagFile(answer) })
	id, ok := diagFile(answer)
	require.True(f, ok)
	require.Equal(f, fileID{device: 1 << 32, inode: 7}, id)
}
