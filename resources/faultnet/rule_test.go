package faultnet_test

import (
	"errors"
	"math"
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// When a rule strikes, of ten operations.
func TestWhen(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule faultnet.Rule
		want []int
	}{
		{"always", faultnet.Rule{}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"once", faultnet.Rule{Times: 1}, []int{1}},
		{"the third", faultnet.Rule{Skip: 2, Times: 1}, []int{3}},
		{"each third", faultnet.Rule{Every: 3}, []int{3, 6, 9}},
		{"each", faultnet.Rule{Every: 1}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"each third after four", faultnet.Rule{Every: 3, Skip: 4}, []int{7, 10}},
		{"each third, twice", faultnet.Rule{Every: 3, Times: 2}, []int{3, 6}},
		{"certainly", faultnet.Rule{P: 1, Times: 3}, []int{1, 2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.rule.Op, tt.rule.Err = faultnet.Dial, syscall.ENOBUFS
			require.Equal(t, tt.want, failing(t, rules(tt.rule), 10))
		})
	}
}

// failing dials n times to where nobody listens and tells which dials met
// ENOBUFS instead.
func failing(t *testing.T, network *faultnet.Network, n int) (which []int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		_, err := network.DialContext(t.Context(), "tcp4", "127.0.0.1:1")
		if errors.Is(err, syscall.ENOBUFS) {
			which = append(which, i)
		} else {
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		}
	}
	return which
}

// Chance is the same each time, another one with another seed, and about as
// frequent as it should be.
func TestChance(t *testing.T) {
	dials := func(seed uint64) []int {
		return failing(t, faultnet.New(faultnet.Config{Seed: seed,
			Dialer: nowhere{syscall.ECONNREFUSED},
			Rules:  []faultnet.Rule{{Op: faultnet.Dial, P: .3, Err: syscall.ENOBUFS}}}), 10_000)
	}
	for seed := range uint64(5) {
		first := dials(seed)
		require.InDelta(t, 3000, len(first), 250)
		require.Equal(t, first, dials(seed))
		require.NotEqual(t, first, dials(seed+100))
	}
}

func TestWhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	strikes := func(t *testing.T, r faultnet.Rule, network, address string) bool {
		r.Op, r.Err = faultnet.Dial, syscall.ENOBUFS
		_, err := faultnet.New(faultnet.Config{Dialer: nowhere{syscall.ECONNREFUSED}, Rules: []faultnet.Rule{r}}).
			DialContext(t.Context(), network, address)
		return errors.Is(err, syscall.ENOBUFS)
	}
	for _, tt := range []struct {
		rule             faultnet.Rule
		network, address string
		want             bool
	}{
		{faultnet.Rule{Network: "tcp"}, "tcp4", "127.0.0.1:80", true},
		{faultnet.Rule{Network: "tcp"}, "tcp6", "[::1]:80", true},
		{faultnet.Rule{Network: "tcp"}, "tcp", "localhost:80", true},
		{faultnet.Rule{Network: "tcp4"}, "tcp4", "127.0.0.1:80", true},
		{faultnet.Rule{Network: "tcp4"}, "tcp6", "[::1]:80", false},
		{faultnet.Rule{Network: "udp"}, "tcp4", "127.0.0.1:80", false},
		{faultnet.Rule{Network: "unix"}, "unix", path, true},
		{faultnet.Rule{Network: "unix"}, "unixgram", path, false},
		{faultnet.Rule{Address: "127.0.0.1:80"}, "tcp4", "127.0.0.1:80", true},
		{faultnet.Rule{Address: "127.0.0.1:8"}, "tcp4", "127.0.0.1:80", false},
		{faultnet.Rule{Address: ":80"}, "tcp6", "[::1]:80", true},
		{faultnet.Rule{Address: ":80"}, "tcp6", "[::1]:8080", false},
		{faultnet.Rule{Address: path}, "unix", path, true},
		{faultnet.Rule{Address: path}, "unix", path + "2", false},
	} {
		require.Equal(t, tt.want, strikes(t, tt.rule, tt.network, tt.address), "%+v %s %s", tt.rule, tt.network, tt.address)
	}
}

