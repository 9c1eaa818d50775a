package resources

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A policy has to judge the file that is used, not the words that led to it,
// and nobody may put another one in its place between the two. So a path is
// looked up once, into a descriptor that only holds on to what was found
// (O_PATH), and everything further goes through that: its real path is read
// from /proc, and the kernel is given the name that /proc has for it.
//
// The kernel does the looking up, on the calling thread, because PHP's thread
// has a working directory of its own that os.Getwd and filepath know nothing of.

// errNoProc refuses what a policy cannot be asked about.
var errNoProc = &Error{Errno: syscall.EACCES, Text: "the real path cannot be told without /proc"}

// failed makes an [*Error] of an errno or of errNoProc and its like.
func failed(op, address string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return Refusal(op, address, own)
	}
	return sysError(op, address, err)
}

// isFile tells a path from an abstract name and the empty one.
func isFile(name string) bool { return name != "" && name[0] != 0 }

// hold opens a path relative to a directory, unix.AT_FDCWD for the thread's
// own, without doing anything to the file: reading, sockets and fifos included.
// The errno is the one that connect and bind give for such a path.
func hold(dir int, path string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(dir, path, unix.O_PATH|unix.O_CLOEXEC|flags, 0)
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// heldName is a path of less than 108 bytes that leads to the held file itself,
// whatever has become of its name. The directory of the thread and not of the
// process is used because that one is empty once the main thread has ended.
func heldName(fd int) string { return "/proc/thread-self/fd/" + strconv.Itoa(fd) }

// realPath tells where a held file lies. The error is ENOENT where it lies
// nowhere any more, ECONNREFUSED where it is no file but a socket or pipe that
// was found under /proc, ENAMETOOLONG, or errNoProc.
func realPath(fd int) (string, error) {
	buf := make([]byte, unix.PathMax)
	n, err := unix.Readlink(heldName(fd), buf)
	switch {
	case errors.Is(err, unix.ENAMETOOLONG):
		return "", err
	case err != nil:
		return "", errNoProc
	}
	path := string(buf[:n])
	if !strings.HasPrefix(path, "/") {
		return "", unix.ECONNREFUSED
	}
	if strings.HasSuffix(path, " (deleted)") && !leadsTo(path, fd) {
		return "", unix.ENOENT
	}
	return path, nil
}

// leadsTo tells a file whose name happens to end like that from one which the
// kernel says is gone.
func leadsTo(path string, fd int) bool {
	var there, held unix.Stat_t
	if unix.Lstat(path, &there) != nil || unix.Fstat(fd, &held) != nil {
		return false
	}
	return there.Dev == held.Dev && there.Ino == held.Ino
}

// fileID names a file among all that exist, as the kernel itself does: stat
// gives other numbers on overlayfs and btrfs.
type fileID struct {
	device uint64 // major and minor number, 32 bits each
	inode  uint32 // the lower half, which is all that sock_diag tells
}

// heldFile gives the ID of a held file; ok is false where /proc does not tell.
func heldFile(fd int) (id fileID, ok bool) {
	info, err := os.ReadFile("/proc/thread-self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return id, false
	}
	inode, ok := field(string(info), "ino:")
	if !ok {
		var st unix.Stat_t // before Linux 5.14
		if unix.Fstat(fd, &st) != nil {
			return id, false
		}
		inode = strconv.FormatUint(st.Ino, 10)
	}
	n, err := strconv.ParseUint(inode, 10, 64)
	mount, found := field(string(info), "mnt_id:")
	if err != nil || !found {
		return id, false
	}
	id.inode = uint32(n)
	id.device, ok = mountedDevice(mount)
	return id, ok
}

// field finds "name<tab>value" in a list of lines.
func field(lines, name string) (string, bool) {
	for line := range strings.Lines(lines) {
		if value, ok := strings.CutPrefix(line, name); ok {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// mountedDevice gives the device of a mount: the third word of its line.
func mountedDevice(mount string) (device uint64, ok bool) {
	mounts, err := os.ReadFile("/proc/thread-self/mountinfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(mounts)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != mount {
			continue
		}
		major, minor, _ := strings.Cut(words[2], ":")
		high, err1 := strconv.ParseUint(major, 10, 32)
		low, err2 := strconv.ParseUint(minor, 10, 32)
		return high<<32 | low, err1 == nil && err2 == nil
	}
	return 0, false
}
