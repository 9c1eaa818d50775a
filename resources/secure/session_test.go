package secure

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// both runs a test as client and as server, against crypto/tls, with both versions.
func both(t *testing.T, test func(t *testing.T, d *driver, peer *tls.Conn)) {
	cert, pool := identity(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, server := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/server=%v", tls.VersionName(version), server), func(t *testing.T) {
				fd, other := pair(t)
				config := &tls.Config{
					Certificates: []tls.Certificate{cert}, RootCAs: pool, ServerName: "localhost",
					MinVersion: version, MaxVersion: version,
				}
				d := drive(t, fd, config, server)
				defer d.Close()
				raw := conn(t, other)
				peer := tls.Client(raw, config)
				if !server {
					peer = tls.Server(raw, config)
				}
				test(t, d, peer)
			})
		}
	}
}

// shake does the handshake of both ends.
func shake(t *testing.T, d *driver, peer *tls.Conn) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- peer.Handshake() }()
	require.NoError(t, d.handshake())
	require.NoError(t, <-done)
}

func TestDataBothWays(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		require.True(t, d.State().HandshakeComplete)
		for _, size := range []int{1, 100, maxPlain, maxPlain + 1, 1 << 20} {
			for _, large := range []bool{false, true} {
				data := make([]byte, size)
				for i := range data {
					data[i] = byte(rand.Uint32())
				}
				echoed := make(chan error, 1)
				go func() {
					copied := make([]byte, size)
					_, err := io.ReadFull(peer, copied)
					if err == nil {
						_, err = peer.Write(copied)
					}
					echoed <- err
				}()
				require.NoError(t, d.write(data, large))
				var got bytes.Buffer
				chunk := make([]byte, []int{1000, 8192, 64 << 10}[rand.IntN(3)])
				for got.Len() < size {
					n, err := d.read(chunk)
					require.NoError(t, err)
					got.Write(chunk[:n])
				}
				require.NoError(t, <-echoed)
				require.True(t, bytes.Equal(data, got.Bytes()))
			}
		}
		n, want, err := d.Read(make([]byte, 10))
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, WantRead, want)
		require.Nil(t, d.buffer, "an idle session keeps no buffer")
		require.Nil(t, d.wire.buffer)
		require.Nil(t, d.wire.out)
	})
}

// Who says goodbye may still listen.
func TestHalfClose(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		d.CloseWrite()
		rest, err := io.ReadAll(peer)
		require.NoError(t, err)
		require.Empty(t, rest)
		_, err = peer.Write([]byte("after"))
		require.NoError(t, err)
		require.NoError(t, peer.CloseWrite())
		buf := make([]byte, 10)
		n, err := d.read(buf)
		require.NoError(t, err)
		require.Equal(t, "after", string(buf[:n]))
		_, err = d.read(buf)
		require.ErrorIs(t, err, io.EOF)
		require.False(t, d.Alive())
		require.False(t, d.Readable(true), "an end that was told is no news")
	})
}

// What was received together with what was asked for is not lost to those who poll.
func TestReadable(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		buf := make([]byte, 3)
		n, want, err := d.Read(buf) // takes the tickets of TLS 1.3 out of the way
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, WantRead, want)
		require.True(t, d.Alive())
		for _, text := range []string{"one", "two", "three"} {
			_, err := peer.Write([]byte(text))
			require.NoError(t, err)
		}
		require.NoError(t, peer.CloseWrite())
		d.wait(WantRead)
		require.False(t, d.Readable(true), "nothing was received yet")
		for _, text := range []string{"one", "two", "thr", "ee"} {
			n, err := d.read(buf)
			require.NoError(t, err)
			require.Equal(t, text, string(buf[:n]))
			require.True(t, d.Readable(false))
			require.True(t, d.Readable(true))
		}
		_, err = d.read(buf)
		require.ErrorIs(t, err, io.EOF)
		require.False(t, d.Readable(true))
	})
}

