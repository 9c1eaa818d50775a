package resources

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// handOverVariable names the environment variable that tells a child process
// what it was given: "3=tcp%3A%2F%2F0.0.0.0%3A80,4+unlink=unix%3A%2F%2F%2Frun%2Fx",
// the descriptors with their addresses, which may have any bytes.
const handOverVariable = "PHPSOCK_LISTENERS"

// unlinkMark says that the file of a unix socket is to be removed at the end.
const unlinkMark = "+unlink"

// firstInherited is the first descriptor that a process is given besides the
// standard ones.
const firstInherited = 3

// HandOver gives the child process that cmd is about to start a duplicate of
// every socket of the kernel, listening or bound, so that no connection is lost
// while one process takes over from another: it adds to the ExtraFiles and the
// Env of cmd. [Listeners.Inherit] is the other side. Listeners that live in this
// program, those of a [Memory] among them, cannot be handed over and are left
// out.
//
// Both processes accept from then on, until one closes its listeners. The child
// also inherits the connections that are open, unless they were made with
// Options.CloseOnExec, and would keep them open. The files of unix sockets are
// left to the child, also if it should fail to start.
//
// The files in cmd.ExtraFiles are of no use once cmd has been started and may be
// closed. The error is an [*Error] with Op "dup", and cmd is as it was.
func (l *Listeners) HandOver(cmd *exec.Cmd) error {
	var files []*os.File
	var entries []string
	var given []*Provided
	for _, p := range l.List() {
		p.mu.Lock()
		var file *os.File
		var err error
		_, isKernel := p.supply.(*kernelSupply)
		if isKernel {
			file, err = p.file()
		}
		unlink := p.unlink != nil
		p.mu.Unlock()
		if err != nil {
			for _, f := range files {
				_ = f.Close()
			}
			return err
		}
		if !isKernel {
			continue
		}
		entry := strconv.Itoa(firstInherited + len(cmd.ExtraFiles) + len(files))
		if unlink {
			entry += unlinkMark
		}
		entries = append(entries, entry+"="+url.QueryEscape(p.Address()))
		files = append(files, file)
		given = append(given, p)
	}
	for _, p := range given {
		p.mu.Lock()
		p.unlink = nil
		p.mu.Unlock()
	}
	env := cmd.Env
	if env == nil {
		env = cmd.Environ()
	}
	// A value that this process was given itself is not for the child.
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, handOverVariable+"=") })
	if len(entries) > 0 {
		env = append(env, handOverVariable+"="+strings.Join(entries, ","))
	}
	cmd.Env = env
	cmd.ExtraFiles = append(cmd.ExtraFiles[:len(cmd.ExtraFiles):len(cmd.ExtraFiles)], files...)
	return nil
}

// handedOver is one entry of the variable.
type handedOver struct {
	fd      int
	address listenAddress
	unlink  *socketFile
}

// parseHandOver reads the variable. An entry that makes no sense is an error of
// its own.
func parseHandOver(value string) (list []handedOver, failed []error) {
	for entry := range strings.SplitSeq(value, ",") {
		h, err := parseHandedOver(entry)
		if err != nil {
			failed = append(failed, fmt.Errorf("resources: %s: %q: %w", handOverVariable, entry, err))
			continue
		}
		list = append(list, h)
	}
	return list, failed
}

func parseHandedOver(entry string) (h handedOver, err error) {
	number, text, _ := strings.Cut(entry, "=")
	number, unlink := strings.CutSuffix(number, unlinkMark)
	if h.fd, err = strconv.Atoi(number); err != nil {
		return h, err
	}
	if text, err = url.QueryUnescape(text); err != nil {
		return h, err
	}
	if h.address, err = parseListenAddress(text); err != nil {
		return h, err
	}
	if unlink && h.address.transport == Unix {
		h.unlink = socketFileAt(h.address.target)
	}
	return h, nil
}
