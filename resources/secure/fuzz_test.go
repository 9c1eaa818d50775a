package secure

import (
	"crypto/tls"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// FuzzPeer lets a peer say anything and leave: the handshake fails, says why, and keeps
// nothing. Nor does it take more out than was put in.
func FuzzPeer(f *testing.F) {
	cert, pool := identity(f)
	hello := append([]byte{22, 3, 1, 0, 5, 1, 0, 0, 1, 3}, make([]byte, 40)...)
	for _, seed := range [][]byte{nil, {22}, {22, 3, 1, 0}, hello, []byte("GET / HTTP/1.0\r\n\r\n"), {21, 3, 1, 0, 2, 2, 40}, {20, 3, 3, 0, 1, 1}, {23, 3, 3, 0, 0}} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, said []byte, server bool) {
		said = said[:min(len(said), 60<<10)]
		fd, other := pair(t)
		n, err := unix.Write(other, said)
		require.NoError(t, err)
		require.Equal(t, len(said), n)
		require.NoError(t, unix.Shutdown(other, unix.SHUT_WR))
		d := drive(t, fd, &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: pool, ServerName: "localhost"}, server)
		err = d.handshake()
		require.Error(t, err)
		require.NotErrorIs(t, err, errAbandoned)
		again, same := d.Handshake(t.Context())
		require.Equal(t, WantNothing, again)
		require.Equal(t, err, same)
		require.LessOrEqual(t, len(d.Leftover()), len(said))
		d.Close()
		require.Nil(t, d.wire.buffer)
		require.Nil(t, d.wire.out)
	})
}

// FuzzRecords spoils what comes after a good handshake: whatever is read is what was
// written, until there is an end or an error.
func FuzzRecords(f *testing.F) {
	cert, pool := identity(f)
	f.Add([]byte("hello"), []byte{}, uint16(0))
	f.Add([]byte("hello"), []byte{23, 3, 3, 0, 5, 1, 2, 3, 4, 5}, uint16(7))
	f.Fuzz(func(t *testing.T, good, bad []byte, chunk uint16) {
		good, bad = good[:min(len(good), 40<<10)], bad[:min(len(bad), 10<<10)]
		fd, other := pair(t)
		d := drive(t, fd, &tls.Config{RootCAs: pool, ServerName: "localhost"}, false)
		peer := tls.Server(conn(t, other), &tls.Config{Certificates: []tls.Certificate{cert}})
		done := make(chan error, 1)
		go func() { done <- peer.Handshake() }()
		require.NoError(t, d.handshake())
		require.NoError(t, <-done)
		go func() {
			_, err := peer.Write(good)
			if err == nil {
				_, err = peer.NetConn().Write(bad)
			}
			_ = unix.Shutdown(other, unix.SHUT_WR)
			done <- err
		}()
		var got []byte
		buf := make([]byte, 1+int(chunk))
		for {
			n, err := d.read(buf)
			got = append(got, buf[:n]...)
			if err != nil {
				break
			}
		}
		require.NoError(t, <-done)
		require.Equal(t, string(good), string(got))
		require.NotErrorIs(t, d.end, io.ErrShortBuffer)
		d.Close()
	})
}
