//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// request is a [Request] in C's memory.
type request struct {
	raw    *C.struct_bridge_request
	limits phpext.Limits
	script string // its path, "" where it is no file
	output io.Writer
	log    io.Writer
	files  []*os.File // whose descriptors C writes to
	memory []unsafe.Pointer
}

func (e *Engine) newRequest(r Request) (*request, error) {
	vars, err := e.encodeVars(r.Vars)
	if err != nil {
		return nil, err
	}
	dir, err := directory(r)
	if err != nil {
		return nil, err
	}
	req := &request{output: r.Output, log: r.Log}
	if req.output == nil {
		req.output = os.Stdout
	}
	if req.log == nil {
		req.log = os.Stderr
	}
	req.raw = (*C.struct_bridge_request)(req.calloc(C.sizeof_struct_bridge_request))
	if r.Code != "" || (r.File == "" && !r.FromStdin) {
		req.raw.code = req.string(r.Code)
		req.raw.code_len = C.size_t(len(r.Code))
	} else if r.FromStdin {
		req.raw.from_stdin = 1
	} else {
		req.script = realPath(dir, r.File)
		req.raw.file = req.string(r.File)
		req.raw.real_path = req.string(req.script)
	}
	if r.Lint {
		req.raw.lint = 1
	}
	req.raw.dir = req.string(dir)
	argv := append([]string{scriptName(r)}, r.Args...)
	req.raw.argc = C.int(len(argv))
	req.raw.argv = req.strings(argv)
	req.raw.env = req.pairs(r.Env)
	req.raw.ini = req.pairs(r.INI)
	req.raw.vars = req.bytes(vars)
	req.limit(e.limits, r.Limits)
	req.raw.output_fd = req.descriptor(req.output)
	req.raw.log_fd = req.descriptor(req.log)
	return req, nil
}

func scriptName(r Request) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.File != "":
		return r.File
	}
	return "Standard input code"
}

// directory checks what C could only fail on later.
func directory(r Request) (string, error) {
	dir := r.Dir
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			return "", err
		}
		dir = wd
	} else if _, err := os.Stat(dir); err != nil {
		return "", err
	}
	if r.File == "" || r.FromStdin || r.Code != "" {
		return dir, nil
	}
	f, err := os.Open(realPath(dir, r.File))
	if err != nil {
		return "", err
	}
	return dir, f.Close()
}

func realPath(dir, file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		return resolved
	}
	return file
}

// limit puts the limits of engine and run together.
func (r *request) limit(engine, run resources.Limits) {
	limits := engine.And(run)
	r.limits = phpext.Limits{
		OpenSockets: limits.OpenSockets, DatagramSize: limits.DatagramSize, Rates: resources.NewRates(engine, run),
	}
	r.raw.limits = C.struct_bridge_limits{
		open_sockets:  C.uint64_t(limits.OpenSockets),
		datagram_size: C.uint64_t(limits.DatagramSize),
		handshake_ms:  C.int64_t(limits.HandshakeTimeout.Milliseconds()),
	}
}

// encodeVars puts connections among the variables into the socket table.
func (e *Engine) encodeVars(vars map[string]any) ([]byte, error) {
	if len(vars) == 0 {
		return nil, nil
	}
	vars = maps.Clone(vars)
	for name, v := range vars {
		conn, ok := v.(net.Conn)
		if !ok {
			continue
		}
		socket, err := resources.FromConn(conn, resources.TransportOf(conn), resources.Options{})
		if err != nil {
			return nil, err
		}
		vars[name] = phpext.StreamValue(&phpext.NewStream{Socket: socket, Handle: e.sockets.Insert(socket), Accepted: true})
	}
	v, err := phpext.ValueOf(vars)
	if err != nil {
		return nil, err
	}
	return appendValue(nil, v), nil
}

// descriptor returns the descriptor that C can write to, or -1.
func (r *request) descriptor(w io.Writer) C.int {
	f, ok := w.(*os.File)
	if !ok || f == nil {
		return -1
	}
	conn, err := f.SyscallConn() // unlike Fd, it leaves the descriptor's mode alone
	if err != nil {
		return -1
	}
	fd := C.int(-1)
	if conn.Control(func(n uintptr) { fd = C.int(n) }) != nil {
		return -1
	}
	r.files = append(r.files, f)
	return fd
}