// An end that came together with the last data is not lost either, where the data was all
// there was room for.
func TestReadableEnd(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		large := make([]byte, maxWrite)
		n, want, err := d.Read(large)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, WantRead, want)
		for range 2 {
			_, err := peer.Write([]byte("data"))
			require.NoError(t, err)
		}
		require.NoError(t, peer.CloseWrite())
		n, err = d.read(large)
		require.NoError(t, err)
		require.Equal(t, "datadata", string(large[:n]))
		require.True(t, d.Readable(false))
		require.True(t, d.Readable(true))
		_, _, err = d.Read(large)
		require.ErrorIs(t, err, io.EOF)
		require.False(t, d.Readable(true))
	})
}

// A write that finds no room is repeated, and every byte arrives once.
func TestFullSocket(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		require.NoError(t, unix.SetsockoptInt(d.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4096))
		data := make([]byte, 300_000)
		for i := range data {
			data[i] = byte(i >> 3)
		}
		sent := 0
		for { // until nothing fits any more
			n, want, err := d.Write(data[sent:min(len(data), sent+40_000)], false)
			require.NoError(t, err)
			if n == 0 {
				require.Equal(t, WantWrite, want)
				break
			}
			sent += n
		}
		require.Less(t, sent, len(data))
		n, want, err := d.Write(data[sent:min(len(data), sent+40_000)], false)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, WantWrite, want)
		received := make(chan []byte, 1)
		go func() {
			all := make([]byte, len(data))
			_, _ = io.ReadFull(peer, all)
			received <- all
		}()
		require.NoError(t, d.write(data[sent:], true))
		require.True(t, bytes.Equal(data, <-received))
	})
}

func TestWriteNotRepeated(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		require.NoError(t, unix.SetsockoptInt(d.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4096))
		for {
			n, _, err := d.Write(make([]byte, 10_000), false)
			require.NoError(t, err)
			if n == 0 {
				break
			}
		}
		go func() { _, _ = io.Copy(io.Discard, peer) }()
		for {
			n, want, err := d.Write([]byte("less"), false)
			if err != nil {
				require.ErrorIs(t, err, ErrRetry)
				return
			}
			require.Zero(t, n)
			d.wait(want)
		}
	})
}

// What no TLS is begins where a reader without TLS looks for it.
func TestLeftover(t *testing.T) {
	t.Run("no TLS at all", func(t *testing.T) {
		fd, other := pair(t)
		d := drive(t, fd, &tls.Config{InsecureSkipVerify: true}, false)
		_, err := unix.Write(other, []byte("220 plain text here\r\n"))
		require.NoError(t, err)
		err = d.handshake()
		var header tls.RecordHeaderError
		require.ErrorAs(t, err, &header)
		require.Equal(t, "220 p", string(header.RecordHeader[:]))
		require.Equal(t, "lain text here\r\n", string(d.Leftover()))
		require.Empty(t, d.Leftover())
		require.Equal(t, err, d.handshake(), "it stays as it is")
	})
	t.Run("no TLS any more", func(t *testing.T) {
		both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
			shake(t, d, peer)
			_, err := peer.Write([]byte("secret"))
			require.NoError(t, err)
			require.NoError(t, peer.CloseWrite())
			require.NoError(t, peer.NetConn().SetDeadline(time.Now().Add(limit))) // crypto/tls has ended it
			_, err = peer.NetConn().Write([]byte("open"))
			require.NoError(t, err)
			buf := make([]byte, 100)
			n, err := d.read(buf)
			require.NoError(t, err)
			require.Equal(t, "secret", string(buf[:n]))
			_, err = d.read(buf)
			require.ErrorIs(t, err, io.EOF)
			d.CloseWrite()
			require.Equal(t, "open", string(d.Leftover()))
		})
	})
}

