package secure

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A session goes on as a connection where it was: with what was decrypted and not read, and
// with what was encrypted and not sent, which its user writes once more.
func TestConn(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		require.NoError(t, unix.SetsockoptInt(d.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4096))
		_, err := peer.Write([]byte("before"))
		require.NoError(t, err)
		two := make([]byte, 2)
		n, err := d.read(two)
		require.NoError(t, err)
		require.Equal(t, "be", string(two[:n]))
		data := make([]byte, 300_000)
		for i := range data {
			data[i] = byte(i / 7)
		}
		sent := 0
		for {
			n, want, err := d.Write(data[sent:min(len(data), sent+20_000)], false)
			require.NoError(t, err)
			if n == 0 {
				require.Equal(t, WantWrite, want)
				break
			}
			sent += n
		}

		c, err := d.Conn()
		require.NoError(t, err)
		defer c.Close()
		var received bytes.Buffer
		var reading sync.WaitGroup
		reading.Go(func() { _, _ = io.CopyN(&received, peer, int64(len(data))) })
		_, err = c.Write(data[sent:])
		require.NoError(t, err)
		reading.Wait()
		require.True(t, bytes.Equal(data, received.Bytes()))
		_, err = peer.Write([]byte(" and after"))
		require.NoError(t, err)
		rest := make([]byte, len("fore and after"))
		_, err = io.ReadFull(c, rest)
		require.NoError(t, err)
		require.Equal(t, "fore and after", string(rest))

		require.NoError(t, c.(interface{ CloseWrite() error }).CloseWrite())
		end, err := io.ReadAll(peer)
		require.NoError(t, err, "it says goodbye")
		require.Empty(t, end)
		require.NoError(t, peer.Close())
		_, err = c.Read(two)
		require.ErrorIs(t, err, io.EOF)
	})
}

// What the session owes is sent even if nobody writes any more.
func TestConnSendsWhatIsQueued(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		require.NoError(t, unix.SetsockoptInt(d.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4096))
		data := make([]byte, maxPlain)
		sent := 0
		for {
			n, _, err := d.Write(data, false)
			require.NoError(t, err)
			sent += n
			if n == 0 {
				break
			}
		}
		c, err := d.Conn()
		require.NoError(t, err)
		defer c.Close()
		_, err = io.CopyN(io.Discard, peer, int64(sent+len(data)))
		require.NoError(t, err)
	})
}

func TestConnDeadlines(t *testing.T) {
	both(t, func(t *testing.T, d *driver, peer *tls.Conn) {
		shake(t, d, peer)
		c, err := d.Conn()
		require.NoError(t, err)
		defer c.Close()
		require.NoError(t, c.SetDeadline(time.Now().Add(10*time.Millisecond)))
		_, err = c.Read(make([]byte, 1))
		var timeout net.Error
		require.ErrorAs(t, err, &timeout)
		require.True(t, timeout.Timeout())
		require.NoError(t, c.SetReadDeadline(time.Time{}))
		require.NoError(t, c.SetWriteDeadline(time.Time{}))
		_, err = c.Write([]byte("on"))
		require.NoError(t, err)
		two := make([]byte, 2)
		_, err = io.ReadFull(peer, two)
		require.NoError(t, err)
		_, err = peer.Write(two)
		require.NoError(t, err)
		_, err = io.ReadFull(c, two)
		require.NoError(t, err, "a read that was late is no end")
	})
}
