package ssl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"syscall"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources/secure"
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
	b := &builder{request: r, options: o, call: c, out: &settings{}, level: int(o.int("security_level", defaultLevel))}
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
		b.out.sessions = tls.NewLRUClientSessionCache(64)
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
		case len(certificates) == 0 && given && b.server():
			b.call.WarnBare("SSL: failed loading CA names from cafile")
			return nil, errRefused
		case errors.Is(err, syscall.EISDIR): // which PHP can open
			b.call.Notice("Read of 8192 bytes failed with errno=21 Is a directory")
			b.call.WarnBare("no valid certs found cafile stream: `%s'", file)
			return nil, errRefused
		case err != nil:
			b.call.WarnBare("failed loading cafile stream: `%s'", file)
			return nil, errRefused
		case len(certificates) == 0:
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
	if b.level < 0 || b.level > 5 {
		b.call.Warn("Security level must be between 0 and 5")
		b.level = max(0, min(b.level, 5))
	}
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

// certificate loads the stream's own one.
func (b *builder) certificate() error {
	file, ok := b.text("local_cert")
	if !ok {
		return nil
	}
	path, ok := b.path(file)
	if !ok {
		return b.refuse("Unable to get real path of certificate file `%s'", file)
	}
	keyPath := path
	if keyFile, ok := b.text("local_pk"); ok {
		if keyPath, ok = b.path(keyFile); !ok {
			return b.refuse("Unable to get real path of private key file `%s'", keyFile)
		}
	}
	passphrase, _ := b.get("passphrase")
	pair, err := b.out.pair(path, keyPath, []byte(passphrase.ToString()))
	if err == nil {
		err = b.strong(pair)
	}
	switch {
	case errors.Is(err, ErrCertificate):
		return b.refuse("Unable to set local cert chain file `%s'; Check that your cafile/capath "+
			"settings include details of your certificate and its issuer", file)
	case err != nil:
		return b.refuse("Unable to set private key file `%s'", keyPath)
	}
	if b.server() {
		b.out.config.Certificates = []tls.Certificate{pair}
		return nil
	}
	// crypto/tls would keep it from a server that names other authorities.
	b.out.config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	return nil
}

// strong refuses a chain of this side's own that is too weak for the security level.
func (b *builder) strong(pair tls.Certificate) error {
	var chain []*x509.Certificate
	for _, der := range pair.Certificate {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCertificate, err)
		}
		chain = append(chain, certificate)
	}
	if err := CheckLevel(chain, b.level); err != nil {
		return fmt.Errorf("%w: %w", ErrCertificate, err)
	}
	return nil
}

// serve is for servers only.
func (b *builder) serve() error {
	if b.out.verifies {
		// Whether one is required is seen after the handshake, as in PHP. crypto/tls looks
		// at what is given first, because it knows more alerts than a function may ask for.
		b.out.config.ClientAuth = tls.VerifyClientCertIfGiven
		b.out.config.ClientCAs = b.out.verification.Roots.pool
		if b.out.verification.AllowSelfSigned || len(b.out.verification.Roots.others) > 0 {
			b.out.config.ClientAuth = tls.RequestClientCert
		}
	}
	if err := b.sni(); err != nil {
		return err
	}
	if b.out.verifies || len(b.out.protocols) > 0 {
		shared := b.out.config.Clone()
		b.out.config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			config := shared.Clone()
			if protocol := SelectProtocol(b.out.protocols, hello.SupportedProtos); protocol != "" {
				config.NextProtos = []string{protocol}
			}
			config.VerifyConnection = secure.OwnerOf(hello.Conn).(*stream).verify
			return config, nil
		}
	}
	return nil
}

func (b *builder) sni() error {
	table, ok := b.get("SNI_server_certs")
	if !ok || !b.truthOr("SNI_enabled", true) {
		return nil
	}
	entries, warning := ParseSNI(table)
	pairs := make([]tls.Certificate, 0, len(entries))
	for i, entry := range entries {
		path, ok := b.path(entry.Certificate)
		if !ok {
			return b.refuse("%s", entry.NoCertificateFile())
		}
		if warning != "" && i == len(entries)-1 && entry.Key == "" {
			break // it is the key that the table lacks
		}
		keyPath, ok := b.path(entry.Key)
		if !ok {
			return b.refuse("%s", entry.NoKeyFile())
		}
		pair, err := b.out.pair(path, keyPath, nil)
		switch {
		case errors.Is(err, ErrCertificate):
			return b.refuse("%s", entry.UnusableCertificate(path))
		case err != nil:
			return b.refuse("%s", entry.UnusableKey(keyPath))
		}
		pairs = append(pairs, pair)
	}
	if warning != "" {
		return b.refuse("%s", warning)
	}
	own := slices.Clone(b.out.config.Certificates)
	b.out.config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if i := Select(entries, hello.ServerName); i >= 0 {
			return &pairs[i], nil
		}
		if len(own) == 0 {
			return nil, nil
		}
		return &own[0], nil
	}
	return nil
}

// pair loads a certificate and its key.
func (s *settings) pair(path, keyPath string, passphrase []byte) (tls.Certificate, error) {
	cert, err := s.read(path)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%w: %w", ErrCertificate, err)
	}
	key := cert
	if keyPath != path {
		if key, err = s.read(keyPath); err != nil {
			// A certificate that is none comes first.
			key = nil
		}
	}
	return KeyPair(cert, key, passphrase)
}
