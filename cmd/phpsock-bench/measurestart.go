package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// startUp starts the subject again and again; the figures are medians.
func (b *bench) startUp(ctx context.Context, r row, argv []string) ([]measurement, error) {
	var took, computed []float64
	for begin := time.Now(); time.Since(begin) < b.length || len(took) < 3; {
		once := time.Now()
		p, err := start(ctx, b.serverCPUs(r), b.subjectEnv(r), argv)
		if err != nil {
			return nil, err
		}
		var printed float64
		if r.host != nil {
			line, err := p.line()
			if err == nil {
				printed, err = strconv.ParseFloat(line, 64)
			}
			if err != nil {
				p.stop()
				return nil, err
			}
		}
		if err := p.end(); err != nil {
			return nil, err
		}
		if r.host != nil {
			took = append(took, printed)
			continue // what the process computed is more than what it tells of
		}
		took = append(took, float64(time.Since(once).Microseconds())/1000)
		state := p.cmd.ProcessState
		computed = append(computed, float64((state.UserTime() + state.SystemTime()).Microseconds()))
	}
	return []measurement{{Value: median(took), CPU: median(computed)}}, nil
}

// first is how many connections a subject has before its memory counts: with them it has
// touched the code and made the tables that it needs once.
const first = "20"

// memory has clients connect that do nothing any more then, and tells how many bytes the
// subject grew by for each.
func (b *bench) memory(ctx context.Context, r row, argv []string) ([]measurement, error) {
	subject, err := start(ctx, b.serverCPUs(r), b.subjectEnv(r), argv)
	if err != nil {
		return nil, err
	}
	defer subject.stop()
	address, err := subject.line()
	if err != nil {
		return nil, err
	}
	var before, after int
	for _, step := range []struct {
		connections string
		size        *int
	}{{first, &before}, {strconv.Itoa(r.idle), &after}} {
		few := r
		few.client = []string{r.client[0], step.connections}
		client, err := start(ctx, b.clientCPUs(r), nil, b.clientCommand(few, address))
		if err != nil {
			return nil, err
		}
		defer client.stop()
		if _, err := client.line(); err != nil {
			return nil, err
		}
		if *step.size, err = subject.resident(); err != nil {
			return nil, err
		}
	}
	return []measurement{{Value: float64(after-before) / float64(r.idle)}}, nil
}

// resident is how many bytes of the process are in memory.
func (p *process) resident() (int, error) {
	path := fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid)
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int
		if n, _ := fmt.Sscanf(line, "Rss: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10, nil
		}
	}
	return 0, fmt.Errorf("bench: there is no Rss in %s", path)
}
