//go:build cgo

package bridge

/*
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"maps"
	"slices"
	"syscall"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
)

// takeBytes copies what C allocated and frees it.
func takeBytes(b C.struct_bridge_bytes) string {
	if b.data == nil {
		return ""
	}
	defer C.free(unsafe.Pointer(b.data))
	return string(unsafe.Slice((*byte)(unsafe.Pointer(b.data)), b.len))
}

func syscallErrno(n C.int) syscall.Errno { return syscall.Errno(n) }

// arena remembers C memory to be freed together.
func (r *request) calloc(n C.size_t) unsafe.Pointer {
	p := C.calloc(1, n)
	r.memory = append(r.memory, p)
	return p
}

func (r *request) string(s string) *C.char {
	p := C.CString(s)
	r.memory = append(r.memory, unsafe.Pointer(p))
	return p
}

func (r *request) bytes(b []byte) C.struct_bridge_bytes {
	if len(b) == 0 {
		return C.struct_bridge_bytes{}
	}
	p := C.CBytes(b)
	r.memory = append(r.memory, p)
	return C.struct_bridge_bytes{data: (*C.char)(p), len: C.size_t(len(b))}
}

// strings returns a NULL-terminated array.
func (r *request) strings(list []string) **C.char {
	p := r.calloc(C.size_t(len(list)+1) * C.size_t(unsafe.Sizeof((*C.char)(nil))))
	for i, s := range list {
		unsafe.Slice((**C.char)(p), len(list))[i] = r.string(s)
	}
	return (**C.char)(p)
}

// pairs returns name, value, name, value, …, NULL, in the order of the names.
func (r *request) pairs(m map[string]string) **C.char {
	list := make([]string, 0, 2*len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, k, m[k])
	}
	return r.strings(list)
}

func (r *request) free() {
	for _, p := range r.memory {
		C.free(p)
	}
	r.memory = nil
}

// newConfig lives until the engine is closed: C keeps names of functions and parameters.
func newConfig(cfg Config, table *phpext.Table) *C.struct_bridge_config {
	c := (*C.struct_bridge_config)(C.calloc(1, C.sizeof_struct_bridge_config))
	sapi := cfg.SAPI
	if sapi == "" {
		sapi = "cli"
	}
	c.sapi = C.CString(sapi)
	if cfg.Binary != "" {
		c.binary = C.CString(cfg.Binary)
	}
	c.ini_entries = C.CString(iniEntries(cfg.INI, cfg.OwnProcess))
	if cfg.INIFile != "" {
		c.ini_path = C.CString(cfg.INIFile)
	}
	c.ini_ignore = flag(!cfg.SystemINI && cfg.INIFile == "")
	c.own_process = flag(cfg.OwnProcess)
	c.close_on_exec = flag(cfg.CloseOnExec)
	c.no_direct = flag(cfg.GoOnly)
	c.guarded = flag(cfg.Policy != nil)
	c.openssl = flag(cfg.OpenSSL)
	c.memory = flag(cfg.Memory != nil)

	rows := table.Rows()
	c.num_rows = C.uint32_t(len(rows))
	c.rows = (*C.struct_bridge_row)(C.calloc(C.size_t(len(rows)+1), C.sizeof_struct_bridge_row))
	for i, row := range unsafe.Slice(c.rows, len(rows)) {
		fillRow(&row, rows[i])
		unsafe.Slice(c.rows, len(rows))[i] = row
	}
	return c
}

func fillRow(c *C.struct_bridge_row, row *phpext.Row) {
	c.name = C.CString(row.Name)
	c.required = C.uint32_t(row.Required)
	c.return_types = C.uint32_t(row.Return)
	c.context_param = C.int(-1)
	if row.Context != "" {
		c.context_param = C.int(row.Param(row.Context))
	}
	c.flags_param = C.int(row.Param("flags"))
	c.direct = C.uint8_t(row.Direct)
	if row.Replaces {
		c.replaces = 1
	}
	if row.Hidden {
		c.hidden = 1
	}
	c.num_params = C.uint32_t(len(row.Params))
	c.params = (*C.struct_bridge_param)(C.calloc(C.size_t(len(row.Params)+1), C.sizeof_struct_bridge_param))
	for i, p := range row.Params {
		cp := &unsafe.Slice(c.params, len(row.Params))[i]
		cp.name = C.CString(p.Name)
		cp.type_text = C.CString(p.Type.String())
		cp.types = C.uint32_t(p.Type)
		if p.DefaultText != "" {
			cp.default_text = C.CString(p.DefaultText)
		}
		if p.ByRef {
			cp.by_ref = 1
		}
		if p.Variadic {
			cp.variadic = 1
		}
	}
}

func freeConfig(c *C.struct_bridge_config) {
	free := func(s *C.char) { C.free(unsafe.Pointer(s)) }
	for _, row := range unsafe.Slice(c.rows, int(c.num_rows)) {
		free(row.name)
		for _, p := range unsafe.Slice(row.params, int(row.num_params)) {
			free(p.name)
			free(p.type_text)
			free(p.default_text)
		}
		C.free(unsafe.Pointer(row.params))
	}
	C.free(unsafe.Pointer(c.rows))
	free(c.sapi)
	free(c.binary)
	free(c.ini_entries)
	free(c.ini_path)
	C.free(unsafe.Pointer(c))
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
