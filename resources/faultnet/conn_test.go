package faultnet_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// transfer sends data from one to the other and compares.
func transfer(t testing.TB, from io.Writer, to io.Reader, data string) {
	t.Helper()
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(from, data)
		sent <- err
	}()
	got := make([]byte, len(data))
	_, err := io.ReadFull(to, got)
	require.NoError(t, err)
	require.Equal(t, data, string(got))
	require.NoError(t, <-sent)
}

func TestOneByteReads(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read, Chunk: 1})
	a, b := tcp(t, n)
	transfer(t, b, a, digits(100))
	require.Equal(t, 99, n.Count(0), "there is nothing to cut of the last one")
	_, err := io.WriteString(b, "123")
	require.NoError(t, err)
	got, err := a.Read(make([]byte, 3))
	require.NoError(t, err)
	require.Equal(t, 1, got)
}

// The smallest of several limits counts.
func TestPartialWrites(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Write, Chunk: 9}, faultnet.Rule{Op: faultnet.Write, Chunk: 3},
		faultnet.Rule{Op: faultnet.Write, Chunk: 5})
	a, b := piped(t, n)
	go func() { _, _ = io.WriteString(a, digits(10)) }()
	for _, want := range []string{"012", "345", "678", "9"} {
		buf := make([]byte, 10)
		n, err := b.Read(buf)
		require.NoError(t, err)
		require.Equal(t, want, string(buf[:n]))
	}
	require.Equal(t, 1, n.Count(1), "it is one operation")
}

// With an error a chunk is all that gets through.
func TestPartialAndError(t *testing.T) {
	n := rules(
		faultnet.Rule{Op: faultnet.Write, Times: 1, Chunk: 4, Err: syscall.EINTR},
		faultnet.Rule{Op: faultnet.Read, Times: 1, Chunk: 3, Err: syscall.EINTR},
	)
	a, b := tcp(t, n)
	wrote, err := io.WriteString(a, digits(10))
	require.ErrorIs(t, err, syscall.EINTR)
	require.Equal(t, 4, wrote)
	wrote, err = io.WriteString(a, digits(10)[4:])
	require.NoError(t, err)
	require.Equal(t, 6, wrote)
	got := make([]byte, 10)
	_, err = io.ReadFull(b, got)
	require.NoError(t, err)
	require.Equal(t, digits(10), string(got))

	_, err = io.WriteString(b, digits(10))
	require.NoError(t, err)
	read, err := a.Read(got)
	require.ErrorIs(t, err, syscall.EINTR)
	require.Equal(t, "012", string(got[:read]))
	_, err = io.ReadFull(a, got[3:])
	require.NoError(t, err)
	require.Equal(t, digits(10), string(got))
}

// An error loses nothing, and the connection goes on.
func TestErrorsInPassing(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read | faultnet.Write, Every: 2, Err: syscall.EINTR})
	a, b := tcp(t, n)
	for _, pair := range [][2]io.ReadWriter{{patient{a}, b}, {b, patient{a}}} {
		transfer(t, pair[0], pair[1], digits(50))
	}
	for range 3 {
		transfer(t, patient{a}, b, "x")
		transfer(t, b, patient{a}, "y")
	}
	require.Greater(t, n.Count(0), 4)
}

// patient repeats what EINTR ended.
type patient struct{ io.ReadWriter }

func (p patient) Read(b []byte) (n int, err error) {
	for n, err = p.ReadWriter.Read(b); errors.Is(err, syscall.EINTR); {
		n, err = p.ReadWriter.Read(b)
	}
	return n, err
}

func (p patient) Write(b []byte) (n int, err error) {
	for n, err = p.ReadWriter.Write(b); errors.Is(err, syscall.EINTR); {
		n, err = p.ReadWriter.Write(b)
	}
	return n, err
}

func TestResetWhileReading(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read, AfterBytes: 25, Do: faultnet.Reset})
	a, b := tcp(t, n)
	_, err := io.WriteString(b, digits(100))
	require.NoError(t, err)
	got, err := io.ReadAll(a)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.Equal(t, digits(25), string(got))
	requireReset(t, a, err)
	_, err = io.WriteString(a, "x")
	require.ErrorIs(t, err, syscall.ECONNRESET)
	requireBroken(t, a, b)
	require.Equal(t, int64(25), n.Injected()[0].Offset)
}