// A handshake that comes byte by byte is a handshake.
func TestOneByteAtATime(t *testing.T) {
	cert, pool := identity(t)
	fd, middle := pair(t)
	other, end := pair(t)
	d := drive(t, fd, &tls.Config{Certificates: []tls.Certificate{cert}}, true)
	peer := tls.Client(conn(t, end), &tls.Config{RootCAs: pool, ServerName: "localhost"})
	go func() { // what the peer sends, in bytes
		c, m := conn(t, other), conn(t, middle)
		go func() { _, _ = io.Copy(c, m) }()
		one := make([]byte, 1)
		for {
			if _, err := c.Read(one); err != nil {
				return
			}
			if _, err := m.Write(one); err != nil {
				return
			}
		}
	}()
	shake(t, d, peer)
	_, err := peer.Write([]byte("slowly"))
	require.NoError(t, err)
	buf := make([]byte, 10)
	n, err := d.read(buf)
	require.NoError(t, err)
	require.Equal(t, "slowly", string(buf[:n]))
}

func TestHandshakeFails(t *testing.T) {
	cert, _ := identity(t)
	for name, tt := range map[string]struct {
		peer func(fd int)
		want error
	}{
		"left":  {func(fd int) { _ = unix.Shutdown(fd, unix.SHUT_RDWR) }, io.EOF},
		"torn":  {func(fd int) { _, _ = unix.Write(fd, []byte{22, 3, 1}); _ = unix.Shutdown(fd, unix.SHUT_WR) }, io.EOF},
		"reset": {func(fd int) { _, _ = unix.Write(fd, []byte{22, 3, 1, 0, 100, 1}); _ = unix.Shutdown(fd, unix.SHUT_WR) }, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			fd, other := pair(t)
			d := drive(t, fd, &tls.Config{Certificates: []tls.Certificate{cert}}, true)
			tt.peer(other)
			require.ErrorIs(t, d.handshake(), tt.want)
			require.Nil(t, d.shake)
			d.Close()
		})
	}
}

// A function of the configuration may take its time, and the session's user need not wait
// for it.
func TestSlowConfiguration(t *testing.T) {
	cert, pool := identity(t)
	asked, answer := make(chan context.Context, 1), make(chan struct{})
	config := &tls.Config{RootCAs: pool, ServerName: "localhost", GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked <- hello.Context()
		select {
		case <-answer:
			return &cert, nil
		case <-hello.Context().Done():
			return nil, hello.Context().Err()
		}
	}}
	begin := func(t *testing.T) (*driver, *tls.Conn, context.Context, chan error) {
		fd, other := pair(t)
		d := drive(t, fd, config, true)
		peer := tls.Client(conn(t, other), config)
		done := make(chan error, 1)
		go func() { done <- peer.Handshake() }()
		d.wait(WantRead)
		want, err := d.Handshake(t.Context())
		require.NoError(t, err)
		require.Equal(t, WantWake, want)
		return d, peer, <-asked, done
	}
	t.Run("waited for", func(t *testing.T) {
		d, _, _, done := begin(t)
		want, err := d.Handshake(t.Context())
		require.NoError(t, err)
		require.Equal(t, WantWake, want)
		close(answer)
		d.wait(WantWake)
		require.NoError(t, d.handshake())
		require.NoError(t, <-done)
		answer = make(chan struct{})
	})
	t.Run("given up", func(t *testing.T) {
		d, peer, ctx, done := begin(t)
		d.Close()
		select {
		case <-ctx.Done():
		case <-time.After(limit):
			require.Fail(t, "the configuration was not told")
		}
		_ = peer.NetConn().Close()
		require.Error(t, <-done)
	})
}

