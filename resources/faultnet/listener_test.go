package faultnet_test

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

func listening(t *testing.T, n *faultnet.Network) net.Listener {
	t.Helper()
	l, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	closing(t, l)
	return l
}

func dialled(t *testing.T, to net.Listener) net.Conn {
	t.Helper()
	c, err := net.Dial(to.Addr().Network(), to.Addr().String())
	require.NoError(t, err)
	closing(t, c)
	return limited(t, c)
}

// An accept that fails leaves the connection in the queue.
func TestEachThirdAcceptFails(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Accept, Every: 3, Err: syscall.EMFILE})
	l := listening(t, n)
	for range 6 {
		dialled(t, l)
	}
	accepted := 0
	for i := 1; i <= 9; i++ {
		c, err := l.Accept()
		if i%3 == 0 {
			require.ErrorIs(t, err, syscall.EMFILE)
			var temporary interface{ Temporary() bool }
			require.ErrorAs(t, err, &temporary)
			require.True(t, temporary.Temporary(), "servers try again")
			continue
		}
		require.NoError(t, err)
		closing(t, c)
		accepted++
	}
	require.Equal(t, 6, accepted)
	require.Equal(t, 3, n.Count(0))
}

// A server of package net/http survives descriptors that run out.
func TestServerOutlivesErrors(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Accept, Every: 2, Err: syscall.ENFILE}, faultnet.Rule{Op: faultnet.Accept, Every: 2, Skip: 1, Do: faultnet.Reset, Times: 1})
	l := listening(t, n)
	server := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "up") })}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	answers := 0
	for range 6 {
		response, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			require.True(t, errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF), err)
			continue
		}
		body, err := io.ReadAll(response.Body)
		require.NoError(t, response.Body.Close())
		require.NoError(t, err)
		require.Equal(t, "up", string(body))
		answers++
	}
	require.Equal(t, 5, answers)
	require.NoError(t, server.Close())
	require.ErrorIs(t, <-ended, http.ErrServerClosed)
	require.Equal(t, 1, n.Count(1))
}

func TestResetBeforeAccept(t *testing.T) {
	for _, want := range []syscall.Errno{0, syscall.EPROTO} {
		r := faultnet.Rule{Op: faultnet.Accept, Times: 1, Do: faultnet.Reset}
		if want == 0 {
			want = syscall.ECONNABORTED
		} else {
			r.Err = want
		}
		l := listening(t, rules(r))
		first, second := dialled(t, l), dialled(t, l)
		_, err := l.Accept()
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, readOne(first), syscall.ECONNRESET)
		c, err := l.Accept()
		require.NoError(t, err)
		closing(t, c)
		transfer(t, c, second, "in its stead")
	}
}

// What is accepted has the faults of the listener's network.
func TestAcceptedConnections(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read, Side: faultnet.Server, Conn: 2, AfterBytes: 3, Do: faultnet.Reset})
	below, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	l := n.Listener(below)
	closing(t, l)
	for i := range 3 {
		client := dialled(t, l)
		c, err := l.Accept()
		require.NoError(t, err)
		closing(t, c)
		_, err = io.WriteString(client, "12345")
		require.NoError(t, err)
		_, err = io.ReadFull(limited(t, c), make([]byte, 5))
		if i == 1 {
			require.ErrorIs(t, err, syscall.ECONNRESET)
		} else {
			require.NoError(t, err)
		}
	}
	require.Len(t, n.Injected(), 1)
	injected := n.Injected()[0]
	require.Equal(t, "tcp", injected.Network)
	require.Equal(t, below.Addr().String(), injected.Address)
}

func TestWhatEndsAnAcceptThatHangs(t *testing.T) {
	for _, r := range []faultnet.Rule{{Do: faultnet.Hang}, {Delay: time.Hour}} {
		for _, how := range []string{"deadline", "close"} {
			r.Op = faultnet.Accept
			hangs := make(chan bool, 1)
			n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{r}, OnInject: func(faultnet.Injection) { hangs <- true }})
			l := listening(t, n)
			dialled(t, l)
			result := make(chan error, 1)
			go func() {
				_, err := l.Accept()
				result <- err
			}()
			<-hangs
			if how == "deadline" {
				require.NoError(t, l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now()))
				require.ErrorIs(t, <-result, os.ErrDeadlineExceeded)
				continue
			}
			require.NoError(t, l.Close())
			require.ErrorIs(t, <-result, net.ErrClosed)
			_, err := l.Accept()
			require.ErrorIs(t, err, net.ErrClosed, "a closed listener is closed before anything else")
			require.ErrorIs(t, l.Close(), net.ErrClosed)
		}
	}
}

// Each listener has its own counts.
func TestListenersCountByThemselves(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Accept, Times: 1, Err: syscall.ENFILE})
	for i := 1; i <= 2; i++ {
		_, err := listening(t, n).Accept()
		require.ErrorIs(t, err, syscall.ENFILE)
		require.Equal(t, i, n.Injected()[i-1].Conn)
	}
}

// A listener without deadlines gets none.
func TestListenerWithoutDeadline(t *testing.T) {
	l := rules().Listener(bare{listening(t, rules())})
	require.NotImplements(t, (*interface{ SetDeadline(time.Time) error })(nil), l)
}

type bare struct{ net.Listener }

// The file of a unix listener can be kept.
func TestUnlinkOnClose(t *testing.T) {
	for _, unlink := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "s")
		l, err := rules().Listen(t.Context(), "unix", path)
		require.NoError(t, err)
		l.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(unlink)
		require.NoError(t, l.Close())
		_, err = os.Stat(path)
		require.Equal(t, unlink, os.IsNotExist(err))
	}
	require.NotImplements(t, (*interface{ SetUnlinkOnClose(bool) })(nil), listening(t, rules()))
}