func TestResetWhileWriting(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Write, AfterBytes: 25, Do: faultnet.Reset, Err: syscall.ETIMEDOUT})
	a, b := tcp(t, n)
	wrote, err := io.WriteString(a, digits(10))
	require.NoError(t, err)
	require.Equal(t, 10, wrote)
	wrote, err = io.WriteString(a, digits(100))
	require.ErrorIs(t, err, syscall.ETIMEDOUT)
	require.Equal(t, 15, wrote)
	_, err = a.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ETIMEDOUT)
	requireBroken(t, a, b)
}

// requireReset wants the error that package net gives.
func requireReset(t *testing.T, c net.Conn, err error) {
	t.Helper()
	require.Equal(t, &net.OpError{Op: "read", Net: "tcp4", Source: c.LocalAddr(), Addr: c.RemoteAddr(),
		Err: os.NewSyscallError("read", syscall.ECONNRESET)}, err)
}

// requireBroken wants both directions of a connection to be at their end, and
// its peer to know.
func requireBroken(t *testing.T, c net.Conn, peer io.Reader) {
	t.Helper()
	_, err := c.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	_, err = c.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.EPIPE)
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	require.NotNil(t, c.RemoteAddr())
	if h, ok := c.(interface{ CloseWrite() error }); ok {
		require.ErrorIs(t, h.CloseWrite(), syscall.ENOTCONN)
	}
	_, err = io.Copy(io.Discard, peer)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.NoError(t, c.Close())
	require.ErrorIs(t, c.Close(), net.ErrClosed)
	_, err = c.Read(make([]byte, 1))
	require.ErrorIs(t, err, net.ErrClosed)
}

// A reset wakes whoever waits in the other direction.
func TestResetWakes(t *testing.T) {
	a, b := tcp(t, rules(faultnet.Rule{Op: faultnet.Write, Do: faultnet.Reset}))
	reader := make(chan error, 1)
	go func() {
		_, err := a.Read(make([]byte, 1))
		reader <- err
	}()
	time.Sleep(time.Millisecond) // by then it may wait; it need not
	_, err := a.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.ErrorIs(t, <-reader, syscall.ECONNRESET)
	requireBroken(t, a, b)
}

// hanging are the ways in which a call does not come back.
var hanging = []struct {
	name string
	rule faultnet.Rule
	call func(net.Conn) error
}{
	{"hang in read", faultnet.Rule{Op: faultnet.Read, Do: faultnet.Hang}, readOne},
	{"hang in write", faultnet.Rule{Op: faultnet.Write, Do: faultnet.Hang}, writeOne},
	{"long delay in read", faultnet.Rule{Op: faultnet.Read, Delay: time.Hour}, readOne},
	{"long delay in write", faultnet.Rule{Op: faultnet.Write, Delay: time.Hour}, writeOne},
	{"half-open in read", faultnet.Rule{Op: faultnet.Read, Do: faultnet.HalfOpen}, readOne},
}

func readOne(c net.Conn) error  { _, err := c.Read(make([]byte, 1)); return err }
func writeOne(c net.Conn) error { _, err := c.Write([]byte("x")); return err }

// A deadline ends what hangs, wherever it was set, and after that so does Close.
func TestWhatEndsAHang(t *testing.T) {
	for _, tt := range hanging {
		for _, how := range []string{"deadline before", "deadline while", "close"} {
			t.Run(tt.name+", "+how, func(t *testing.T) {
				hangs := make(chan bool, 10)
				n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{tt.rule},
					OnInject: func(faultnet.Injection) { hangs <- true }})
				a, b := tcp(t, n)
				require.NoError(t, a.SetDeadline(time.Time{}))
				_, err := b.Write([]byte("x"))
				require.NoError(t, err)
				if how == "deadline before" {
					require.NoError(t, a.SetDeadline(time.Now().Add(time.Millisecond)))
				}
				result := make(chan error, 1)
				go func() { result <- tt.call(a) }()
				if how != "deadline before" {
					<-hangs
				}
				want := os.ErrDeadlineExceeded
				switch how {
				case "deadline while":
					require.NoError(t, a.SetDeadline(time.Now()))
				case "close":
					require.NoError(t, a.Close())
					want = net.ErrClosed
				}
				err = <-result
				require.ErrorIs(t, err, want)
				var netError net.Error
				require.ErrorAs(t, err, &netError)
				require.Equal(t, want == os.ErrDeadlineExceeded, netError.Timeout()) //nolint:errorlint // is the value itself
			})
		}
	}
}

