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
	folder  string // for sockets
	sockets int    // made so far
}

// measure runs one row once for one subject; ok is false where there is nothing to run.
func (b *bench) measure(ctx context.Context, r row, subject string) (m measurement, ok bool, err error) {
	argv, ok := b.command(subject, r, b.busy)
	if !ok {
		return m, false, nil
	}
	b.sockets++
	path := filepath.Join(b.folder, strconv.Itoa(b.sockets))
	for i := range argv {
		argv[i] = strings.Replace(argv[i], socketPath, path, 1)
	}
	ctx, cancel := context.WithTimeout(ctx, b.length+limit)
	defer cancel()
	m, err = onThread(func() (measurement, error) {
		if burner := b.companion(subject, b.busy); burner != nil {
			p, err := start(ctx, b.serverCPUs(r), b.env(), burner)
			if err != nil {
				return measurement{}, err
			}
			defer p.stop()
		}
		if r.starts {
			return b.startUp(ctx, r, argv)
		}
		return b.figure(ctx, r, argv)
	})
	if b.busy > 0 {
		m.CPU = 0 // the work is not told from what is beside it
	}
	return m, true, err
}

func (b *bench) serverCPUs(r row) []int {
	if r.starts {
		return b.cpus
	}
	return b.cpus[:1]
}

func (b *bench) clientCPUs(r row) []int {
	return b.cpus[r.cpus-1 : r.cpus]
}

// env tells how many goroutines are to be busy in the Go programs.
func (b *bench) env() []string {
	return []string{fmt.Sprintf("%s=%d", busyVariable, b.busy)}
}

func (b *bench) milliseconds() string { return strconv.FormatInt(b.length.Milliseconds(), 10) }

// figure gets the figure that the client prints, or the subject where there is none.
// Both wait to be ended, so that the subject's processor time is that of the work.
func (b *bench) figure(ctx context.Context, r row, argv []string) (m measurement, err error) {
	if r.beside != nil {
		plain, err := start(ctx, b.clientCPUs(r), nil, append([]string{filepath.Join(b.bin, "plain")}, r.beside...))
		if err != nil {
			return m, err
		}
		defer plain.stop()
		address, err := plain.line()
		if err != nil {
			return m, err
		}
		argv = append(slices.Clone(argv), address)
	}
	if r.timed {
		argv = append(slices.Clone(argv), b.milliseconds())
	}
	subject, err := start(ctx, b.serverCPUs(r), b.env(), argv)
	if err != nil {
		return m, err
	}
	defer subject.stop()
	address, err := subject.line()
	if err != nil {
		return m, err
	}
	before, err := subject.processorTime()
	if err != nil {
		return m, err
	}
	measuring := subject
	if r.client != nil {
		client := append([]string{filepath.Join(b.bin, "peer"), r.client[0], address, b.milliseconds()}, r.client[1:]...)
		if measuring, err = start(ctx, b.clientCPUs(r), nil, client); err != nil {
			return m, err
		}
		defer measuring.stop()
	}
	line, err := measuring.line()
	if err != nil {
		return m, err
	}
	var operations float64
	if n, _ := fmt.Sscan(line, &m.Value, &operations); n != 2 || operations <= 0 {
		return m, fmt.Errorf("bench: not a figure: %q", line)
	}
	after, err := subject.processorTime()
	m.CPU = float64((after - before).Nanoseconds()) / 1000 / operations
	return m, err
}

// startUp starts the subject again and again; the figures are medians.
func (b *bench) startUp(ctx context.Context, r row, argv []string) (measurement, error) {
	var took, computed []float64
	for begin := time.Now(); time.Since(begin) < b.length || len(took) < 3; {
		once := time.Now()
		p, err := start(ctx, b.serverCPUs(r), b.env(), argv)
		if err != nil {
			return measurement{}, err
		}
		if err := p.end(); err != nil {
			return measurement{}, err
		}
		took = append(took, float64(time.Since(once).Microseconds())/1000)
		state := p.cmd.ProcessState
		computed = append(computed, float64((state.UserTime() + state.SystemTime()).Microseconds()))
	}
	return measurement{Value: median(took), CPU: median(computed)}, nil
}
