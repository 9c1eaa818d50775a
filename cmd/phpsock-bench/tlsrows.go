package main

import "fmt"

// tlsRows are the rows with TLS 1.3. Plain C has no TLS: the client, and what is beside
// the subjects, is the driver itself. It checks certificates, and so does the script that
// is a client.
func tlsRows() []row {
	list := []row{
		{
			name: "tls-handshake-rsa", unit: "handshakes/s", cpus: 1, tls: true,
			script: "tls-accept.php", args: []string{rsaFile}, goes: []string{"tls-accept", rsaFile},
			client: []string{"handshake"},
		},
		{
			name: "tls-handshake-ecdsa", unit: "handshakes/s", cpus: 1, tls: true,
			script: "tls-accept.php", args: []string{ecdsaFile}, goes: []string{"tls-accept", ecdsaFile},
			client: []string{"handshake"},
		},
		{
			name: "tls-handshake-100", unit: "handshakes/s", cpus: 1, tls: true, times: 5, // or the first ones are not done yet
			script: "tls-handshakes.php", args: []string{ecdsaFile}, goes: []string{"tls-accept", ecdsaFile},
			client: []string{"handshake", "100"},
		},
		{
			// With RSA, of which resumption saves the server the most.
			name: "tls-handshake-resumed", unit: "handshakes/s", cpus: 1, tls: true,
			script: "tls-accept.php", args: []string{rsaFile}, goes: []string{"tls-accept", rsaFile},
			client: []string{"resumed"}, further: []row{{name: "tls-resumed", unit: "% of them"}},
		},
		{
			name: "tls-handshake-client", unit: "handshakes/s", cpus: 1, tls: true, timed: true,
			script: "tls-connect.php", args: []string{authorityFile}, goes: []string{"tls-connect", authorityFile},
			beside: []string{"tls-accept", ecdsaFile},
		},
		{
			name: "tls-echo", unit: roundTrips, cpus: 1, tls: true,
			script: "tls-echo.php", args: []string{ecdsaFile}, goes: []string{"tls-echo", ecdsaFile},
			client: []string{"echo", "1"},
		},
		{
			name: "tls-echo-100", unit: roundTrips, cpus: 1, tls: true,
			script: "tls-loop.php", args: []string{ecdsaFile}, goes: []string{"tls-echo", ecdsaFile},
			client: []string{"echo", "100"},
		},
	}
	// Fewer than without TLS: their handshakes take a second already.
	list = append(list, row{
		name: "tls-memory-300", unit: "bytes each", lower: true, cpus: 1, tls: true, heavy: true, idle: 300,
		script: "tls-loop.php", args: []string{ecdsaFile}, goes: []string{"tls-echo", ecdsaFile},
		client: []string{"hold", "300"},
	})
	size := fmt.Sprint(bulkSize)
	for _, way := range []struct{ subject, client, pieces string }{
		{"send", "receive", "fetch"},
		{"receive", "send", "store"},
	} {
		list = append(list, row{
			name: "tls-" + way.subject + "-64k", unit: "MB/s", cpus: 1, tls: true,
			script: "tls-" + way.subject + ".php", args: []string{ecdsaFile, size},
			goes:   []string{"tls-" + way.subject, ecdsaFile, size},
			client: []string{way.client},
		}, row{
			name: "tls-" + way.subject + "-100", unit: "MB/s", cpus: 1, tls: true,
			script: "tls-" + way.pieces + ".php", args: []string{ecdsaFile, size, fmt.Sprint(pieceSize)},
			goes:   []string{"tls-" + way.pieces, ecdsaFile, size},
			client: []string{way.pieces, "100"},
		})
	}
	// How soon an answer comes on a connection that is idle most of the time: alone, on a
	// processor of its own; on all of them where as many goroutines compute; and the same
	// where Go may run one goroutine more than there are processors, and leaves it to the
	// system who waits. The client has to share with those that compute, alike for all.
	return append(list,
		paced("tls-paced", 0, 0),
		paced("tls-paced-busy", busyGoroutines, 0),
		paced("tls-paced-spare", busyGoroutines, 1))
}

func paced(name string, busy, spare int) row {
	const unit = "µs"
	return row{
		name: name + "-p50", unit: unit, lower: true, cpus: 2, tls: true, all: busy > 0, times: 3, busy: busy, spare: spare,
		script: "tls-echo.php", args: []string{ecdsaFile}, goes: []string{"tls-echo", ecdsaFile},
		client: []string{"paced"},
		further: []row{
			{name: name + "-p90", unit: unit, lower: true},
			{name: name + "-p99", unit: unit, lower: true},
		},
	}
}