// The second one who waits gets its turn when the first one gives up.
func TestTwoReadersHang(t *testing.T) {
	hangs := make(chan bool, 1)
	n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{{Op: faultnet.Read, Times: 1, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { hangs <- true }})
	a, b := tcp(t, n)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { _ = readOne(a) })
	}
	<-hangs
	require.NoError(t, a.SetReadDeadline(time.Now()))
	wait.Wait()
	require.NoError(t, a.SetReadDeadline(time.Now().Add(patience)))
	transfer(t, b, a, "still there")
}

func TestPeerStopsReading(t *testing.T) {
	var a net.Conn
	n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{{Op: faultnet.Write, AfterBytes: 30, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { _ = a.SetWriteDeadline(time.Now()) }})
	a, b := tcp(t, n)
	wrote, err := io.WriteString(a, digits(100))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Equal(t, 30, wrote)
	transfer(t, b, a, "the other direction goes on")
	n.Heal()
	require.NoError(t, a.SetWriteDeadline(time.Time{}))
	_, err = io.WriteString(a, digits(100)[30:])
	require.NoError(t, err)
	got := make([]byte, 100)
	_, err = io.ReadFull(b, got)
	require.NoError(t, err)
	require.Equal(t, digits(100), string(got))
}

func TestHalfOpen(t *testing.T) {
	for _, op := range []faultnet.Op{faultnet.Read, faultnet.Write} {
		t.Run(op.String(), func(t *testing.T) {
			var a net.Conn
			n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{{Op: op, AfterBytes: 5, Do: faultnet.HalfOpen}},
				OnInject: func(faultnet.Injection) { _ = a.SetReadDeadline(time.Now()) }})
			a, b := tcp(t, n)
			transfer(t, b, a, "12345")
			transfer(t, a, b, "12345")
			_, err := io.WriteString(b, "never seen")
			require.NoError(t, err)
			if op == faultnet.Write {
				_, err = io.WriteString(a, "lost")
				require.NoError(t, err)
			}
			got, err := io.ReadAll(a)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Empty(t, got)
			wrote, err := io.WriteString(a, digits(1<<20))
			require.NoError(t, err, "the system takes it")
			require.Equal(t, 1<<20, wrote)
			if h, ok := a.(interface{ CloseWrite() error }); ok {
				require.NoError(t, h.CloseWrite())
			}
			require.NoError(t, b.SetReadDeadline(time.Now().Add(time.Millisecond)))
			got, err = io.ReadAll(b)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nor is the end heard of")
			require.Empty(t, got)
			require.Equal(t, 1, n.Count(0))
		})
	}
}

// What arrives at a reader that waits already is lost, too.
func TestHalfOpenWhileReading(t *testing.T) {
	a, b := tcp(t, rules(faultnet.Rule{Op: faultnet.Write, Do: faultnet.HalfOpen}))
	reader := make(chan error, 1)
	go func() { reader <- readOne(a) }()
	time.Sleep(time.Millisecond) // by then it may wait; it need not
	require.NoError(t, writeOne(a))
	require.NoError(t, writeOne(b))
	require.NoError(t, b.Close())
	require.NoError(t, a.SetReadDeadline(time.Now().Add(5*time.Millisecond)))
	require.ErrorIs(t, <-reader, os.ErrDeadlineExceeded)
}

func TestTruncate(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read, AfterBytes: 7, Do: faultnet.Truncate})
	a, b := tcp(t, n)
	_, err := io.WriteString(b, digits(10))
	require.NoError(t, err)
	for _, want := range []string{digits(7), ""} {
		got, err := io.ReadAll(a)
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	transfer(t, a, b, "answer")
	require.Equal(t, 1, n.Count(0))
}

