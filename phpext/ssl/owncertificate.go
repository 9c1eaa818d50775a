package ssl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/phpsock/phpsock/resources/secure"
)

// What this side shows: a stream's own certificate, and what a server does with it.

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
	case errors.Is(err, ErrOtherKind):
		b.call.Warn("Private key does not match certificate!")
		return nil // OpenSSL has places for one of each kind, and goes on with neither
	case err != nil:
		return b.refuse("Unable to set private key file `%s'", keyPath)
	}
	if roots := b.out.verification.Roots; len(pair.Certificate) == 1 && roots != nil {
		// OpenSSL, too, completes a chain that the file has not by what is trusted.
		for _, issuer := range roots.chain(pair.Leaf) {
			pair.Certificate = append(pair.Certificate, issuer.Raw)
		}
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
	if err := b.diffieHellman(); err != nil {
		return err
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
