// Package policy has ready-made policies for what PHP scripts may do with
// sockets, and means to make one of several.
//
// A policy that allows names what it allows, by address, port, path or name,
// and refuses everything else; one for some operations or transports allows all
// others:
//
//	policy.All(
//		policy.On(policy.Listen, policy.AllowPorts(8080, 8080)),
//		policy.Outgoing(policy.Any(
//			policy.All(policy.PublicOnly(), policy.AllowPorts(443, 443)),
//			policy.AllowPaths("/run/mysqld/mysqld.sock"),
//		)),
//	)
//
// The reasons of refusals are short and name the address, as in
// "10.0.0.1:80 is not a public address". Scripts see them as error texts.
//
// A nil [resources.Policy] allows everything. As one of several it was left out:
// [All] and [Any] go on as if it were not there, so that Any(nil, p) is not more
// than p.
//
// What a policy judges has been looked up already: numeric addresses and real
// paths, see [resources.Attempt]. So no name, redirect, number written in
// another way or symbolic link gets around it. Nor does it see further than
// that: a proxy, a NAT or a name server that it allows takes scripts wherever
// those lead.
package policy

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/phpsock/phpsock/resources"
)

// The operations, for [On].
const (
	Listen = resources.OpListen
	Dial   = resources.OpDial
	Send   = resources.OpSend
)

// Deny refuses everything, for the reason given.
func Deny(reason string) resources.Policy {
	return func(context.Context, resources.Attempt) error { return errors.New(reason) }
}

// All allows what every one of the policies allows. They are asked in order and
// the first refusal counts. None at all allows everything.
func All(policies ...resources.Policy) resources.Policy {
	policies = given(policies)
	return func(ctx context.Context, a resources.Attempt) error {
		for _, p := range policies {
			if err := p(ctx, a); err != nil {
				return err
			}
		}
		return nil
	}
}

// Any allows what one of the policies allows. They are asked in order until one
// does; if none does, the reason is all their reasons. None at all refuses
// everything.
func Any(policies ...resources.Policy) resources.Policy {
	policies = given(policies)
	return func(ctx context.Context, a resources.Attempt) error {
		all := make(reasons, 0, len(policies))
		for _, p := range policies {
			err := p(ctx, a)
			if err == nil {
				return nil
			}
			all = append(all, err)
		}
		if len(all) == 0 {
			return refuse(a, "is not allowed by anything")
		}
		return all
	}
}

// given copies the policies that are not nil.
func given(policies []resources.Policy) []resources.Policy {
	return slices.DeleteFunc(slices.Clone(policies), func(p resources.Policy) bool { return p == nil })
}

// reasons are the refusals of several policies.
type reasons []error

func (r reasons) Error() string {
	texts := make([]string, 0, len(r))
	for _, err := range r {
		if text := err.Error(); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

func (r reasons) Unwrap() []error { return r }

// Not refuses what p allows, for the reason given, and allows what p refuses.
// As nil allows everything, Not(nil, reason) is [Deny].
func Not(p resources.Policy, reason string) resources.Policy {
	return func(ctx context.Context, a resources.Attempt) error {
		if p != nil && p(ctx, a) != nil {
			return nil
		}
		return errors.New(reason)
	}
}

// On asks p about one operation and allows the others. Beside another policy it
// belongs into [All]; within [Any] it would allow the others for good.
func On(op resources.Operation, p resources.Policy) resources.Policy {
	return only(p, func(a resources.Attempt) bool { return a.Operation == op })
}

// Outgoing asks p about [Dial] and [Send] and allows [Listen]. A policy for
// Dial alone would leave udp's datagrams free to go anywhere.
func Outgoing(p resources.Policy) resources.Policy {
	return only(p, func(a resources.Attempt) bool { return a.Operation != Listen })
}

// Over asks p about one transport and allows the others. Like [On] it belongs
// into [All].
func Over(t resources.Transport, p resources.Policy) resources.Policy {
	return only(p, func(a resources.Attempt) bool { return a.Transport == t })
}

func only(p resources.Policy, concerned func(resources.Attempt) bool) resources.Policy {
	return func(ctx context.Context, a resources.Attempt) error {
		if p == nil || !concerned(a) {
			return nil
		}
		return p(ctx, a)
	}
}

// refuse names the address and says what is wrong with it. The NUL of an
// abstract name is written as "@", as everywhere in Linux.
func refuse(a resources.Attempt, reason string) error {
	name := a.Addr.String()
	if !isInet(a) {
		name = strings.ReplaceAll(a.Path, "\x00", "@")
	}
	if name == "" {
		name = "a socket without a name"
	}
	return errors.New(name + " " + reason)
}

// isInet and isUnix tell whether Addr or Path is the address. What is neither
// is mem, or a transport that this package does not know and never allows.
func isInet(a resources.Attempt) bool { return a.Addr.IsValid() }

func isUnix(a resources.Attempt) bool {
	return !isInet(a) && (a.Transport == resources.Unix || a.Transport == resources.Udg)
}

func isMem(a resources.Attempt) bool { return !isInet(a) && a.Transport == resources.Mem }
