package main

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// panel is one of the picture's two charts.
type panel struct {
	title string
	note  string
	lines []plotLine
}

// plotLine is what one subject costs.
type plotLine struct {
	subject string
	points  []point
}

// point is a row of the table: µs with so many connections.
type point struct{ connections, cost float64 }

// plotted are the subjects in the picture. The Go programs have no loop over all their
// connections.
var plotted = []string{phpsock, native, plainC}

var (
	selectRow = regexp.MustCompile(`^select-(\d+)$`)
	loopRow   = regexp.MustCompile(`^loop-(\d+)$`)
)

// panels are the charts for which there are rows.
func (r *report) panels() ([]panel, error) {
	work := "the server's processor time"
	if r.Busy > 0 {
		work = "time, the client's included"
	}
	var list []panel
	for _, p := range []panel{
		{"One stream_select(), one stream ready", "time of the call; C: poll()", r.plotLines(selectRow, callTime)},
		{"One echoed message of 64 bytes", work + "; 10 at a time; C: epoll", r.plotLines(loopRow, messageTime)},
	} {
		if len(p.lines) > 0 {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("bench: there is no row select-N or loop-N to draw")
	}
	return list, nil
}

func (r *report) plotLines(name *regexp.Regexp, cost func(res result, subject string) float64) []plotLine {
	var lines []plotLine
	for _, subject := range plotted {
		line := plotLine{subject: subject}
		for _, res := range r.Rows {
			match := name.FindStringSubmatch(res.Name)
			if match == nil || len(res.Series[subject]) == 0 {
				continue
			}
			n, err := strconv.ParseFloat(match[1], 64)
			if µs := cost(res, subject); err == nil && n > 0 && µs > 0 {
				line.points = append(line.points, point{n, µs})
			}
		}
		if len(line.points) > 0 {
			slices.SortFunc(line.points, func(a, b point) int { return int(a.connections - b.connections) })
			lines = append(lines, line)
		}
	}
	return lines
}

// callTime is the figure of a row that has a time.
func callTime(res result, subject string) float64 { return res.Summary[subject].Median }

// messageTime is the processor time of a row that has a rate; where that is not known,
// because of what ran beside, it is the time, the client's included.
func messageTime(res result, subject string) float64 {
	if times := median(res.Series[subject].cpu().values()); times > 0 {
		return times
	}
	if rate := res.Summary[subject].Median; rate > 0 {
		return 1e6 / rate
	}
	return 0
}
