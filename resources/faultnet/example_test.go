package faultnet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// A client that tries again, and a network on which each second dial fails.
func Example() {
	faults := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{
		{Op: faultnet.Dial, Every: 2, Err: syscall.EHOSTUNREACH},
	}})
	server, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	for range 3 {
		conn, err := faults.DialContext(context.Background(), "tcp4", server.Addr().String())
		if errors.Is(err, syscall.EHOSTUNREACH) {
			fmt.Println("no way there, once more")
			continue
		}
		fmt.Println("connected")
		conn.Close()
	}
	for _, i := range faults.Injected() {
		fmt.Println(i.Op, i.N, i.Err)
	}
	// Output:
	// connected
	// no way there, once more
	// connected
	// dial 2 no route to host
}

// The connection breaks in mid-stream, in pieces that are too small for comfort.
func ExampleNetwork_Conn() {
	faults := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{
		{Op: faultnet.Read, Chunk: 4},
		{Op: faultnet.Read, AfterBytes: 10, Do: faultnet.Reset},
	}})
	a, b := net.Pipe()
	conn := faults.Conn(a)
	go func() { _, _ = io.WriteString(b, "a text that will not arrive") }()

	for {
		buf := make([]byte, 100)
		n, err := conn.Read(buf)
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%q\n", buf[:n])
	}
	// Output:
	// "a te"
	// "xt t"
	// "ha"
	// read pipe pipe->pipe: read: connection reset by peer
}

// Datagrams get lost, arrive twice and overtake each other.
func ExampleNetwork_PacketConn() {
	below, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	faults := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{
		{Op: faultnet.Read, Skip: 1, Times: 1, Do: faultnet.Drop},
		{Op: faultnet.Read, Skip: 2, Times: 1, Do: faultnet.Duplicate},
		{Op: faultnet.Read, Skip: 3, Times: 1, Do: faultnet.Reorder, Delay: time.Minute},
	}})
	socket := faults.PacketConn(below)
	defer socket.Close()
	for i := 1; i <= 5; i++ {
		fmt.Fprint(datagrams{socket}, i)
	}
	for range 5 {
		buf := make([]byte, 10)
		n, _, err := socket.ReadFrom(buf)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(buf[:n]))
	}
	// Output:
	// 1
	// 3
	// 3
	// 5
	// 4
}

// datagrams writes to the socket itself.
type datagrams struct{ net.PacketConn }

func (d datagrams) Write(p []byte) (int, error) { return d.WriteTo(p, d.LocalAddr()) }

// A test can act at the very moment at which something hangs.
func ExampleConfig_onInject() {
	ctx, cancel := context.WithCancel(context.Background())
	faults := faultnet.New(faultnet.Config{
		Rules:    []faultnet.Rule{{Op: faultnet.Dial, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { cancel() },
	})
	_, err := faults.DialContext(ctx, "tcp4", "192.0.2.1:80")
	fmt.Println(err)
	fmt.Println(faults.Injected()[0])
	// Output:
	// dial tcp4 192.0.2.1:80: context canceled
	// rule 0: dial 1 (tcp4 192.0.2.1:80): hang
}

// A peer that reads no more, until the network is healed.
func ExampleNetwork_Heal() {
	var conn net.Conn
	faults := faultnet.New(faultnet.Config{
		Rules:    []faultnet.Rule{{Op: faultnet.Write, AfterBytes: 5, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { _ = conn.SetWriteDeadline(time.Now()) }, // it has hung long enough
	})
	a, b := net.Pipe()
	conn = faults.Conn(a)
	go func() { _, _ = io.Copy(io.Discard, b) }()

	n, err := io.WriteString(conn, "hello world")
	fmt.Println(n, errors.Is(err, os.ErrDeadlineExceeded))
	faults.Heal()
	_ = conn.SetWriteDeadline(time.Time{})
	n, err = io.WriteString(conn, " world")
	fmt.Println(n, err)
	conn.Close()
	// Output:
	// 5 true
	// 6 <nil>
}
