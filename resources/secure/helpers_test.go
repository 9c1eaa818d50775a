package secure

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const limit = 10 * time.Second

// identity is a certificate for "localhost" that signs itself, and who trusts it.
func identity(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// pair is two connected sockets; both are closed when the test is over.
func pair(t testing.TB) (int, int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = unix.Close(fds[0]); _ = unix.Close(fds[1]) })
	return fds[0], fds[1]
}

// conn makes a net.Conn of a descriptor.
func conn(t testing.TB, fd int) net.Conn {
	t.Helper()
	dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	require.NoError(t, err)
	file := os.NewFile(uintptr(dup), "peer")
	c, err := net.FileConn(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, c.SetDeadline(time.Now().Add(limit)))
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// driver is a session with somebody who waits for it.
type driver struct {
	*Session
	t    testing.TB
	fd   int
	woke chan struct{}
}

func drive(t testing.TB, fd int, config *tls.Config, server bool) *driver {
	d := &driver{t: t, fd: fd, woke: make(chan struct{}, 1)}
	d.Session = New(fd, config, Options{Server: server, Wake: func() {
		select {
		case d.woke <- struct{}{}:
		default:
		}
	}})
	return d
}

// wait waits for what the session wants.
func (d *driver) wait(w Want) {
	d.t.Helper()
	if w == WantWake {
		select {
		case <-d.woke:
		case <-time.After(limit):
			require.Fail(d.t, "nobody woke the session")
		}
		return
	}
	events := map[Want]int16{WantRead: unix.POLLIN, WantWrite: unix.POLLOUT}[w]
	require.NotZero(d.t, events, "the session wants nothing")
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(d.fd), Events: events}}, int(limit/time.Millisecond))
		if err == unix.EINTR {
			continue
		}
		require.NoError(d.t, err)
		require.Equal(d.t, 1, n, "waited for %v in vain", w)
		return
	}
}

func (d *driver) handshake() error {
	d.t.Helper()
	for {
		want, err := d.Handshake(context.Background())
		if err != nil || want == WantNothing {
			return err
		}
		d.wait(want)
	}
}

func (d *driver) read(p []byte) (int, error) {
	d.t.Helper()
	for {
		n, want, err := d.Read(p)
		if n > 0 || err != nil {
			return n, err
		}
		d.wait(want)
	}
}

// write writes all of p; in larger pieces if large is set.
func (d *driver) write(p []byte, large bool) error {
	d.t.Helper()
	for len(p) > 0 {
		n, want, err := d.Write(p, large)
		if err != nil {
			return err
		}
		if n == 0 {
			d.wait(want)
		}
		p = p[n:]
	}
	return nil
}
