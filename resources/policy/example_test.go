package policy_test

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/policy"
)

// try shows what a policy says.
func try(p resources.Policy, op resources.Operation, t resources.Transport, address string) {
	a := resources.Attempt{Operation: op, Transport: t, Path: address}
	if addr, err := netip.ParseAddrPort(address); err == nil {
		a.Addr, a.Path = addr, ""
	}
	if err := p(context.Background(), a); err != nil {
		fmt.Println(op, "refused:", err)
		return
	}
	fmt.Println(op, address, "allowed")
}

// A web application: it serves on one port, asks public web servers and its own
// database, and does nothing else.
func Example() {
	p := policy.All(
		policy.On(policy.Listen, policy.AllowPorts(8080, 8080)),
		policy.Outgoing(policy.Any(
			policy.All(policy.PublicOnly(), policy.AllowPorts(443, 443)),
			policy.AllowPaths("/run/mysqld/mysqld.sock"),
		)),
	)
	try(p, policy.Listen, resources.TCP, "0.0.0.0:8080")
	try(p, policy.Listen, resources.TCP, "0.0.0.0:22")
	try(p, policy.Dial, resources.TCP, "93.184.215.14:443")
	try(p, policy.Dial, resources.TCP, "10.0.0.1:443")
	try(p, policy.Dial, resources.Unix, "/run/mysqld/mysqld.sock")
	// Output:
	// listen 0.0.0.0:8080 allowed
	// listen refused: 0.0.0.0:22 is not on an allowed port
	// dial 93.184.215.14:443 allowed
	// dial refused: 10.0.0.1:443 is not a public address; 10.0.0.1:443 is not an allowed path
	// dial /run/mysqld/mysqld.sock allowed
}

// A policy is a function. This one is for a single script.
func Example_ownFunction() {
	var p resources.Policy = func(_ context.Context, a resources.Attempt) error {
		if a.Script == "/srv/untrusted.php" {
			return fmt.Errorf("%v is not for this script", a.Transport)
		}
		return nil
	}
	fmt.Println(p(context.Background(), resources.Attempt{Transport: resources.UDP, Script: "/srv/untrusted.php"}))
	// Output: udp is not for this script
}

// Scripts fetch what strangers name, and must not reach the house's own network
// by it.
func ExamplePublicOnly() {
	p := policy.PublicOnly()
	try(p, policy.Dial, resources.TCP, "93.184.215.14:80")
	try(p, policy.Dial, resources.TCP, "169.254.169.254:80")
	try(p, policy.Dial, resources.TCP, "[64:ff9b::10.0.0.1]:80")
	try(p, policy.Dial, resources.Unix, "/run/docker.sock")
	try(p, policy.Listen, resources.TCP, "0.0.0.0:8080")
	// Output:
	// dial 93.184.215.14:80 allowed
	// dial refused: 169.254.169.254:80 is not a public address
	// dial refused: [64:ff9b::a00:1]:80 is not a public address
	// dial refused: /run/docker.sock is not a public address
	// listen 0.0.0.0:8080 allowed
}

func ExampleLoopbackOnly() {
	p := policy.LoopbackOnly()
	try(p, policy.Listen, resources.TCP, "127.0.0.1:8080")
	try(p, policy.Listen, resources.TCP, "0.0.0.0:8080")
	try(p, policy.Dial, resources.TCP, "[::1]:80")
	try(p, policy.Dial, resources.Mem, "db")
	// Output:
	// listen 127.0.0.1:8080 allowed
	// listen refused: 0.0.0.0:8080 is not a loopback address
	// dial [::1]:80 allowed
	// dial db allowed
}

func ExampleDeny() {
	try(policy.Outgoing(policy.Deny("this script only serves")), policy.Dial, resources.TCP, "127.0.0.1:80")
	// Output: dial refused: this script only serves
}

func ExampleAllowCIDR() {
	p := policy.AllowCIDR(netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd12::/64"))
	try(p, policy.Dial, resources.TCP, "10.1.2.3:80")
	try(p, policy.Send, resources.UDP, "10.2.0.1:53")
	// Output:
	// dial 10.1.2.3:80 allowed
	// send refused: 10.2.0.1:53 is not in an allowed network
}

func ExampleAllowPaths() {
	p := policy.AllowPaths("/run/app/", "/run/redis.sock", "\x00bus")
	try(p, policy.Listen, resources.Unix, "/run/app/worker/1.sock")
	try(p, policy.Dial, resources.Unix, "/run/redis.sock")
	try(p, policy.Dial, resources.Unix, "\x00session")
	// Output:
	// listen /run/app/worker/1.sock allowed
	// dial /run/redis.sock allowed
	// dial refused: @session is not an allowed path
}

func ExampleNot() {
	mail := policy.Over(resources.TCP, policy.Not(policy.AllowPorts(25, 25), "scripts send no mail"))
	try(mail, policy.Dial, resources.TCP, "93.184.215.14:25")
	try(mail, policy.Dial, resources.TCP, "93.184.215.14:443")
	// Output:
	// dial refused: scripts send no mail
	// dial 93.184.215.14:443 allowed
}
