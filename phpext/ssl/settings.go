package ssl

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"syscall"

	"github.com/phpsock/phpsock/phpext"
)

// settings are what a context's options come to. They are kept for other streams with the
// same options, so that files are read once and sessions can be resumed.
type settings struct {
	config       *tls.Config // what the options say, or the host
	host         bool        // it is the host's
	verifies     bool        // in the handshake
	verification Verification
	protocols    []string // of a server
	sessions     tls.ClientSessionCache
	files        []stamp
	bytes        int // that were read of them
}

// builder makes settings, with PHP's warnings in PHP's order.
type builder struct {
	*request
	options
	call  *phpext.Call
	out   *settings
	level int
}

// errRefused says that a stream cannot be set up, and that PHP was told why.
var errRefused = errors.New("ssl: refused")

// build makes settings of the options.
func build(c *phpext.Call, r *request, o options) (*settings, error) {
	b := &builder{request: r, options: o, call: c, out: &settings{}, level: int(int32(o.int("security_level", defaultLevel)))}
	b.out.config = &tls.Config{
		InsecureSkipVerify:          true, // what PHP demands of a peer is not what crypto/tls does; see stream.verify
		DynamicRecordSizingDisabled: true, // as OpenSSL
		SessionTicketsDisabled:      o.truth("no_ticket"),
	}
	for _, step := range []func() error{b.peer, b.ciphers, b.security, b.versions, b.alpn, b.certificate} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if r.server() {
		if err := b.serve(); err != nil {
			return nil, err
		}
	} else {
		b.out.sessions = tls.NewLRUClientSessionCache(mostSessions)
	}
	return b.out, nil
}

func (b *builder) refuse(format string, args ...any) error {
	b.call.Warn(format, args...)
	return errRefused
}

// peer says what the peer's certificate is held against.
func (b *builder) peer() error {
	b.out.verifies = b.truthOr("verify_peer", true)
	b.out.verification = Verification{
		Server: !b.server(), MaxDepth: int(b.int("verify_depth", DefaultVerifyDepth)),
		AllowSelfSigned: b.truth("allow_self_signed"),
	}
	if !b.out.verifies {
		return nil
	}
	roots, err := b.roots()
	b.out.verification.Roots = roots
	return err
}

func (b *builder) roots() (*Roots, error) {
	file, given := b.text("cafile")
	if !given {
		file = b.iniCAFile
	}
	folder, ok := b.text("capath")
	if !ok {
		folder = b.iniCAPath
	}
	if file == "" && folder == "" && !given {
		if b.server() {
			return NewRoots(nil), nil
		}
		roots, err := SystemRoots()
		if err != nil {
			return nil, b.refuse("Unable to set default verify locations and no CA settings specified")
		}
		return roots, nil
	}
	var certificates []*x509.Certificate
	if file != "" || given {
		data := []byte(b.caData.Text())
		var err error
		if b.caData.IsNull() {
			data, err = b.out.read(file)
		}
		certificates = CertificatesOf(data)
		switch {
		case given && b.server() && !hasNames(data):
			b.call.WarnBare("SSL: failed loading CA names from cafile")
			return nil, errRefused
		case errors.Is(err, syscall.EISDIR): // which PHP can open
			b.call.Notice("Read of 8192 bytes failed with errno=21 Is a directory")
			b.call.WarnBare("no valid certs found cafile stream: `%s'", file)
			return nil, errRefused
		case err != nil:
			b.call.WarnBare("failed loading cafile stream: `%s'", file)
			return nil, errRefused
		case len(certificates) == 0 && !bytes.Contains(data, []byte("-----BEGIN "+trustedCertificate)):
			b.call.WarnBare("no valid certs found cafile stream: `%s'", file)
			return nil, errRefused
		}
	}
	if folder != "" {
		b.out.stampFile(folder)
		certificates = append(certificates, DirectoryRoots(folder)...)
	}
	return NewRoots(certificates), nil
}

func (b *builder) ciphers() error {
	list, ok := b.text("ciphers")
	if !ok {
		b.out.config.CipherSuites = defaultSuites()
		return nil
	}
	ids, level, ok := CipherSuites(list)
	if _, given := b.get("security_level"); level >= 0 && !given {
		b.level = level
	}
	if !ok {
		return b.refuse("ssl option ciphers: crypto/tls has none of '%s'", list)
	}
	b.out.config.CipherSuites = ids
	return nil
}

func (b *builder) security() error {
	if given := b.int("security_level", defaultLevel); given < 0 || given > 5 { // PHP looks at all its bits, OpenSSL at an int
		b.call.Warn("Security level must be between 0 and 5")
	}
	b.level = max(0, min(b.level, 5))
	b.out.verification.SecurityLevel = b.level
	b.out.config.CipherSuites = SuitesAt(b.level, b.out.config.CipherSuites)
	b.out.config.CurvePreferences = CurvesAt(b.level)
	if b.level >= 3 { // tickets are not as strong
		b.out.config.SessionTicketsDisabled = true
	}
	return nil
}

func (b *builder) versions() error {
	first, last := Versions(b.method&^MethodClient, b.int("min_proto_version", 0), b.int("max_proto_version", 0))
	// Where a level leaves none crypto/tls says so in the handshake, as OpenSSL does.
	b.out.config.MinVersion, b.out.config.MaxVersion, _ = VersionsAt(b.level, first, last)
	return nil
}

func (b *builder) alpn() error {
	list, ok := b.text("alpn_protocols")
	if !ok {
		return nil
	}
	protocols, ok := Protocols(list, b.server())
	if !ok {
		return b.refuse("Failed parsing comma-separated TLS ALPN protocol string")
	}
	if b.server() {
		b.out.protocols = protocols
	} else {
		b.out.config.NextProtos = protocols
	}
	return nil
}
