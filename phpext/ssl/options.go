package ssl

import "github.com/phpsock/phpsock/phpext"

// request is what a stream wants to be set up with: the arguments of the row tls_setup.
type request struct {
	handle     int64
	fd         int
	method     int64
	persistent bool
	target     string        // what a client asked to be connected to, "" for others
	name       string        // the host of it
	paths      *phpext.Array // where PHP looks for files: a path, or false, by the name of the file
	caData     phpext.Value  // the content of a cafile that is a stream of PHP, or null
	iniCAFile  string
	iniCAPath  string
	like       uint64 // the session whose knowledge is to be used, or 0
}

func (r *request) server() bool { return r.method&MethodClient == 0 }

// options are the ssl options of a stream's context.
type options struct{ context *phpext.StreamContext }

// get returns an option; ok is false where it is absent.
func (o options) get(name string) (v phpext.Value, ok bool) { return o.context.Option("ssl", name) }

// text returns an option as PHP's functions in C see it.
func (o options) text(name string) (text string, ok bool) {
	v, ok := o.get(name)
	if !ok {
		return "", false
	}
	return cString(v.ToString()), true
}

// truth returns whether an option is set to something true.
func (o options) truth(name string) bool { return o.truthOr(name, false) }

func (o options) truthOr(name string, absent bool) bool {
	if v, ok := o.get(name); ok {
		return v.Truthy()
	}
	return absent
}

func (o options) int(name string, absent int64) int64 {
	if v, ok := o.get(name); ok {
		return v.ToInt()
	}
	return absent
}

// path returns where PHP looks for a file, "" where it must not.
func (r *request) path(file string) (path string, ok bool) {
	v, _ := r.paths.GetText(file)
	return v.Text(), v.Kind() == phpext.KindString
}

// peerName is the name that the peer of a client must have.
func (r *request) peerName(o options) string {
	if name, ok := o.text("peer_name"); ok {
		return name
	}
	if r.server() {
		return ""
	}
	return r.name
}

// defaultLevel is the security level without such an option: that of a Debian's OpenSSL.
const defaultLevel = 2

// defaultSuites are those that a Debian's OpenSSL takes by default, as far as crypto/tls
// has them: more than its own choice, which leaves the ones without forward secrecy out.
func defaultSuites() []uint16 {
	ids, _, _ := CipherSuites("DEFAULT:!3DES:!RC4")
	return ids
}
