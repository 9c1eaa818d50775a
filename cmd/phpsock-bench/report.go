package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// report is all there is to tell about a run of the program.
type report struct {
	Time     time.Time     `json:"time"`
	Machine  machine       `json:"machine"`
	PHP      string        `json:"php"`     // version of the one that phpsock is compared with; "": not compared
	Phpsock  string        `json:"phpsock"` // version of the one in phpsock
	Busy     int           `json:"busy"`    // goroutines that compute beside the work
	Rounds   int           `json:"rounds"`
	Heavy    int           `json:"heavy_rounds"` // of the rows that take seconds
	Length   time.Duration `json:"length_ns"`    // of a measurement
	Rows     []result      `json:"rows"`
	Cancels  []cancels     `json:"cancels,omitempty"`
	LeftOut  []string      `json:"left_out,omitempty"` // rows for which the system does not have what they need
	Failures []string      `json:"failures,omitempty"`
}

// machine is what figures depend on.
type machine struct {
	Processor string `json:"processor"`
	CPUs      []int  `json:"cpus"` // that were used
	Kernel    string `json:"kernel"`
	Go        string `json:"go"`
	Files     int    `json:"open_files"` // that a process may have
	Load      string `json:"load"`       // average before the first round, of the last minute
}

// result is a row with its measurements.
type result struct {
	Name     string               `json:"name"`
	Unit     string               `json:"unit"`
	Lower    bool                 `json:"lower_is_better"`
	Series   map[string]series    `json:"measurements"`
	Summary  map[string]summary   `json:"summary"`
	Relative map[string]*relative `json:"to_native"`
}

// relative is how much faster than the stock PHP a subject is, by the ratios of each round.
type relative struct {
	summary
	Ratios []float64 `json:"ratios"`
	// CPU is the median of the ratios of processor time: above 1, the subject needs
	// less of it for an operation; 0: not known.
	CPU float64 `json:"cpu"`
}

func newMachine(cpus []int, files int) machine {
	m := machine{Processor: runtime.GOARCH, CPUs: cpus, Files: files, Go: runtime.Version()}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	load, _ := os.ReadFile("/proc/loadavg")
	m.Load, _, _ = strings.Cut(string(load), " ")
	info, _ := os.ReadFile("/proc/cpuinfo") // not on every architecture, not with a name
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			m.Processor = strings.TrimSpace(value)
			break
		}
	}
	return m
}

// newResult works out what the measurements come to.
func newResult(r row, measured map[string]series) result {
	res := result{
		Name: r.name, Unit: r.unit, Lower: r.lower,
		Series: measured, Summary: map[string]summary{}, Relative: map[string]*relative{},
	}
	for subject, s := range measured {
		res.Summary[subject] = summarize(s.values())
		if subject == native {
			continue
		}
		if ratios := s.ratios(measured[native], r.lower); ratios != nil {
			cpu := s.cpu().ratios(measured[native].cpu(), true)
			res.Relative[subject] = &relative{summary: summarize(ratios), Ratios: ratios, CPU: median(cpu)}
		}
	}
	return res
}

// tell prints the report and writes it to the files.
func (r *report) tell(files []string, out io.Writer) error {
	_, failed := fmt.Fprint(out, r.text())
	for _, path := range files {
		failed = errors.Join(failed, r.write(path))
	}
	return failed
}

// write writes the report to a file: JSON, a picture or Markdown, by its name.
func (r *report) write(path string) error {
	var content string
	switch filepath.Ext(path) {
	case ".json":
		list, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		content = string(list) + "\n"
	case ".svg":
		picture, err := r.picture()
		if err != nil {
			return err
		}
		content = picture
	default:
		content = r.markdown()
	}
	return os.WriteFile(path, []byte(content), 0o666)
}
