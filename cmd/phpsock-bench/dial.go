package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// dialArgument makes the program the client of a row with TLS: what peer.c is to the
// others. A part of what one operation costs is the client's, alike for all subjects; the
// processor time is the subject's alone.
//
//	phpsock-bench dial AUTHORITIES handshake ADDRESS MS N  connections that the server closes after a short reply, N at
//	                                                       a time
//	phpsock-bench dial AUTHORITIES resumed ADDRESS MS      the same with the sessions of earlier ones, where the
//	                                                       server has that; and how many percent were such
//	phpsock-bench dial AUTHORITIES echo ADDRESS MS N       round trips of 64 bytes on N connections, ten of them at a time
//	phpsock-bench dial AUTHORITIES hold ADDRESS MS N       nothing: N connections have a round trip each and stay
//	phpsock-bench dial AUTHORITIES receive ADDRESS MS      megabytes the server sends
//	phpsock-bench dial AUTHORITIES send ADDRESS MS         megabytes the server takes, in writes of 64 KiB
//	phpsock-bench dial AUTHORITIES fetch ADDRESS MS N      megabytes the server sends on N connections, by the piece
//	phpsock-bench dial AUTHORITIES store ADDRESS MS N      megabytes the server takes on N connections, by the piece
//	phpsock-bench dial AUTHORITIES paced ADDRESS MS        microseconds of a round trip, one every 2 ms: the median,
//	                                                       and what 90 and 99 percent do not exceed
//
// It prints "ready" when it is connected, so that handshakes count only where they are the
// work, and at the end the figure and how many operations there were, and behind them what
// is said above after "and". The first fifth of the time is for warming up and does not count in the figure.
const dialArgument = "dial"

var errDial = errors.New("usage: phpsock-bench dial AUTHORITIES WHAT ADDRESS MS [N]")

const (
	messageSize = 64
	bulkSize    = 64 << 10
	pieceSize   = 256 << 10
	atOnce      = 10 // connections that the client sends on before it waits for the echoes
	pace        = 2 * time.Millisecond
)

// dial does a client's work and prints what came of it. The connections stay.
func dial(args []string, out io.Writer) error {
	if len(args) < 4 {
		return errDial
	}
	config, err := clientConfig(args[0])
	if err != nil {
		return err
	}
	ms, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	n := 1
	if len(args) > 4 {
		if n, err = strconv.Atoi(args[4]); err != nil {
			return err
		}
	}
	c, length := &client{config: config, address: args[2]}, time.Duration(ms)*time.Millisecond
	switch what := args[1]; what {
	case "handshake":
		return c.handshakes(out, length, n)
	case "resumed":
		config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
		return c.handshakes(out, length, n)
	case "echo":
		return c.echoes(out, length, n)
	case "hold":
		return c.hold(out, n)
	case "receive", "send":
		return c.bulk(out, length, what == "send")
	case "fetch", "store":
		return c.pieces(out, length, n, what == "store")
	case "paced":
		return c.paced(out, length)
	}
	return errDial
}

// client is the client of a row.
type client struct {
	config  *tls.Config
	address string
}

