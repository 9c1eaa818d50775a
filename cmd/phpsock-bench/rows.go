package main

import (
	"fmt"
	"slices"
)

// row is one line of the table: a piece of work that every subject does.
//
// Where client is set, the subjects are servers that print their address, and the
// client prints the figure and how many operations it did; else the subjects print a
// line when they begin, and then the same.
type row struct {
	name string
	unit string
	// lower says that lower figures are the better ones.
	lower bool
	// cpus is on how many processors server and client run: 1, both on the same;
	// 2, each on its own.
	cpus int

	script string   // in testdata/bench, or PHP code where it begins with "-r"
	args   []string // arguments of the script
	native []string // the same for the stock PHP, where it cannot do as much
	plain  []string // arguments of the plain C server
	goes   []string // arguments of the driver's own server; nil: no idiomatic program does this
	client []string // the client's work; its last argument may be a number behind address and time

	beside []string // a plain C server that runs beside the subject, who gets its address
	timed  bool     // the subject gets the milliseconds it is to measure
	starts bool     // the figure is how long the process takes from its start to its end, or prints
	host   []string // arguments of program host, which is phpsock here; there is no script
	idle   int      // the figure is how much the subject grows for each of so many connections

	tls     bool  // client and what is beside are the driver's own: plain C has no TLS
	further []row // name, unit and lower of what the client prints behind its figure and the number of operations
	settles bool  // the client prints a line before the work, when it is connected, and after it, when all connections are still there
	crowd   bool  // more connections than the stock PHP's stream_select() can tell apart: it has no figure
	files   int   // how many a process has to have open; 0: few
	heavy   bool  // takes seconds whatever the length is: a quick run measures it in one round
	times   int   // how many times as long as others it takes; 0: 1
	all     bool  // the subject may use all processors
	busy    int   // goroutines that compute beside the subject whatever the options say
	spare   int   // how many goroutines more than there are processors a Go program may run at once
}

// lines are what the row has in the table: itself and the further figures.
func (r row) lines() []row { return append([]row{r}, r.further...) }

const (
	socketPath = "SOCKET" // stands for a path that no socket has yet
	anyPort    = "tcp://127.0.0.1:0"

	roundTrips = "round trips/s"
)

// rows is the table, in its order.
func rows() []row {
	list := []row{
		{
			name: "echo-1cpu", unit: roundTrips, cpus: 1,
			script: "echo.php", args: []string{anyPort}, plain: []string{"echo"}, goes: []string{"echo"},
			client: []string{"echo"},
		},
		{
			name: "echo-2cpu", unit: roundTrips, cpus: 2,
			script: "echo.php", args: []string{anyPort}, plain: []string{"echo"}, goes: []string{"echo"},
			client: []string{"echo"},
		},
		{
			name: "echo-unix", unit: roundTrips, cpus: 1,
			script: "echo.php", args: []string{"unix://" + socketPath},
			plain: []string{"echo", socketPath}, goes: []string{"echo", socketPath},
			client: []string{"echo"},
		},
		{
			name: "lines", unit: "requests/s", cpus: 1,
			script: "lines.php", plain: []string{"lines"}, goes: []string{"lines"},
			client: []string{"lines"},
		},
		{
			name: "accept", unit: "connections/s", cpus: 1,
			script: "accept.php", plain: []string{"accept"}, goes: []string{"accept"},
			client: []string{"accept"},
		},
		{
			name: "accept-reply", unit: "connections/s", cpus: 1,
			script: "accept.php", args: []string{"hello"}, plain: []string{"accept", "hello"}, goes: []string{"accept", "hello"},
			client: []string{"reply"},
		},
		{
			name: "connect", unit: "connections/s", cpus: 1, timed: true,
			script: "connect.php", plain: []string{"connect"}, goes: []string{"connect"},
			beside: []string{"accept"},
		},
		{
			name: "udp", unit: roundTrips, cpus: 1,
			script: "udp.php", plain: []string{"udp"}, goes: []string{"udp"},
			client: []string{"udp"},
		},
		{
			name: "udg", unit: roundTrips, cpus: 1,
			script: "udg.php", args: []string{socketPath}, plain: []string{"udp", socketPath}, goes: []string{"udp", socketPath},
			client: []string{"udp"},
		},
		{
			name: "http", unit: "documents/s", cpus: 1, timed: true,
			script: "http.php", plain: []string{"fetch"}, goes: []string{"fetch"},
			beside: []string{"http"},
		},
	}
	for _, kib := range []int{8, 64} {
		size := fmt.Sprint(kib << 10)
		list = append(list, row{
			name: fmt.Sprintf("send-%dk", kib), unit: "MB/s", cpus: 1,
			script: "send.php", args: []string{size}, plain: []string{"send", size}, goes: []string{"send", size},
			client: []string{"receive"},
		})
	}
	for _, kib := range []int{8, 64} {
		size := fmt.Sprint(kib << 10)
		list = append(list, row{
			name: fmt.Sprintf("receive-%dk", kib), unit: "MB/s", cpus: 1,
			script: "receive.php", args: []string{size}, plain: []string{"receive", size}, goes: []string{"receive", size},
			client: []string{"send", size},
		})
	}
	list = append(list, crowdRows()...)
	return slices.Concat(list, tlsRows(), startRows())
}
