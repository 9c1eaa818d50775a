package ssl_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

const (
	prefix = "SSL operation failed with code 1. OpenSSL Error messages:\nerror:"
	shared = "SSL_R_NO_SHARED_CIPHER: no suitable shared cipher could be used.  This could be because the server is missing an " +
		"SSL certificate (local_cert context option)"
)

func TestExplain(t *testing.T) {
	header := func(message, bytes string) error {
		err := tls.RecordHeaderError{Msg: message}
		copy(err.RecordHeader[:], bytes)
		return err
	}
	const noTLS = "first record does not look like a TLS handshake"
	tests := []struct {
		name   string
		err    error
		server bool
		want   string // without the prefix, if it begins with a digit
	}{
		{"nil", nil, false, ""},
		{"end", io.EOF, false, ""},
		{"end in a record", fmt.Errorf("x: %w", io.ErrUnexpectedEOF), true, ""},
		{"closed here", &net.OpError{Op: "read", Err: net.ErrClosed}, true, ""},
		{"time", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, true, ""},
		{"context", context.DeadlineExceeded, true, ""},
		{"errno", &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, false, "SSL: Connection reset by peer"},
		{"bare errno", syscall.EPIPE, false, "SSL: Broken pipe"},
		{"verification", &ssl.Failure{Code: 20}, false, "0A000086:SSL routines::certificate verify failed"},
		{"wrapped verification", fmt.Errorf("x: %w", &ssl.Failure{Code: 20}), false, "0A000086:SSL routines::certificate verify failed"},
		{"verification by crypto/tls", &tls.CertificateVerificationError{Err: errors.New("x")}, false, "0A000086:SSL routines::certificate verify failed"},
		{"verification by crypto/x509", x509.UnknownAuthorityError{}, true, "0A000086:SSL routines::certificate verify failed"},
		{"no protocols", ssl.ErrNoProtocols, false, "0A0000BF:SSL routines::no protocols available"},
		{"GET", header(noTLS, "GET /"), true, "0A00009C:SSL routines::http request"},
		{"POST", header(noTLS, "POST "), true, "0A00009C:SSL routines::http request"},
		{"HEAD", header(noTLS, "HEAD "), true, "0A00009C:SSL routines::http request"},
		{"PUT", header(noTLS, "PUT /"), true, "0A00009C:SSL routines::http request"},
		{"CONNECT", header(noTLS, "CONNE"), true, "0A00009B:SSL routines::https proxy request"},
		{"OPTIONS", header(noTLS, "OPTIO"), true, "0A00010B:SSL routines::wrong version number"},
		{"GET to a client", header(noTLS, "GET /"), false, "0A00010B:SSL routines::wrong version number"},
		{"answer", header(noTLS, "HTTP/"), false, "0A00010B:SSL routines::wrong version number"},
		{"data before the handshake", header(noTLS, "\x17\x03\x03\x00\x01"), true, "0A0000F4:SSL routines::unexpected message"},
		{"other version", header("received record with version 5454 when expecting version 303", "HTTP/"), true, "0A00010B:SSL routines::wrong version number"},
		{"long", header("oversized record received with length 65535", "\x17\x03\x03\xff\xff"), false, "0A0000C6:SSL routines::packet length too long"},
		{"SSLv2", header("unsupported SSLv2 handshake received", "\x80\x2e\x01\x00\x02"), true, "0A000102:SSL routines::unsupported protocol"},
		{"SSLv2 answer", header("unsupported SSLv2 handshake received", "\x80\x2e\x01\x00\x02"), false, "0A00010B:SSL routines::wrong version number"},
		{"no cipher", errors.New("tls: no cipher suite supported by both client and server; client offered: [2f]"), true, shared},
		{"no certificate", errors.New("tls: no certificates configured"), true, shared},
		{"unusable certificate", errors.New("tls: unsupported certificate key (int)"), true, shared},
		{"something new", errors.New("tls: the moon is full"), false, "0A0C0103:SSL routines::internal error (the moon is full)"},
		{"something else", errors.New("other"), false, "0A0C0103:SSL routines::internal error (other)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if strings.HasPrefix(want, "0") {
				want = prefix + want
			}
			require.Equal(t, want, ssl.Explain(tt.err, tt.server).Warning())
		})
	}
	require.Equal(t, "SSL: Success", ssl.AfterFailure().Warning())
	require.Equal(t, ssl.TimedOut, ssl.Explain(os.ErrDeadlineExceeded, true).Kind)
	require.Equal(t, ssl.Ended, ssl.Explain(io.EOF, true).Kind)
	require.Equal(t, syscall.ECONNRESET, ssl.Explain(syscall.ECONNRESET, true).Errno)
}

