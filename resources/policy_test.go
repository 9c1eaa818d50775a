package resources

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestOperation(t *testing.T) {
	require.Equal(t, "listen dial send", fmt.Sprint(OpListen, OpDial, OpSend))
	require.Equal(t, "unknown", Operation(0).String())
	require.Equal(t, "unknown", Operation(9).String())
}

func TestRefusal(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		errno syscall.Errno
		text  string
	}{
		"plain":          {errors.New("not today"), syscall.EACCES, "not today"},
		"an errno":       {syscall.EPERM, syscall.EACCES, "operation not permitted"},
		"without a text": {errors.New(""), syscall.EACCES, "Permission denied"},
		"own":            {&Error{Errno: syscall.EHOSTUNREACH, Text: "gone"}, syscall.EHOSTUNREACH, "gone"},
		"own, wrapped":   {fmt.Errorf("x: %w", &Error{Errno: syscall.EPERM, Text: "gone"}), syscall.EPERM, "gone"},
		"own, no text":   {&Error{Errno: syscall.EPERM}, syscall.EPERM, "Operation not permitted"},
		"own, no errno":  {&Error{Op: "x", Text: "gone"}, syscall.EACCES, "resources: x: gone"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, &Error{Op: "bind", Address: "a", Errno: c.errno, Text: c.text}, Refusal("bind", "a", c.err))
		})
	}
}

// asked is a Permit that keeps what it was asked and refuses what it is told to.
type asked struct {
	calls  []string
	refuse string
}

func (a *asked) permit(op Operation, addr netip.AddrPort, path string) error {
	text := path
	if addr.IsValid() {
		text = addr.String()
	}
	a.calls = append(a.calls, op.String()+" "+text)
	if a.refuse != "" && strings.Contains(text, a.refuse) {
		return errors.New(text + " is refused")
	}
	return nil
}

func refusedWith(t *testing.T, err error, op, address, text string) {
	t.Helper()
	require.Equal(t, &Error{Op: op, Address: address, Errno: syscall.EACCES, Text: text}, err)
}

func TestPermitBind(t *testing.T) {
	list := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.3:0"), loopback[0]}
	a := asked{refuse: "127.0.0.3"}
	s, err := Bind(TCP, list, Options{Permit: a.permit})
	require.NoError(t, err)
	closing(t, s)
	require.Regexp(t, `^127\.0\.0\.1:`, s.Local())
	require.Equal(t, []string{"listen 127.0.0.3:0", "listen 127.0.0.1:0"}, a.calls)

	a = asked{refuse: "127"}
	for _, transport := range []Transport{TCP, UDP} {
		_, err = Bind(transport, list, Options{Permit: a.permit})
		refusedWith(t, err, "bind", "127.0.0.1:0", "127.0.0.1:0 is refused")
	}

	mapped := netip.MustParseAddrPort("[::ffff:127.0.0.3]:0")
	_, err = Bind(UDP, []netip.AddrPort{mapped}, Options{Permit: a.permit})
	refusedWith(t, err, "bind", mapped.String(), "127.0.0.3:0 is refused")

	_, err = Bind(UDP, []netip.AddrPort{{}}, Options{Permit: (&asked{refuse: "::"}).permit})
	refusedWith(t, err, "bind", netip.AddrPort{}.String(), "[::]:0 is refused")
}

func TestPermitDial(t *testing.T) {
	l, other := listen(t, Options{}), listen(t, Options{})
	both := append(ports(other), ports(l)...)
	for _, async := range []bool{false, true} {
		a := asked{refuse: other.Local()}
		c, err := dial(t, NewDial(TCP, both, netip.AddrPort{}, Options{Permit: a.permit}, async))
		require.NoError(t, err)
		require.Equal(t, l.Local(), c.Remote(), "the next address is tried")
		require.Equal(t, []string{"dial " + other.Local(), "dial " + l.Local()}, a.calls)

		a = asked{refuse: "127"}
		for _, transport := range []Transport{TCP, UDP} {
			_, err = dial(t, NewDial(transport, both, netip.AddrPort{}, Options{Permit: a.permit}, async))
			refusedWith(t, err, "connect", l.Local(), l.Local()+" is refused")
		}
	}
	_, _, err := other.Accept()
	require.Equal(t, error(syscall.EAGAIN), err, "nobody came")

	mapped := netip.MustParseAddrPort("[::ffff:127.0.0.3]:1")
	_, err = dial(t, NewDial(TCP, []netip.AddrPort{mapped}, netip.AddrPort{}, Options{Permit: (&asked{refuse: "127"}).permit}, false))
	refusedWith(t, err, "connect", mapped.String(), "127.0.0.3:1 is refused")
}

func TestPermitDialLastFailureCounts(t *testing.T) {
	refusing, l := bind(t, TCP, Options{}), listen(t, Options{})
	a := asked{refuse: l.Local()}
	list := append(ports(refusing), ports(l)...)
	_, err := dial(t, NewDial(TCP, list, netip.AddrPort{}, Options{Permit: a.permit}, false))
	refusedWith(t, err, "connect", l.Local(), l.Local()+" is refused")

	list = append(ports(l), ports(refusing)...)
	_, err = dial(t, NewDial(TCP, list, netip.AddrPort{}, Options{Permit: a.permit}, false))
	require.Equal(t, refusing.Local(), failedWith(t, err, "connect", syscall.ECONNREFUSED))
}

// What the local end rules out is not asked about.
func TestPermitDialRuledOut(t *testing.T) {
	var a asked
	list := []netip.AddrPort{netip.MustParseAddrPort("[::1]:1")}
	_, err := dial(t, NewDial(TCP, list, netip.AddrPort{}, Options{BindTo: "127.0.0.1:0", Permit: a.permit}, false))
	require.Equal(t, &Error{Op: "connect"}, err)
	require.Empty(t, a.calls)
}

// A policy that panics leaves nothing open.
func TestPermitPanics(t *testing.T) {
	path := socketPath(t)
	s, err := BindUnix(Unix, path, Options{})
	require.NoError(t, err)
	closing(t, s)
	o := Options{Permit: func(Operation, netip.AddrPort, string) error { panic("policy") }}
	before := descriptors(t)
	for _, call := range []func(){
		func() { _, _ = Bind(TCP, loopback, o) },
		func() { _, _ = BindUnix(Unix, path+"2", o) },
		func() { _, _, _ = NewDial(TCP, loopback, netip.AddrPort{}, o, false).Step(false, false) },
		func() { _, _, _ = NewDialUnix(Unix, path, o, false).Step(false, false) },
	} {
		require.PanicsWithValue(t, "policy", call)
	}
	require.Equal(t, before, descriptors(t))
}

// descriptors lists what is open, without what only the Go runtime uses.
func descriptors(t *testing.T) (open []string) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, e := range entries {
		target, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err == nil && !strings.HasPrefix(target, "anon_inode:") && !strings.HasSuffix(target, "/fd") {
			open = append(open, e.Name()+" "+target)
		}
	}
	return open
}

// needUser skips where the kernel's permissions do not hold.
func needUser(t *testing.T) {
	t.Helper()
	if unix.Geteuid() == 0 {
		t.Skip("root may do everything")
	}
}