// Connections are told apart by side and number, and their counts are their own.
func TestWhichConnection(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule faultnet.Rule
		want []string
	}{
		{"all", faultnet.Rule{}, []string{"c1", "s1", "c2", "s2", "c3", "s3"}},
		{"clients", faultnet.Rule{Side: faultnet.Client}, []string{"c1", "c2", "c3"}},
		{"servers", faultnet.Rule{Side: faultnet.Server}, []string{"s1", "s2", "s3"}},
		{"the second", faultnet.Rule{Conn: 2}, []string{"c2", "s2"}},
		{"the third accepted", faultnet.Rule{Conn: 3, Side: faultnet.Server}, []string{"s3"}},
		{"once each", faultnet.Rule{Times: 1}, []string{"c1", "s1", "c2", "s2", "c3", "s3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.rule.Op, tt.rule.Err = faultnet.Write, syscall.ENOBUFS
			n := rules(tt.rule)
			l, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
			require.NoError(t, err)
			closing(t, l)
			var got []string
			for _, number := range []string{"1", "2", "3"} {
				client, err := n.DialContext(t.Context(), "tcp4", l.Addr().String())
				require.NoError(t, err)
				server, err := l.Accept()
				require.NoError(t, err)
				closing(t, client, server)
				for side, conn := range map[string]net.Conn{"c": client, "s": server} {
					if _, err = conn.Write([]byte("x")); err != nil {
						got = append(got, side+number)
					}
				}
			}
			require.ElementsMatch(t, tt.want, got)
			require.Equal(t, len(tt.want), n.Count(0))
		})
	}
}

// A listener on port 0 is found by the port that it got.
func TestWhereItListens(t *testing.T) {
	n := rules()
	l, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	closing(t, l)
	n.Add(faultnet.Rule{Op: faultnet.Accept, Address: l.Addr().String(), Times: 1, Err: syscall.EMFILE},
		faultnet.Rule{Op: faultnet.Accept, Address: "127.0.0.1:0", Times: 1, Err: syscall.ENFILE})
	_, err = l.Accept()
	require.ErrorIs(t, err, syscall.EMFILE)
	_, err = l.Accept()
	require.ErrorIs(t, err, syscall.ENFILE)
}

// Of several outcomes the first one counts, and the others keep for later.
func TestFirstOutcomeWins(t *testing.T) {
	n := rules(
		faultnet.Rule{Op: faultnet.Dial, Times: 2, Err: syscall.ENOBUFS},
		faultnet.Rule{Op: faultnet.Dial, Times: 1, Err: syscall.ENOMEM},
	)
	for _, want := range []error{syscall.ENOBUFS, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNREFUSED} {
		_, err := n.DialContext(t.Context(), "tcp4", "127.0.0.1:1")
		require.ErrorIs(t, err, want)
	}
	require.Equal(t, 3, n.Injected()[2].N, "those that it could not strike were counted")
}

func TestRulesThatMakeNoSense(t *testing.T) {
	const (
		dial, listen, accept, read, write = faultnet.Dial, faultnet.Listen, faultnet.Accept, faultnet.Read, faultnet.Write
	)
	for text, r := range map[string]faultnet.Rule{
		"no Op":                       {Err: syscall.EIO},
		"or an unknown one":           {Op: 1 << 7, Err: syscall.EIO},
		"unknown Side":                {Op: read, Side: 3, Err: syscall.EIO},
		"unknown Do":                  {Op: read, Do: 99},
		"nothing to do":               {Op: read, Every: 3},
		"negative":                    {Op: read, Delay: -1},
		"P is 1.5":                    {Op: read, P: 1.5, Err: syscall.EIO},
		"P is NaN":                    {Op: read, P: math.NaN(), Err: syscall.EIO},
		"errno 0 is no Err":           {Op: read, Err: syscall.Errno(0)},
		"drop does not go with dial":  {Op: dial | read, Do: faultnet.Drop},
		"truncate does not go with w": {Op: read | write, Do: faultnet.Truncate},
		"reset does not go with list": {Op: listen, Do: faultnet.Reset},
		"half-open does not go with":  {Op: accept, Do: faultnet.HalfOpen},
		"hang has no Err":             {Op: read, Do: faultnet.Hang, Err: syscall.EIO},
		"hang has no Chunk":           {Op: read, Do: faultnet.Hang, Chunk: 1},
		"AfterBytes and Chunk are":    {Op: accept, AfterBytes: 1, Err: syscall.EIO},
		"Side is for":                 {Op: dial, Side: faultnet.Client, Err: syscall.EIO},
		"clients do not accept":       {Op: accept, Side: faultnet.Client, Err: syscall.EIO},
	} {
		t.Run(text, func(t *testing.T) {
			defer func() {
				require.Contains(t, recover(), text)
			}()
			rules(faultnet.Rule{Op: read, Err: syscall.EIO}, r)
		})
	}
}

func TestNames(t *testing.T) {
	require.Equal(t, "read|write", (faultnet.Read | faultnet.Write).String())
	require.Equal(t, "", faultnet.Op(0).String())
	require.Equal(t, "half-open", faultnet.HalfOpen.String())
	require.Equal(t, "", faultnet.Action(0).String())
	require.Equal(t, "unknown", faultnet.Action(99).String())
	require.Equal(t, "server", faultnet.Server.String())
	require.Equal(t, "any", faultnet.Side(0).String())
}
