package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

// cancels are the latencies of one way to wait: from the cancel of a run's context to the
// return of the run.
type cancels struct {
	Name      string    `json:"name"`
	What      string    `json:"what"` // the script is in the middle of
	Latencies []float64 `json:"latencies_ms"`
	Median    float64   `json:"median_ms"`
	P90       float64   `json:"p90_ms"` // nine of ten are not above it
	Max       float64   `json:"max_ms"`
	// NotEnded says that a cancel did not end the run, which was tried no more then.
	NotEnded bool `json:"not_ended"`
}

// chosenWaits are the rows of the table of cancels that match.
func chosenWaits(pattern *regexp.Regexp) []waits.Wait {
	return slices.DeleteFunc(waits.All(), func(w waits.Wait) bool { return !pattern.MatchString(w.Name) })
}

// cancelAll measures them, in one process with an engine. The error tells what could not
// be measured; the rest is there.
func (b *bench) cancelAll(ctx context.Context, list []waits.Wait, pattern *regexp.Regexp, rounds int) ([]cancels, error) {
	// Setting a wait up and letting it settle takes some 20 ms; each may once not be ended.
	ctx, cancel := context.WithTimeout(ctx, limit+time.Duration(len(list))*(time.Duration(rounds)*limit/100+3*waits.Late))
	defer cancel()
	var measured []waits.Measured
	err := onThread(func() error {
		p, err := start(ctx, b.cpus, env(b.busy), []string{filepath.Join(b.bin, "cancel"), strconv.Itoa(rounds), pattern.String()})
		if err != nil {
			return err
		}
		defer p.stop()
		if measured, err = readMeasured(p.stdout); err != nil {
			return err
		}
		return p.end()
	})
	results, failed := newCancels(list, measured)
	return results, errors.Join(err, failed)
}

// readMeasured reads what package cancel prints; what comes before an error is returned,
// too.
func readMeasured(r io.Reader) ([]waits.Measured, error) {
	var list []waits.Measured
	for lines := json.NewDecoder(r); ; {
		var m waits.Measured
		err := lines.Decode(&m)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, fmt.Errorf("bench: cancel: %w", err)
		}
		list = append(list, m)
	}
}

// newCancels works out what the measurements come to. The error tells which failed.
func newCancels(list []waits.Wait, measured []waits.Measured) ([]cancels, error) {
	var failed error
	results := make([]cancels, len(list))
	for i, w := range list {
		c := cancels{Name: w.Name, What: w.What}
		for _, m := range measured {
			switch {
			case m.Name != w.Name:
			case m.Failure != "":
				failed = errors.Join(failed, fmt.Errorf("bench: %s: %s", m.Name, m.Failure))
			case m.Ended:
				c.Latencies = append(c.Latencies, m.Latency.Seconds()*1000)
			default:
				c.NotEnded = true
			}
		}
		c.Median, c.P90 = median(c.Latencies), percentile(c.Latencies, 90)
		c.Max = percentile(c.Latencies, 100)
		results[i] = c
	}
	return results, failed
}
