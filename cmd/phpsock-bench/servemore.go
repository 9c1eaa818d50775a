package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// serveUDP sends datagrams back, those of a unix socket where there is a path.
func serveUDP(path []string) error {
	network, address := "udp", "127.0.0.1:0"
	if len(path) > 0 {
		network, address = "unixgram", path[0]
	}
	c, err := net.ListenPacket(network, address)
	if err != nil {
		return err
	}
	fmt.Println(c.LocalAddr())
	buf := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return err
		}
		if _, err := c.WriteTo(buf[:n], from); err != nil {
			return err
		}
	}
}

// fetches gets a document again and again; the server closes after each.
func fetches(address, milliseconds string) error {
	return repeat(milliseconds, func() error {
		reply, err := http.Get("http://" + address + "/")
		if err != nil {
			return err
		}
		defer reply.Body.Close()
		document, err := io.ReadAll(reply.Body)
		if err == nil && len(document) != 1024 {
			err = errors.New("not the document")
		}
		return err
	})
}

// startAndEnd listens, says where, and is done.
func startAndEnd() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return l.Close()
}
