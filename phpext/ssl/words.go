package ssl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"

	"github.com/phpsock/phpsock/resources"
)

// ErrNoProtocols is for options that leave no version of TLS. OpenSSL finds out in the
// handshake, where [Explain] says it.
var ErrNoProtocols = errors.New("ssl: no protocols available")

// Words is what PHP says of an error of a TLS connection.
type Words struct {
	Kind Kind
	// Errno is that of a system call, where the Kind is SystemError.
	Errno syscall.Errno
	// Reasons are what OpenSSL has in its queue of errors, where the Kind is
	// LibraryError. There is at least one.
	Reasons []Reason
}

// Kind says what an error of a TLS connection is.
type Kind uint8

const (
	// Ended is for a connection that the peer or this side closed, with or without
	// a close_notify, and for no error at all. PHP says nothing.
	Ended Kind = iota
	// TimedOut is for a deadline that passed. What PHP says depends on whose it was.
	TimedOut
	// SystemError is for a system call that failed.
	SystemError
	// LibraryError is for what OpenSSL would have found wrong, the peer's alerts included.
	LibraryError
)

// Reason is an entry of OpenSSL's queue of errors.
type Reason struct {
	Code uint32 // the library and its reason
	Text string
}

// String returns for example "error:0A000086:SSL routines::certificate verify failed".
func (r Reason) String() string { return fmt.Sprintf("error:%08X:SSL routines::%s", r.Code, r.Text) }

// AfterFailure is what PHP says of every write after an error of the Kind LibraryError: a
// system error of the number 0.
func AfterFailure() Words { return Words{Kind: SystemError} }

// Warning returns the text of PHP's warning, or "" where there is none.
func (w Words) Warning() string {
	switch {
	case w.Kind == SystemError:
		return "SSL: " + resources.Strerror(w.Errno)
	case w.Kind != LibraryError:
		return ""
	case w.Reasons[0].Code == noSharedCipher:
		return "SSL_R_NO_SHARED_CIPHER: no suitable shared cipher could be used.  " +
			"This could be because the server is missing an SSL certificate (local_cert context option)"
	}
	var b strings.Builder
	b.WriteString("SSL operation failed with code 1. OpenSSL Error messages:")
	for _, reason := range w.Reasons {
		b.WriteByte('\n')
		b.WriteString(reason.String())
	}
	return b.String()
}

// Explain puts an error of a handshake, a read or a write of crypto/tls into the words
// of a PHP with OpenSSL 3 in the same place. server says that this side is the server.
//
// An error that OpenSSL has no counterpart of is an internal error with the text that
// crypto/tls gave.
func Explain(err error, server bool) Words {
	var (
		failure *Failure
		invalid *tls.CertificateVerificationError
		header  tls.RecordHeaderError
		errno   syscall.Errno
	)
	switch {
	case err == nil:
		return Words{}
	case errors.As(err, &failure), errors.As(err, &invalid), isX509(err):
		return library(0x0A000086, "certificate verify failed")
	case errors.Is(err, ErrNoProtocols):
		return library(0x0A0000BF, "no protocols available")
	case errors.As(err, &header):
		return explainHeader(header, server)
	}
	if alert, remote, ok := alertOf(err); ok {
		if remote {
			return Words{Kind: LibraryError, Reasons: []Reason{receivedAlert(alert)}}
		}
		return Words{Kind: LibraryError, Reasons: []Reason{sentAlert(alert)}}
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe),
		errors.Is(err, net.ErrClosed):
		return Words{}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return Words{Kind: TimedOut}
	case errors.As(err, &errno):
		return Words{Kind: SystemError, Errno: errno}
	}
	if err.Error() == "tls: protocol is shutdown" { // by stream_socket_shutdown(), of which PHP's OpenSSL does not know
		return Words{Kind: SystemError, Errno: syscall.EPIPE}
	}
	return explainText(err.Error(), server)
}

func library(code uint32, text string) Words {
	return Words{Kind: LibraryError, Reasons: []Reason{{code, text}}}
}

// isX509 reports whether err is what [x509.Certificate.Verify] returns.
func isX509(err error) bool {
	var (
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		host      x509.HostnameError
		extension x509.UnhandledCriticalExtension
		system    x509.SystemRootsError
	)
	return errors.As(err, &authority) || errors.As(err, &invalid) || errors.As(err, &host) ||
		errors.As(err, &extension) || errors.As(err, &system)
}

// explainHeader is for the beginning of a record that is none.
func explainHeader(err tls.RecordHeaderError, server bool) Words {
	begins := func(text string) bool {
		return server && strings.HasPrefix(string(err.RecordHeader[:]), text)
	}
	switch {
	case strings.HasPrefix(err.Msg, "oversized record"):
		return library(0x0A0000C6, "packet length too long")
	case strings.HasPrefix(err.Msg, "received record with version"):
		return library(0x0A00010B, "wrong version number")
	case strings.HasPrefix(err.Msg, "unsupported SSLv2") && server:
		return library(0x0A000102, "unsupported protocol")
	case begins("GET "), begins("POST "), begins("HEAD "), begins("PUT "):
		return library(0x0A00009C, "http request")
	case begins("CONNE"):
		return library(0x0A00009B, "https proxy request")
	case err.RecordHeader[1] == 3: // a version of TLS, but neither a handshake nor an alert
		return library(0x0A0000F4, "unexpected message")
	}
	return library(0x0A00010B, "wrong version number")
}

// alertOf returns the alert that err is about, and whether the peer sent it. The type of
// alerts is not exported; what it is made of is seen.
func alertOf(err error) (alert uint8, remote, ok bool) {
	var operation *net.OpError
	if !errors.As(err, &operation) || operation.Err == nil {
		return 0, false, false
	}
	remote = operation.Op == "remote error"
	value := reflect.ValueOf(operation.Err)
	if !remote && operation.Op != "local error" || value.Kind() != reflect.Uint8 {
		return 0, false, false
	}
	return uint8(value.Uint()), remote, true
}

// explainText goes by the text, which is all that most errors of crypto/tls have.
func explainText(text string, server bool) Words {
	for _, w := range textWords() {
		if w.side != both && (w.side == ofServer) != server {
			continue
		}
		if strings.HasPrefix(text, w.text) {
			return library(w.code, w.reason)
		}
	}
	return library(internalError, "internal error ("+strings.TrimPrefix(text, "tls: ")+")")
}
