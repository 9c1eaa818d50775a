package resources

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func benchmarkPump(b *testing.B) (script, peer net.Conn) {
	b.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(b, err)
	defer func() { _ = l.Close() }()
	peer, err = net.Dial("tcp4", l.Addr().String())
	require.NoError(b, err)
	conn, err := l.Accept()
	require.NoError(b, err)
	s, err := FromConn(wrappedConn{conn.(*net.TCPConn)}, TCP, Options{})
	require.NoError(b, err)
	script, err = s.NetConn()
	require.NoError(b, err)
	require.NoError(b, s.Close())
	b.Cleanup(func() { _, _ = script.Close(), peer.Close() })
	return script, peer
}

func BenchmarkPumpEcho(b *testing.B) {
	script, peer := benchmarkPump(b)
	go func() { _, _ = io.Copy(struct{ io.Writer }{peer}, peer) }()
	buf := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		_, err := script.Write(buf)
		require.NoError(b, err)
		_, err = io.ReadFull(script, buf)
		require.NoError(b, err)
	}
}

func BenchmarkPumpBulk(b *testing.B) {
	script, peer := benchmarkPump(b)
	go func() { _, _ = io.Copy(io.Discard, struct{ io.Reader }{peer}) }()
	buf := make([]byte, 1<<16)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := script.Write(buf)
		require.NoError(b, err)
	}
}