// A configuration that does not heed its context comes back to a session that is closed.
func TestStubbornConfiguration(t *testing.T) {
	cert, _ := identity(t)
	before := runtime.NumGoroutine()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	fd, other := pair(t)
	d := drive(t, fd, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked <- struct{}{}
		<-answer
		return &cert, nil
	}}, true)
	peer := conn(t, other)
	done := make(chan error, 1)
	go func() { done <- tls.Client(peer, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
	d.wait(WantRead)
	want, err := d.Handshake(t.Context())
	require.NoError(t, err)
	require.Equal(t, WantWake, want)
	<-asked
	d.Close()
	close(answer)
	require.NoError(t, peer.Close())
	require.Error(t, <-done)
	requireGoroutines(t, before)
}

// requireGoroutines waits until there are no more than before.
func requireGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(limit); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(end), "%d goroutines, and %d before", runtime.NumGoroutine(), before)
	}
}

func TestPanickingConfiguration(t *testing.T) {
	cert, pool := identity(t)
	fd, other := pair(t)
	d := drive(t, fd, &tls.Config{Certificates: []tls.Certificate{cert}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		panic("at the disco")
	}}, true)
	raw := conn(t, other)
	peer := tls.Client(raw, &tls.Config{RootCAs: pool, ServerName: "localhost"})
	go func() { _ = peer.Handshake() }()
	var panicked *PanicError
	require.ErrorAs(t, d.handshake(), &panicked)
	require.Equal(t, "at the disco", panicked.Value)
	require.Contains(t, string(panicked.Stack), "TestPanickingConfiguration")
}

// Sessions that are closed in the middle of their handshake leave no goroutine.
func TestAbandonedHandshakes(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 100 {
		fd, _ := pair(t)
		d := drive(t, fd, &tls.Config{InsecureSkipVerify: true}, false)
		want, err := d.Handshake(t.Context())
		require.NoError(t, err)
		require.Contains(t, []Want{WantRead, WantWake}, want) // the goroutine may be late
		d.Close()
		_, err = d.Handshake(t.Context())
		require.Error(t, err)
	}
	requireGoroutines(t, before)
}

// A connection that is refused only when something is sent fails with the errno.
func TestDescriptorFails(t *testing.T) {
	fd, other := pair(t)
	require.NoError(t, unix.Shutdown(fd, unix.SHUT_WR))
	d := drive(t, fd, &tls.Config{InsecureSkipVerify: true}, false)
	_ = other
	require.ErrorIs(t, d.handshake(), unix.EPIPE)
}

// The client's verdict on the certificate is an error of the handshake, for both ends.
func TestUntrusted(t *testing.T) {
	cert, _ := identity(t)
	fd, other := pair(t)
	d := drive(t, fd, &tls.Config{ServerName: "localhost", RootCAs: x509.NewCertPool()}, false)
	peer := tls.Server(conn(t, other), &tls.Config{Certificates: []tls.Certificate{cert}})
	done := make(chan error, 1)
	go func() { done <- peer.Handshake() }()
	require.ErrorAs(t, d.handshake(), new(*tls.CertificateVerificationError))
	err := <-done
	var remote *net.OpError
	require.True(t, errors.As(err, &remote) && remote.Op == "remote error", "%v", err)
}

// A server that wants a certificate says so when a client of TLS 1.3 has done its part. Who
// has read that has nothing more to write.
func TestRefused(t *testing.T) {
	cert, pool := identity(t)
	fd, other := pair(t)
	d := drive(t, fd, &tls.Config{ServerName: "localhost", RootCAs: pool}, false)
	peer := tls.Server(conn(t, other), &tls.Config{
		Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13,
	})
	done := make(chan error, 1)
	go func() { done <- peer.Handshake() }()
	require.NoError(t, d.handshake())
	require.Error(t, <-done)
	require.NoError(t, d.write([]byte("not read yet"), false))
	_, err := d.read(make([]byte, 1))
	require.ErrorContains(t, err, "certificate required")
	for range 2 {
		n, want, err := d.Write([]byte("x"), true)
		require.ErrorIs(t, err, io.EOF)
		require.Zero(t, n)
		require.Equal(t, WantNothing, want)
	}
}
