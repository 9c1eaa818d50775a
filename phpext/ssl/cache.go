package ssl

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"hash"
	"io"
	"os"
	"syscall"

	"github.com/phpsock/phpsock/phpext"
)

// cache keeps settings by what they were made of, as long as their files are the same.
type cache struct {
	settings map[[sha256.Size]byte]*settings
	hosts    map[hostKey]*settings
}

// mostKept is how many settings are kept; with one more they are all made anew.
const mostKept = 256

// largestFile is how much is read of a file that an option names.
const largestFile = 16 << 20

// stamp tells one state of a file from another.
type stamp struct {
	path string
	info syscall.Stat_t
	ok   bool
}

func stampOf(path string) stamp {
	s := stamp{path: path}
	s.ok = syscall.Stat(path, &s.info) == nil
	s.info.Atim = syscall.Timespec{} // reading is no change
	return s
}

// stampFile notes that the settings depend on a file.
func (s *settings) stampFile(path string) { s.files = append(s.files, stampOf(path)) }

// read reads a file on which the settings depend.
func (s *settings) read(path string) ([]byte, error) {
	s.stampFile(path) // before it is read: a change in between is seen later
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, &os.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	return io.ReadAll(io.LimitReader(file, largestFile))
}

func (s *settings) upToDate() bool {
	for _, old := range s.files {
		if stampOf(old.path) != old {
			return false
		}
	}
	return true
}

// keyOf is different for streams that must not share their settings.
func keyOf(r *request, o options) (key [sha256.Size]byte) {
	h := sha256.New()
	// A script may have given up the rights with which another one opened the files.
	fmt.Fprint(h, r.method, os.Geteuid(), os.Getegid(), r.iniCAFile, "\x00", r.iniCAPath, "\x00")
	hashValue(h, r.caData)
	for _, name := range []string{
		"verify_peer", "cafile", "capath", "verify_depth", "allow_self_signed", "ciphers", "security_level", "no_ticket",
		"alpn_protocols", "min_proto_version", "max_proto_version", "local_cert", "local_pk", "passphrase",
		"SNI_enabled", "SNI_server_certs", "dh_param",
	} {
		if v, ok := o.get(name); ok {
			fmt.Fprint(h, name, "=")
			hashValue(h, v)
		}
	}
	hashValue(h, phpext.ArrayValue(r.paths))
	h.Sum(key[:0])
	return key
}

// hashValue writes v so that no other value is written alike.
func hashValue(h hash.Hash, v phpext.Value) {
	switch v.Kind() {
	case phpext.KindString:
		fmt.Fprintf(h, "s%d:%s", len(v.Text()), v.Text())
	case phpext.KindArray:
		fmt.Fprintf(h, "a%d:", v.Array().Len())
		for k, e := range v.Array().All() {
			fmt.Fprintf(h, "%t%d:%s", k.IsString(), len(k.String()), k)
			hashValue(h, e)
		}
	default:
		fmt.Fprintf(h, "%d:%s;", v.Kind(), v)
	}
}

// settingsFor returns those of the options, made now or before.
func (t *Crypto) settingsFor(c *phpext.Call, r *request, o options) (*settings, error) {
	key := keyOf(r, o)
	if kept := t.kept.settings[key]; kept != nil && kept.upToDate() {
		return kept, nil
	}
	made, err := build(c, r, o)
	if err != nil {
		return nil, err
	}
	if len(t.kept.settings) >= mostKept || t.kept.settings == nil {
		t.kept.settings = make(map[[sha256.Size]byte]*settings)
	}
	t.kept.settings[key] = made
	return made, nil
}

// hostKey is a configuration of the host with what a script adds to it.
type hostKey struct {
	config *tls.Config
	alpn   string
}