// connect returns n connections that have shaken hands.
func (c *client) connect(n int) ([]net.Conn, error) {
	var conns []net.Conn
	for range n {
		conn, err := tls.Dial("tcp", c.address, c.config)
		if err != nil {
			return nil, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

// tally counts what workers have done.
type tally struct {
	done atomic.Int64
	over atomic.Bool // time is up
}

// rate has workers work for a time, each until the tally is over, and returns how much
// they did in a second, and in all.
func rate(length time.Duration, workers []func(*tally) error) (perSecond, all float64, err error) {
	var t tally
	ended := make(chan error, len(workers))
	for _, work := range workers {
		go func() { ended <- work(&t) }()
	}
	begin := time.Now()
	select {
	case err := <-ended:
		return 0, 0, err
	case <-time.After(length / 5):
	}
	warmUp, warm := float64(t.done.Load()), time.Since(begin)
	select {
	case err := <-ended:
		return 0, 0, err
	case <-time.After(length - length/5): // whole, though the first one may have been noticed late
	}
	for end := begin.Add(20 * length); float64(t.done.Load()) == warmUp && time.Now().Before(end); {
		time.Sleep(length / 10) // many at once on a slow machine: none is done yet
	}
	perSecond = (float64(t.done.Load()) - warmUp) / (time.Since(begin) - warm).Seconds()
	t.over.Store(true)
	for range workers {
		err = errors.Join(err, <-ended)
	}
	return perSecond, float64(t.done.Load()), err
}

func (c *client) handshakes(out io.Writer, length time.Duration, n int) error {
	fmt.Fprintln(out, "ready")
	var resumed atomic.Int64
	work := func(t *tally) error {
		for ; !t.over.Load(); t.done.Add(1) {
			again, err := c.handshake()
			if err != nil {
				return err
			}
			if again {
				resumed.Add(1)
			}
		}
		return nil
	}
	perSecond, all, err := rate(length, slices.Repeat([]func(*tally) error{work}, n))
	if err != nil {
		return err
	}
	// The first one has nothing to resume.
	fmt.Fprintf(out, "%.3f %.0f %.2f\n", perSecond, all, float64(resumed.Load())/max(1, all-1)*100)
	return nil
}

// handshake connects, takes the reply, and with it a session if there is one, and sees
// the server close.
func (c *client) handshake() (resumed bool, err error) {
	conn, err := tls.Dial("tcp", c.address, c.config)
	if err != nil {
		return false, err
	}
	raw := conn.NetConn().(*net.TCPConn)
	defer raw.Close()
	_ = raw.SetLinger(0) // leaves no connection in TIME_WAIT
	reply, err := io.ReadAll(conn)
	if err == nil && len(reply) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return conn.ConnectionState().DidResume, err
}

// roundTrip sends a message on each of some connections and then takes the echoes. The
// first one of a connection comes before the clock starts: OpenSSL sends its session
// tickets one by one after the handshake, and the system keeps back what follows until
// the client acknowledges the first of them, which takes up to 40 ms.
func roundTrip(conns []net.Conn) error {
	var message [messageSize]byte
	for _, conn := range conns {
		if _, err := conn.Write(message[:]); err != nil {
			return err
		}
	}
	for _, conn := range conns {
		if _, err := io.ReadFull(conn, message[:]); err != nil {
			return err
		}
	}
	return nil
}

// echoes has N connections, a number that its part at a time divides.
func (c *client) echoes(out io.Writer, length time.Duration, n int) error {
	conns, err := c.connect(n)
	if err != nil {
		return err
	}
	if err := roundTrip(conns); err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	active := min(atOnce, n)
	perSecond, all, err := rate(length, []func(*tally) error{func(t *tally) error {
		for at := 0; !t.over.Load(); at = (at + active) % n {
			if err := roundTrip(conns[at : at+active]); err != nil {
				return err
			}
			t.done.Add(int64(active))
		}
		return nil
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%.3f %.0f\n", perSecond, all)
	return nil
}

func (c *client) hold(out io.Writer, n int) error {
	conns, err := c.connect(n)
	if err == nil {
		err = roundTrip(conns)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	return nil
}

func (c *client) paced(out io.Writer, length time.Duration) error {
	conns, err := c.connect(1)
	if err != nil {
		return err
	}
	if err := roundTrip(conns); err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	var took []float64
	for ticks, begin := time.NewTicker(pace), time.Now(); time.Since(begin) < length; {
		<-ticks.C
		once := time.Now()
		if err := roundTrip(conns); err != nil {
			return err
		}
		took = append(took, float64(time.Since(once).Nanoseconds())/1000)
	}
	counted := took[len(took)/5:]
	fmt.Fprintf(out, "%.3f %d %.3f %.3f\n", percentile(counted, 50), len(took), percentile(counted, 90), percentile(counted, 99))
	return nil
}
