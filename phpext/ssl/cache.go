package ssl

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"hash"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/phpsock/phpsock/phpext"
)

// cache keeps settings by what they were made of, as long as their files are the same.
type cache struct {
	settings map[[sha256.Size]byte]*settings
	bytes    int // of the files of all settings
	hosts    map[hostKey]*settings
}

// What is kept is not PHP's memory, so no script may have much of it: so many settings,
// made of so many bytes, and so many sessions of each. With one more all are made anew.
const (
	mostKept     = 64
	mostBytes    = 16 << 20
	mostSessions = 32
)

// largestFile is how much is read of a file that an option names, and longestRead how long:
// it may be a pipe. PHP would wait for ever, but nobody could end that here.
const (
	largestFile = 16 << 20
	longestRead = time.Second
)

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
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	_ = file.SetReadDeadline(time.Now().Add(longestRead)) // files of a disk have none, and need none
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, &os.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	data, err := io.ReadAll(io.LimitReader(file, largestFile))
	s.bytes += len(data)
	return data, err
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

func (c *cache) keep(key [sha256.Size]byte, s *settings) {
	if old := c.settings[key]; old != nil {
		c.bytes -= old.bytes
	}
	if c.settings == nil || len(c.settings) >= mostKept || c.bytes+s.bytes > mostBytes {
		c.settings, c.bytes = make(map[[sha256.Size]byte]*settings), 0
	}
	if s.bytes <= mostBytes {
		c.settings[key] = s
		c.bytes += s.bytes
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
	made.bytes += len(r.caData.Text())
	t.kept.keep(key, made)
	return made, nil
}

// hostKey is a configuration of the host with what a script adds to it.
type hostKey struct {
	config *tls.Config
	alpn   string
}
