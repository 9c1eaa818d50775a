package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// limit is how long a measurement may take beyond the time it is given.
const limit = 20 * time.Second

// bench measures.
type bench struct {
	programs
	cpus    []int // the processors for server and client: one or two
	length  time.Duration
	busy    int
	folder  string // for sockets, and with the certificates
	sockets int    // made so far
}

// measure runs one row once for one subject. There is a measurement for each of the row's
// lines, or none where there is nothing to run.
func (b *bench) measure(ctx context.Context, r row, subject string) (measured []measurement, err error) {
	busy := max(b.busy, r.busy)
	argv, ok := b.command(subject, r, busy)
	if !ok {
		return nil, nil
	}
	b.sockets++
	argv = b.located(argv, filepath.Join(b.folder, strconv.Itoa(b.sockets)))
	ctx, cancel := context.WithTimeout(ctx, b.lengthOf(r)+limit)
	defer cancel()
	err = onThread(func() (err error) {
		if burner := b.companion(subject, busy); burner != nil {
			p, err := start(ctx, b.serverCPUs(r), env(busy), burner)
			if err != nil {
				return err
			}
			defer p.stop()
		}
		switch {
		case r.starts:
			measured, err = b.startUp(ctx, r, argv)
		case r.idle > 0:
			measured, err = b.memory(ctx, r, argv)
		default:
			measured, err = b.figures(ctx, r, argv)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if busy > 0 {
		measured[0].CPU = 0 // the work is not told from what is beside it
	}
	return measured, nil
}

// located puts paths in the place of what stands for them.
func (b *bench) located(argv []string, socket string) []string {
	argv = slices.Clone(argv)
	for i, arg := range argv {
		switch arg {
		case rsaFile, ecdsaFile, authorityFile:
			argv[i] = filepath.Join(b.folder, arg)
		default:
			argv[i] = strings.Replace(arg, socketPath, socket, 1)
		}
	}
	return argv
}

func (b *bench) lengthOf(r row) time.Duration { return b.length * time.Duration(max(1, r.times)) }

func (b *bench) serverCPUs(r row) []int {
	if r.starts || r.all || r.host != nil {
		return b.cpus
	}
	return b.cpus[:1]
}

func (b *bench) clientCPUs(r row) []int {
	return b.cpus[r.cpus-1 : r.cpus]
}

// env tells how many goroutines are to be busy in the Go programs.
func env(busy int) []string {
	return []string{fmt.Sprintf("%s=%d", busyVariable, busy)}
}

// subjectEnv is env, and how many goroutines may run at once if the row says so.
func (b *bench) subjectEnv(r row) []string {
	list := env(max(b.busy, r.busy))
	if r.spare > 0 {
		list = append(list, fmt.Sprintf("GOMAXPROCS=%d", len(b.serverCPUs(r))+r.spare))
	}
	return list
}

// besideCommand is what runs beside the subject.
func (b *bench) besideCommand(r row) []string {
	program := []string{filepath.Join(b.bin, "plain")}
	if r.tls {
		program = []string{b.self, serveArgument}
	}
	return b.located(slices.Concat(program, r.beside), "")
}

// clientCommand is the client of a subject.
func (b *bench) clientCommand(r row, address string) []string {
	program := []string{filepath.Join(b.bin, "peer")}
	if r.tls {
		program = []string{b.self, dialArgument, filepath.Join(b.folder, authorityFile)}
	}
	return slices.Concat(program, []string{r.client[0], address, b.milliseconds(r)}, r.client[1:])
}

func (b *bench) milliseconds(r row) string {
	return strconv.FormatInt(b.lengthOf(r).Milliseconds(), 10)
}

// figures gets what the client prints, or the subject where there is none. Both wait to
// be ended, so that the subject's processor time is that of the work.
func (b *bench) figures(ctx context.Context, r row, argv []string) ([]measurement, error) {
	if r.beside != nil {
		beside, err := start(ctx, b.clientCPUs(r), nil, b.besideCommand(r))
		if err != nil {
			return nil, err
		}
		defer beside.stop()
		address, err := beside.line()
		if err != nil {
			return nil, err
		}
		argv = append(slices.Clone(argv), address)
	}
	if r.timed {
		argv = append(slices.Clone(argv), b.milliseconds(r))
	}
	subject, err := start(ctx, b.serverCPUs(r), b.subjectEnv(r), argv)
	if err != nil {
		return nil, err
	}
	defer subject.stop()
	address, err := subject.line()
	if err != nil {
		return nil, err
	}
	before, err := subject.processorTime()
	if err != nil {
		return nil, err
	}
	measuring := subject
	if r.client != nil {
		if measuring, err = start(ctx, b.clientCPUs(r), nil, b.clientCommand(r, address)); err != nil {
			return nil, err
		}
		defer measuring.stop()
		if r.tls || r.settles {
			if _, err := measuring.line(); err != nil {
				return nil, err
			}
			if before, err = subject.processorTime(); err != nil {
				return nil, err
			}
		}
	}
	line, err := measuring.line()
	if err != nil {
		return nil, err
	}
	measured, operations, err := readFigures(line, len(r.lines()))
	if err != nil {
		return nil, err
	}
	after, err := subject.processorTime()
	if err == nil && r.settles {
		_, err = measuring.line()
	}
	measured[0].CPU = float64((after - before).Nanoseconds()) / 1000 / operations
	return measured, err
}

// readFigures reads n figures, with the number of operations behind the first of them.
func readFigures(line string, n int) (measured []measurement, operations float64, err error) {
	measured = make([]measurement, n)
	into := []any{&measured[0].Value, &operations}
	for i := range measured[1:] {
		into = append(into, &measured[i+1].Value)
	}
	if got, _ := fmt.Sscan(line, into...); got != len(into) || operations <= 0 {
		return nil, 0, fmt.Errorf("bench: not a figure: %q", line)
	}
	return measured, operations, nil
}
