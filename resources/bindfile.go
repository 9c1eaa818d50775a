package resources

import (
	"strings"

	"golang.org/x/sys/unix"
)

// place is the file that a bind is to make: a name in a directory that is held.
//
// Unlike for connect there is no way to give the kernel exactly the directory
// that Permit was asked about: it keeps the words of the path as the socket's
// name, and those have to be the script's. So it looks them up once more, and a
// symbolic link may lead elsewhere by then. Afterwards the kernel is asked which
// file it has made. If that is not the allowed one it is removed, and the
// socket, which nobody has had yet, is closed.
type place struct {
	path      string // as the kernel reads it
	real      string // what Permit is asked about
	directory int
	base      string
}

// findPlace looks up the directory of a path. The error is the errno that bind
// would give, or errNoProc.
func findPlace(path string) (*place, error) {
	trimmed := strings.TrimRight(path, "/")
	slash := strings.LastIndexByte(trimmed, '/') + 1
	p := &place{path: path, base: trimmed[slash:]}
	directory := path[:slash]
	switch p.base {
	case "", ".", "..":
		// This is a directory and nothing else, where nothing can be made.
		directory, p.base = path, "."
	}
	if directory == "" {
		directory = "."
	}
	var err error
	if p.directory, err = hold(unix.AT_FDCWD, directory, unix.O_DIRECTORY); err != nil {
		return nil, err
	}
	if p.real, err = realPath(p.directory); err != nil {
		p.close()
		return nil, err
	}
	if p.base != "." {
		p.real = strings.TrimSuffix(p.real, "/") + "/" + p.base
	}
	return p, nil
}

func (p *place) close() { _ = unix.Close(p.directory) }

// bind binds a socket to the path and gives EACCES where that made another file
// than the one in mind.
func (p *place) bind(fd int, a *sockaddr) error {
	if errno := sysBind(fd, a); errno != 0 {
		return errno
	}
	if p.holds(fd) {
		return nil
	}
	removeBound(fd, p.path)
	return &Error{Errno: unix.EACCES, Text: p.real + " is not where the socket was made"}
}

// askBoundFile is boundFile, except in a test.
var askBoundFile = boundFile

// holds tells whether it is in this place that a socket was bound.
func (p *place) holds(fd int) bool {
	file, err := hold(p.directory, p.base, unix.O_NOFOLLOW)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(file) }()
	if bound, told := isBoundTo(fd, file); told {
		return bound
	}
	// The next best: a socket is here, and the path still leads to it. Only
	// who puts a socket of his own here meanwhile can get around that.
	var st unix.Stat_t
	return unix.Fstat(file, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFSOCK && leadsTo(p.path, file)
}

// isBoundTo tells whether a held file is the one that a socket was bound to.
func isBoundTo(fd, file int) (bound, told bool) {
	socket, told := askBoundFile(fd)
	there, known := heldFile(file)
	return socket == there, told && known
}

// removeBound removes the file that a socket was bound to, if the path leads
// there once more: a link that is turned to and fro gets some chances. A file
// that is not found stays, like that of any closed socket, and refuses all
// connections. So does one of which the kernel does not say whose it is.
func removeBound(fd int, path string) {
	for range 100 {
		if told, removed := tryRemoveBound(fd, path); removed || !told {
			return
		}
	}
}

func tryRemoveBound(fd int, path string) (told, removed bool) {
	p, err := findPlace(path)
	if err != nil {
		return true, false
	}
	defer p.close()
	file, err := hold(p.directory, p.base, unix.O_NOFOLLOW)
	if err != nil {
		return true, false
	}
	defer func() { _ = unix.Close(file) }()
	bound, told := isBoundTo(fd, file)
	return told, told && bound && unix.Unlinkat(p.directory, p.base, 0) == nil
}
