package main

import (
	"fmt"
	"io"
	"net"
	"time"
)

// bulk sends or receives on one connection as fast as it can. What is on its way when the
// clock starts makes up for what is when it stops.
func (c *client) bulk(out io.Writer, length time.Duration, send bool) error {
	conns, err := c.connect(1)
	if err != nil {
		return err
	}
	work := conns[0].Read
	if send {
		work = conns[0].Write
	}
	return megabytes(out, length, []func(*tally) error{func(t *tally) error {
		for buf := make([]byte, bulkSize); !t.over.Load(); {
			n, err := work(buf)
			if err != nil {
				return err
			}
			t.done.Add(int64(n))
		}
		return nil
	}})
}

// pieces fetches or stores on n connections. A piece is asked for, or acknowledged, with
// one byte: else the buffers of many connections hold as much as is sent in the whole
// time, and the figure would be how fast they fill.
func (c *client) pieces(out io.Writer, length time.Duration, n int, store bool) error {
	conns, err := c.connect(n)
	if err != nil {
		return err
	}
	piece := fetchPiece
	if store {
		piece = storePiece
	}
	var workers []func(*tally) error
	for _, conn := range conns {
		workers = append(workers, func(t *tally) error {
			for buf := make([]byte, bulkSize); !t.over.Load(); {
				if err := piece(conn, buf, t); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return megabytes(out, length, workers)
}

func fetchPiece(conn net.Conn, buf []byte, t *tally) error {
	if _, err := conn.Write([]byte("g")); err != nil {
		return err
	}
	return readPiece(conn, buf, t)
}

func storePiece(conn net.Conn, buf []byte, t *tally) error {
	if err := writePiece(conn, buf, t); err != nil {
		return err
	}
	_, err := conn.Read(buf[:1])
	return err
}

// readPiece and writePiece are the longer half of it, the server's, too.
func readPiece(conn net.Conn, buf []byte, t *tally) error {
	for left := pieceSize; left > 0; {
		n, err := conn.Read(buf[:min(left, len(buf))])
		if err != nil {
			return err
		}
		left -= n
		t.done.Add(int64(n))
	}
	return nil
}

func writePiece(conn net.Conn, buf []byte, t *tally) error {
	for left := pieceSize; left > 0; {
		n, err := conn.Write(buf[:min(left, len(buf))])
		if err != nil {
			return err
		}
		left -= n
		t.done.Add(int64(n))
	}
	return nil
}

func megabytes(out io.Writer, length time.Duration, workers []func(*tally) error) error {
	fmt.Fprintln(out, "ready")
	perSecond, all, err := rate(length, workers)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%.3f %.3f\n", perSecond/1e6, all/1e6)
	return nil
}
