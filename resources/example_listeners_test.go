package resources_test

import (
	"context"
	"fmt"
	"io"
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// A listener that Go provides goes from one script to the next, here with a
// listener that takes no port.
func ExampleListeners() {
	network := resources.NewMemory()
	listeners := resources.NewListeners()
	defer func() { _ = listeners.Close() }()

	l, err := network.Listen("web")
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := listeners.Provide("tcp://0.0.0.0:8080", l); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		client, err := network.Dial(context.Background(), "web")
		if err != nil {
			fmt.Println(err)
			return
		}
		serve(listeners)
		answer, _ := io.ReadAll(client)
		fmt.Printf("%s to %s: %s\n", client.RemoteAddr(), client.LocalAddr(), answer)
		_ = client.Close()
	}
	// Output:
	// web to web#1: hello
	// web to web#2: hello
}

// serve is what an engine does for a script that binds, accepts and answers.
func serve(listeners *resources.Listeners) {
	s, ok, err := listeners.Take(resources.TCP, "0.0.0.0:8080", resources.Options{})
	if err != nil || !ok {
		fmt.Println(ok, err)
		return
	}
	defer func() { _ = s.Close() }()
	_, _ = unix.Poll([]unix.PollFd{{Fd: int32(s.FD()), Events: unix.POLLIN}}, -1)
	conn, _, err := s.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.SendTo([]byte("hello"), 0, netip.AddrPort{})
}
