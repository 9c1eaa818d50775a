package resources

import (
	"errors"
	"net"
	"reflect"
	"syscall"

	"golang.org/x/sys/unix"
)

// socketFile is the file of a unix socket that is to be removed when the socket
// is closed. nil is none.
type socketFile struct {
	path string
	stat unix.Stat_t
}

// socketFileAt remembers which file is there.
func socketFileAt(path string) *socketFile {
	var st unix.Stat_t
	if unix.Lstat(path, &st) != nil {
		return nil
	}
	return &socketFile{path, st}
}

// remove removes the file, unless somebody has put another one in its place
// meanwhile: a process that was started anew, say, and has bound the path.
func (f *socketFile) remove() error {
	if f == nil {
		return nil
	}
	now := socketFileAt(f.path)
	if now == nil || now.stat.Dev != f.stat.Dev || now.stat.Ino != f.stat.Ino {
		return nil
	}
	if err := unix.Unlink(f.path); err != nil && !errors.Is(err, syscall.ENOENT) {
		return sysError("unlink", f.path, err)
	}
	return nil
}

// fileToUnlink gives the file that closing the listener would remove. Whether it
// would is known to nobody else, and closing the listener to find out would take
// the file away from those who connect meanwhile.
func fileToUnlink(l net.Listener) *socketFile {
	u, ok := l.(*net.UnixListener)
	if !ok {
		return nil
	}
	flag := reflect.ValueOf(u).Elem().FieldByName("unlink")
	name := nameOf(u.Addr())
	if !flag.IsValid() || flag.Kind() != reflect.Bool || !flag.Bool() || name == "" || name[0] == 0 {
		return nil
	}
	return socketFileAt(absolutePath(name))
}
