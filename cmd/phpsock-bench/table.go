package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// header is the table's first line. The ratios are speeds: above 1 is faster than the
// stock PHP, whether the unit is a rate or a time.
var header = []string{"row", "unit", phpsock, native, plainC, goNet, "ratio to native", "CPU", "C", "Go"}

// leftColumns is how many columns hold words.
const leftColumns = 2

// cells is the table's body.
func (r *report) cells() [][]string {
	var lines [][]string
	for _, res := range r.Rows {
		line := []string{res.Name, res.Unit}
		for _, subject := range subjectNames {
			line = append(line, figureCell(res, subject))
		}
		lines = append(lines, append(line,
			ratioCell(res, phpsock, true), cpuCell(res, phpsock), ratioCell(res, plainC, false), ratioCell(res, goNet, false)))
	}
	return lines
}

// figureCell is a median with the spread, "64.1k ±3%" being half the distance of the
// extremes to either side.
func figureCell(res result, subject string) string {
	s, ok := res.Summary[subject]
	if !ok || len(res.Series[subject]) == 0 {
		return "-"
	}
	return fmt.Sprintf("%s ±%2.0f%%", figure(s.Median), s.spread()*50)
}

// ratioCell is the median of the rounds' ratios, with the extremes if wanted.
func ratioCell(res result, subject string, extremes bool) string {
	ratio, ok := res.Relative[subject]
	switch {
	case !ok:
		return "-"
	case extremes:
		return fmt.Sprintf("%.2f (%.2f-%.2f)", ratio.Median, ratio.Min, ratio.Max)
	}
	return fmt.Sprintf("%.2f", ratio.Median)
}

// cpuCell is the ratio of processor time.
func cpuCell(res result, subject string) string {
	if ratio, ok := res.Relative[subject]; ok && ratio.CPU > 0 {
		return fmt.Sprintf("%.2f", ratio.CPU)
	}
	return "-"
}

// figure writes a number with three digits: 0.123, 12.3, 123, 1.23k, 12.3M.
func figure(v float64) string {
	suffix := ""
	for _, s := range []string{"k", "M", "G"} {
		if v < 999.5 {
			break
		}
		v, suffix = v/1000, s
	}
	switch {
	case v >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64) + suffix
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64) + suffix
	case v >= .9995:
		return strconv.FormatFloat(v, 'f', 2, 64) + suffix
	}
	return strconv.FormatFloat(v, 'f', 3, 64) + suffix
}

// conditions says in one line what was measured and where.
func (r *report) conditions() string {
	beside := ""
	if r.Busy > 0 {
		beside = fmt.Sprintf(", beside %d busy goroutines (Go programs: in the same process)", r.Busy)
	}
	against, rounds := "", ""
	if r.PHP != "" {
		against = " against PHP " + r.PHP
		rounds = fmt.Sprintf("; %d rounds of %v", r.Rounds, r.Length)
		if r.Heavy < r.Rounds {
			rounds += fmt.Sprintf(", %d of the rows that take seconds", r.Heavy)
		}
	}
	m := r.Machine
	return fmt.Sprintf("PHP %s in phpsock%s; %s, processors %v, load %s, up to %d open files, Linux %s, %s%s%s",
		r.Phpsock, against, m.Processor, m.CPUs, m.Load, m.Files, m.Kernel, m.Go, rounds, beside)
}

const legend = "Medians, with half the distance from the lowest to the highest round. " +
	"Ratios are speeds within one round: above 1 is faster than native. " +
	"CPU: the same of the server's processor time for one operation, which depends little on what else the machine does."

// text is the report with aligned tables.
func (r *report) text() string { return r.layOut(aligned) }

// markdown is the report with Markdown tables.
func (r *report) markdown() string { return r.layOut(piped) }

// layOut says what was measured, with tables as table makes them.
func (r *report) layOut(table func(lines [][]string, words int) string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", r.conditions())
	if len(r.Rows) > 0 || len(r.Cancels) == 0 {
		fmt.Fprintf(&out, "\n%s\n%s\n", table(append([][]string{header}, r.cells()...), leftColumns), legend)
	}
	for _, row := range r.LeftOut {
		fmt.Fprintf(&out, "\nLeft out: %s.\n", row)
	}
	if len(r.Cancels) > 0 {
		lines := append([][]string{cancelHeader}, r.cancelCells()...)
		fmt.Fprintf(&out, "\n%s\n%s\n", table(lines, leftColumns), r.cancelLegend())
	}
	return out.String()
}

// aligned writes lines of cells in columns, the first few of which hold words.
func aligned(lines [][]string, words int) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for _, line := range lines {
		padded := make([]string, len(line))
		for i, cell := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < words {
				padded[i] = cell + space
			} else {
				padded[i] = space + cell
			}
		}
		fmt.Fprintln(&out, strings.TrimRight(strings.Join(padded, "  "), " "))
	}
	return out.String()
}

// piped writes the same as Markdown.
func piped(lines [][]string, words int) string {
	rule := make([]string, len(lines[0]))
	for i := range rule {
		rule[i] = "---"
		if i >= words {
			rule[i] = "---:"
		}
	}
	var out strings.Builder
	for _, line := range slices.Insert(slices.Clone(lines), 1, rule) {
		fmt.Fprintf(&out, "| %s |\n", strings.Join(line, " | "))
	}
	return out.String()
}
