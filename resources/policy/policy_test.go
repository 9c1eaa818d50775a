package policy

import (
	"context"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources"
)

const somewhere = "dial tcp://10.0.0.1:80"

var yes = AllowPorts(0, 65535)

func TestDeny(t *testing.T) {
	refused(t, Deny("closed"), somewhere, "listen unix://", "send udp://8.8.8.8", "dial mem://x")
	require.Equal(t, "closed", reason(t, Deny("closed"), somewhere))
}

// asks counts how often it is asked.
func asks(n *int, p resources.Policy) resources.Policy {
	return func(ctx context.Context, a resources.Attempt) error {
		*n++
		return p(ctx, a)
	}
}

func TestAll(t *testing.T) {
	var first, second int
	p := All(asks(&first, Deny("one")), nil, asks(&second, Deny("two")))
	require.Equal(t, "one", reason(t, p, somewhere))
	require.Equal(t, []int{1, 0}, []int{first, second})
	require.Equal(t, "two", reason(t, All(yes, Deny("two")), somewhere))
	allowed(t, All(yes, yes), somewhere)
	allowed(t, All(), somewhere)
	allowed(t, All(nil, nil), somewhere)
}

func TestAny(t *testing.T) {
	var first, second int
	p := Any(asks(&first, yes), asks(&second, Deny("two")))
	allowed(t, p, somewhere)
	require.Equal(t, []int{1, 0}, []int{first, second})
	allowed(t, Any(Deny("one"), yes), somewhere)
	require.Equal(t, "one; two", reason(t, Any(Deny("one"), nil, Deny("two"), Deny("one")), somewhere))
	require.Equal(t, "10.0.0.1:80 is not allowed by anything", reason(t, Any(), somewhere))
	refused(t, Any(nil), somewhere)
}

// The list that a policy was made of may be used again.
func TestCombinatorsCopy(t *testing.T) {
	list := []resources.Policy{nil, Deny("one")}
	all, anyOf := All(list...), Any(list...)
	require.Nil(t, list[0])
	require.NotNil(t, list[1])
	list[1] = yes
	require.Equal(t, "one", reason(t, all, somewhere))
	require.Equal(t, "one", reason(t, anyOf, somewhere))
}

func TestAnyKeepsErrno(t *testing.T) {
	unreachable := func(context.Context, resources.Attempt) error {
		return &resources.Error{Errno: syscall.EHOSTUNREACH, Text: "No route to host"}
	}
	err := Any(Deny("one"), unreachable)(context.Background(), attempt(t, somewhere))
	require.ErrorIs(t, err, syscall.EHOSTUNREACH)
	require.Equal(t, syscall.EHOSTUNREACH, resources.Refusal("connect", "", err).Errno)
	err = Any(Deny("one"), Deny("two"))(context.Background(), attempt(t, somewhere))
	require.Equal(t, "one; two", resources.Refusal("connect", "", err).Text)
}

func TestNot(t *testing.T) {
	p := Not(AllowPorts(25, 25), "no mail")
	allowed(t, p, "dial tcp://10.0.0.1:80", "dial unix:///s")
	require.Equal(t, "no mail", reason(t, p, "dial tcp://10.0.0.1:25"))
	require.Equal(t, "all closed", reason(t, Not(nil, "all closed"), somewhere))
	allowed(t, Not(Deny("x"), "y"), somewhere)
}

func TestScopes(t *testing.T) {
	no := Deny("no")
	for name, c := range map[string]struct {
		p                resources.Policy
		allowed, refused []string
	}{
		"on listen": {On(Listen, no), []string{"dial tcp://1.1.1.1", "send udp://1.1.1.1"}, []string{"listen tcp://1.1.1.1", "listen unix://"}},
		"on dial":   {On(Dial, no), []string{"listen tcp://1.1.1.1", "send udp://1.1.1.1"}, []string{"dial tcp://1.1.1.1", "dial mem://x"}},
		"on send":   {On(Send, no), []string{"listen tcp://1.1.1.1", "dial udp://1.1.1.1"}, []string{"send udp://1.1.1.1"}},
		"outgoing":  {Outgoing(no), []string{"listen tcp://1.1.1.1"}, []string{"dial udp://1.1.1.1", "send udp://1.1.1.1"}},
		"over udp":  {Over(resources.UDP, no), []string{"listen tcp://1.1.1.1", "dial unix://"}, []string{"dial udp://1.1.1.1", "listen udp://1.1.1.1"}},
	} {
		t.Run(name, func(t *testing.T) {
			allowed(t, c.p, c.allowed...)
			refused(t, c.p, c.refused...)
		})
	}
	for _, p := range []resources.Policy{On(Dial, nil), Outgoing(nil), Over(resources.TCP, nil)} {
		allowed(t, p, somewhere, "send udp://1.1.1.1")
	}
	// An operation that is not known is not taken for one that is harmless.
	require.Error(t, Outgoing(no)(context.Background(), resources.Attempt{}))
}
