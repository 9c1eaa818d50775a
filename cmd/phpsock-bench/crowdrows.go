package main

import "fmt"

// Besides its connections a process has a few files.
const furtherFiles = 50

// stream_select() of the stock PHP ends at descriptor 1,023.
const selectable = 1000

// crowdRows are the rows whose cost depends on how many connections there are.
func crowdRows() []row {
	var list []row
	for _, n := range []int{1, 100, 500, 1000, 10000} {
		number := fmt.Sprint(n)
		list = append(list, crowded(n, row{
			name: "select-" + number, unit: "µs/call", lower: true, cpus: 1, timed: true,
			script: "select.php", args: []string{number}, plain: []string{"select", number},
		}))
	}
	// A connection of the script's own takes two descriptors: the stock PHP has 480 idle ones.
	for _, n := range []int{480, 10000} {
		idle := crowded(n, row{
			name: fmt.Sprintf("idle-%d", n), unit: "µs/call", lower: true, cpus: 1, timed: true,
			script: "idle.php", args: []string{fmt.Sprint(n)}, native: []string{"480"}, beside: []string{"loop"},
		})
		idle.crowd = false
		list = append(list, idle)
	}
	for _, n := range []int{1, 100, 500, 1000, 10000} {
		list = append(list, crowded(n, row{
			name: fmt.Sprintf("loop-%d", n), unit: roundTrips, cpus: 1, settles: true,
			script: "loop.php", plain: []string{"loop"}, goes: []string{"loop"},
			client: []string{"loop", fmt.Sprint(n)},
		}))
	}
	for _, n := range []int{900, 10000} {
		list = append(list, crowded(n, row{
			name: fmt.Sprintf("storm-%d", n), unit: "ms", lower: true, cpus: 1,
			script: "loop.php", plain: []string{"loop"}, goes: []string{"loop"},
			client: []string{"storm", fmt.Sprint(n)},
		}))
	}
	for _, n := range []int{900, 10000} {
		list = append(list, crowded(n, row{
			name: fmt.Sprintf("memory-%d", n), unit: "bytes each", lower: true, cpus: 1, idle: n,
			script: "loop.php", plain: []string{"loop"}, goes: []string{"loop"},
			client: []string{"hold", fmt.Sprint(n)},
		}))
	}
	return list
}

// crowded says what n connections take.
func crowded(n int, r row) row {
	r.crowd = n > selectable
	r.heavy = r.crowd
	if n > furtherFiles {
		r.files = n + furtherFiles
	}
	return r
}

// startRows say how long it takes until something runs: a process with nothing in it, and
// one with a short script; the engine in a program that has none yet; and a run with
// nothing in it where there is an engine.
func startRows() []row {
	return []row{
		{
			name: "start-up", unit: "ms", lower: true, cpus: 2, starts: true,
			script: "-r", args: []string{""}, plain: []string{"nothing"}, goes: []string{"nothing"},
		},
		{
			name: "start-script", unit: "ms", lower: true, cpus: 2, starts: true,
			script: "start.php", plain: []string{"start"}, goes: []string{"start"},
		},
		{name: "start-engine", unit: "ms", lower: true, cpus: 2, starts: true, host: []string{"-engine"}},
		{name: "start-run", unit: "µs/run", lower: true, cpus: 2, timed: true, host: []string{"-runs"}},
	}
}
