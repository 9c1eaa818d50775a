package main

import (
	"fmt"
	"strings"

	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

// goal is what the median of every row is to stay below, in milliseconds.
const goal = 1.0

// cancelHeader is the first line of the table of cancels.
var cancelHeader = []string{"row", "cancelled in", "rounds", "median", "p90", "max"}

// cancelCells is the table's body.
func (r *report) cancelCells() [][]string {
	var lines [][]string
	for _, c := range r.Cancels {
		line := []string{c.Name, c.What, fmt.Sprint(len(c.Latencies)), "-", "-", "-"}
		if len(c.Latencies) > 0 {
			line[3], line[4], line[5] = figure(c.Median), figure(c.P90), figure(c.Max)
		}
		if c.NotEnded {
			line[5] = "not ended"
		}
		lines = append(lines, line)
	}
	return lines
}

// cancelLegend explains the table, and tells the rows that miss the goal.
func (r *report) cancelLegend() string {
	var missed []string
	for _, c := range r.Cancels {
		if c.NotEnded || len(c.Latencies) == 0 || c.Median >= goal {
			missed = append(missed, c.Name)
		}
	}
	verdict := fmt.Sprintf("Every median is under %g ms.", goal)
	if len(missed) > 0 {
		verdict = fmt.Sprintf("Not under %g ms: %s.", goal, strings.Join(missed, ", "))
	}
	return fmt.Sprintf("Milliseconds from the cancel of the context of Engine.Run to the return of Run. "+
		"Not ended: not within %v, and not tried again. %s", waits.Limit, verdict)
}