// Alerts that crypto/tls receives, for both versions of what it says of them.
func TestExplainReceivedAlerts(t *testing.T) {
	for alert, want := range receivedAlerts {
		err := clientAgainst(t, record(21, 0x303, []byte{2, alert}))
		require.Equal(t, prefix+want, ssl.Explain(err, false).Warning(), "%v", err)
		if _, missing := exec.LookPath("openssl"); missing == nil && !strings.Contains(want, "reason(") {
			code, _, _ := strings.Cut(want, ":")
			out, err := exec.Command("openssl", "errstr", code).Output()
			require.NoError(t, err)
			require.Equal(t, "error:"+want, strings.TrimSpace(string(out)))
		}
	}
}

var receivedAlerts = map[uint8]string{
	10:  "0A0003F2:SSL routines::sslv3 alert unexpected message",
	20:  "0A0003FC:SSL routines::sslv3 alert bad record mac",
	21:  "0A0003FD:SSL routines::tlsv1 alert decryption failed",
	22:  "0A0003FE:SSL routines::tlsv1 alert record overflow",
	30:  "0A000406:SSL routines::sslv3 alert decompression failure",
	40:  "0A000410:SSL routines::sslv3 alert handshake failure",
	41:  "0A000411:SSL routines::sslv3 alert no certificate",
	42:  "0A000412:SSL routines::sslv3 alert bad certificate",
	43:  "0A000413:SSL routines::sslv3 alert unsupported certificate",
	44:  "0A000414:SSL routines::sslv3 alert certificate revoked",
	45:  "0A000415:SSL routines::sslv3 alert certificate expired",
	46:  "0A000416:SSL routines::sslv3 alert certificate unknown",
	47:  "0A000417:SSL routines::sslv3 alert illegal parameter",
	48:  "0A000418:SSL routines::tlsv1 alert unknown ca",
	49:  "0A000419:SSL routines::tlsv1 alert access denied",
	50:  "0A00041A:SSL routines::tlsv1 alert decode error",
	51:  "0A00041B:SSL routines::tlsv1 alert decrypt error",
	60:  "0A000424:SSL routines::tlsv1 alert export restriction",
	70:  "0A00042E:SSL routines::tlsv1 alert protocol version",
	71:  "0A00042F:SSL routines::tlsv1 alert insufficient security",
	80:  "0A000438:SSL routines::tlsv1 alert internal error",
	86:  "0A00043E:SSL routines::tlsv1 alert inappropriate fallback",
	90:  "0A000442:SSL routines::tlsv1 alert user cancelled",
	100: "0A00044C:SSL routines::tlsv1 alert no renegotiation",
	109: "0A000455:SSL routines::tlsv13 alert missing extension",
	110: "0A000456:SSL routines::tlsv1 unsupported extension",
	111: "0A000457:SSL routines::tlsv1 certificate unobtainable",
	112: "0A000458:SSL routines::tlsv1 unrecognized name",
	113: "0A000459:SSL routines::tlsv1 bad certificate status response",
	114: "0A00045A:SSL routines::tlsv1 bad certificate hash value",
	115: "0A00045B:SSL routines::tlsv1 alert unknown psk identity",
	116: "0A00045C:SSL routines::tlsv13 alert certificate required",
	120: "0A000460:SSL routines::tlsv1 alert no application protocol",
	121: "0A000461:SSL routines::reason(1121)",
	200: "0A0004B0:SSL routines::reason(1200)",
}
