package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/phpsock/phpsock/cmd/phpsock-bench/busy"
)

const (
	// serveArgument makes the program one of the subjects.
	serveArgument = "serve"
	// busyVariable is how many goroutines a subject has that only compute.
	busyVariable = "PHPSOCK_BENCH_BUSY"
)

var errServe = errors.New("usage: phpsock-bench serve WHAT [ARGUMENT...]")

// serve does what the PHP scripts do in the way of a Go program: a goroutine for each
// connection.
func serve(args []string) error {
	n, _ := strconv.Atoi(os.Getenv(busyVariable))
	busy.Start(n)
	if len(args) == 0 {
		return errServe
	}
	switch what, args := args[0], args[1:]; {
	case what == "nothing":
		return nil
	case what == "start":
		return startAndEnd()
	case what == "busy":
		select {}
	case what == "udp":
		return serveUDP(args)
	case what == "fetch" && len(args) == 2:
		return fetches(args[0], args[1])
	case what == "connect" && len(args) == 2:
		return connects(func() (net.Conn, error) { return net.Dial("tcp", args[0]) }, args[1])
	case what == "echo" && len(args) == 1:
		return serveStream("unix", args[0], echo)
	case what == "echo", what == "loop":
		return serveStream("tcp", "127.0.0.1:0", echo)
	case what == "lines":
		return serveStream("tcp", "127.0.0.1:0", lines)
	case what == "accept":
		return serveStream("tcp", "127.0.0.1:0", func(c net.Conn) { _, _ = io.WriteString(c, strings.Join(args, " ")) })
	case (what == "send" || what == "receive") && len(args) == 1:
		size, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		return serveStream("tcp", "127.0.0.1:0", func(c net.Conn) { bulk(c, make([]byte, size), what == "send") })
	case strings.HasPrefix(what, "tls-"):
		return serveTLS(what, args)
	}
	return errServe
}

func serveStream(network, address string, handle func(net.Conn)) error {
	l, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	return serveAll(l, handle)
}

func serveAll(l net.Listener, handle func(net.Conn)) error {
	fmt.Println(l.Addr())
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			handle(c)
		}()
	}
}

func echo(c net.Conn) {
	buf := make([]byte, 64)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

func lines(c net.Conn) {
	requests := bufio.NewReader(c)
	for {
		first, err := requests.ReadString('\n')
		if err != nil {
			return
		}
		for line := []byte(nil); string(line) != "\n"; {
			if line, err = requests.ReadSlice('\n'); err != nil {
				return
			}
		}
		if _, err := c.Write([]byte(first)); err != nil {
			return
		}
	}
}

func bulk(c net.Conn, buf []byte, send bool) {
	work := c.Read
	if send {
		work = c.Write
	}
	for {
		if _, err := work(buf); err != nil {
			return
		}
	}
}

func connects(connect func() (net.Conn, error), milliseconds string) error {
	buf := make([]byte, 1)
	return repeat(milliseconds, func() error {
		c, err := connect()
		if err != nil {
			return err
		}
		_, _ = c.Read(buf) // that it ends is all there is to know
		return c.Close()
	})
}

// repeat does something for a time and prints how often a second, and how often.
func repeat(milliseconds string, once func() error) error {
	length, err := time.ParseDuration(strings.TrimSpace(milliseconds) + "ms")
	if err != nil {
		return err
	}
	fmt.Println("ready")
	begin, n := time.Now(), 0
	for ; time.Since(begin) < length; n++ {
		if err := once(); err != nil {
			return err
		}
	}
	fmt.Printf("%.3f %d\n", float64(n)/time.Since(begin).Seconds(), n)
	select {} // waits to be ended
}
