package main

import (
	"crypto/tls"
	"io"
	"net"
	"strconv"
)

// serveTLS does what the PHP scripts do with TLS.
//
//	tls-accept CERTIFICATE           a short reply to everybody
//	tls-echo CERTIFICATE             messages, on any number of connections
//	tls-send CERTIFICATE SIZE        sends, in writes of SIZE bytes
//	tls-receive CERTIFICATE SIZE     reads, SIZE bytes at a time
//	tls-fetch CERTIFICATE SIZE       sends a piece for every byte, in writes of SIZE bytes
//	tls-store CERTIFICATE SIZE       sends a byte for every piece, which it reads SIZE bytes at a time
//	tls-connect AUTHORITIES ADDRESS MS
func serveTLS(what string, args []string) error {
	switch {
	case what == "tls-accept" && len(args) == 1:
		return serveSecure(args[0], func(c net.Conn) { _, _ = io.WriteString(c, "x") })
	case what == "tls-echo" && len(args) == 1:
		return serveSecure(args[0], echo)
	case len(args) == 2:
		size, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		switch what {
		case "tls-send", "tls-receive":
			return serveSecure(args[0], func(c net.Conn) { bulk(c, make([]byte, size), what == "tls-send") })
		case "tls-fetch":
			return serveSecure(args[0], func(c net.Conn) { servePieces(c, make([]byte, size), true) })
		case "tls-store":
			return serveSecure(args[0], func(c net.Conn) { servePieces(c, make([]byte, size), false) })
		}
	case what == "tls-connect" && len(args) == 3:
		config, err := clientConfig(args[0])
		if err != nil {
			return err
		}
		return connects(func() (net.Conn, error) { return tls.Dial("tcp", args[1], config) }, args[2])
	}
	return errServe
}

// serveSecure is serveStream with TLS. The goroutine of a connection shakes hands.
func serveSecure(certificate string, handle func(net.Conn)) error {
	config, err := serverConfig(certificate)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return serveAll(tls.NewListener(l, config), handle)
}

func servePieces(c net.Conn, buf []byte, send bool) {
	var t tally
	for {
		if send {
			if _, err := c.Read(buf[:1]); err != nil {
				return
			}
			if err := writePiece(c, buf, &t); err != nil {
				return
			}
			continue
		}
		if err := readPiece(c, buf, &t); err != nil {
			return
		}
		if _, err := c.Write(buf[:1]); err != nil {
			return
		}
	}
}