// Rules that begin at different places cut one write into several operations.
func TestAfterBytes(t *testing.T) {
	n := rules(
		faultnet.Rule{Op: faultnet.Write, AfterBytes: 10, Chunk: 2, Times: 1},
		faultnet.Rule{Op: faultnet.Write, AfterBytes: 20, Err: syscall.ENOBUFS, Times: 1},
	)
	a, b := piped(t, n)
	var reads []string
	done := make(chan bool)
	go func() {
		defer close(done)
		buf := make([]byte, 100)
		for {
			n, err := b.Read(buf)
			if err != nil {
				return
			}
			reads = append(reads, string(buf[:n]))
		}
	}()
	wrote, err := io.WriteString(a, digits(30))
	require.ErrorIs(t, err, syscall.ENOBUFS)
	require.Equal(t, 20, wrote)
	wrote, err = io.WriteString(a, digits(30)[20:])
	require.NoError(t, err)
	require.Equal(t, 10, wrote)
	require.NoError(t, a.Close())
	<-done
	require.Equal(t, []string{"0123456789", "01", "23", "45", "67", "89", "0123456789"}, reads)
	require.Equal(t, []int64{10, 20}, []int64{n.Injected()[0].Offset, n.Injected()[1].Offset})
	require.Equal(t, []int{1, 1}, []int{n.Injected()[0].N, n.Injected()[1].N})
}

// What is not connected to anything with a half to close has no method for it.
func TestHalfClose(t *testing.T) {
	type halfCloser interface{ CloseWrite() error }
	type readCloser interface{ CloseRead() error }
	n := rules(faultnet.Rule{Op: faultnet.Read | faultnet.Write, Chunk: 3})
	for _, tt := range []struct{ network, address string }{
		{"tcp4", "127.0.0.1:0"}, {"unix", filepath.Join(t.TempDir(), "s")}, {"unix", "@" + t.Name()},
	} {
		a, b := connection(t, n, tt.network, tt.address)
		go func() {
			_, _ = io.WriteString(a, digits(10))
			_ = a.(halfCloser).CloseWrite()
		}()
		got, err := io.ReadAll(b)
		require.NoError(t, err)
		require.Equal(t, digits(10), string(got))
		transfer(t, b, a, "answer")
		require.NoError(t, a.(readCloser).CloseRead())
		require.Equal(t, io.EOF, readOne(a))
		require.NoError(t, a.Close())
		require.ErrorIs(t, a.(halfCloser).CloseWrite(), net.ErrClosed)
	}
	type noDelayer interface{ SetNoDelay(bool) error }
	a, _ := tcp(t, n)
	require.NoError(t, a.(noDelayer).SetNoDelay(false))
	a, _ = connection(t, n, "unix", "@"+t.Name()+"2")
	require.NotImplements(t, (*noDelayer)(nil), a)
	a, _ = piped(t, n)
	require.NotImplements(t, (*halfCloser)(nil), a)
	require.NotImplements(t, (*readCloser)(nil), a)
	a = n.Conn(writeCloser{a})
	require.Implements(t, (*halfCloser)(nil), a)
	require.NotImplements(t, (*readCloser)(nil), a)
}

// writeCloser is like a tls.Conn.
type writeCloser struct{ net.Conn }

func (writeCloser) CloseWrite() error { return nil }

func TestEmptyTransfers(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read | faultnet.Write, Err: syscall.EIO})
	a, _ := tcp(t, n)
	got, err := a.Read(nil)
	require.NoError(t, err)
	require.Zero(t, got)
	got, err = a.Write(nil)
	require.NoError(t, err)
	require.Zero(t, got)
	require.Empty(t, n.Injected())
}

// Errors of the connection below come through as they are.
func TestErrorsOfTheConnectionBelow(t *testing.T) {
	a, b := piped(t, rules(faultnet.Rule{Op: faultnet.Read, Chunk: 1}))
	require.NoError(t, b.Close())
	require.Equal(t, io.EOF, readOne(a))
	require.Equal(t, io.ErrClosedPipe, writeOne(a))
}
