package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// The picture's measures, in pixels.
const (
	panelWidth, panelHeight = 360.0, 270.0
	marginLeft, marginTop   = 62.0, 92.0
	marginRight             = 18.0
	marginBottom            = 66.0
)

// style is how a subject's line looks. The shapes differ, too, for those who cannot tell
// the colours apart.
type style struct{ colour, label, shape string }

var styles = map[string]style{
	phpsock: {"#0b63ce", "phpsock", `<circle cx="%.1f" cy="%.1f" r="4.5"/>`},
	native:  {"#c2410c", "PHP", `<rect x="%.1f" y="%.1f" width="9" height="9" transform="translate(-4.5 -4.5)"/>`},
	plainC:  {"#4b5563", "C", `<path d="M0-6L5.5 4.5H-5.5Z" transform="translate(%.1f %.1f)"/>`},
}

// scale maps a range of values to pixels, by their logarithms.
type scale struct{ low, high, from, to float64 }

func (s scale) at(v float64) float64 {
	return s.from + (s.to-s.from)*math.Log10(v/s.low)/math.Log10(s.high/s.low)
}

// decades is the range of powers of ten around the values.
func decades(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	low = math.Pow(10, math.Floor(math.Log10(low)))
	high = math.Pow(10, math.Ceil(math.Log10(high)))
	if high <= low {
		high = low * 10
	}
	return low, high
}

// picture draws what an event costs against the number of connections, both axes by
// logarithms. It has a ground of its own and so looks the same on a dark page.
func (r *report) picture() (string, error) {
	panels, err := r.panels()
	if err != nil {
		return "", err
	}
	step := marginLeft + panelWidth + marginRight
	width := step*float64(len(panels)) + 10
	height := marginTop + panelHeight + marginBottom
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" `+
		`font-family="system-ui, sans-serif" font-size="12" fill="#1f2328" role="img">`+"\n", width, height, width, height)
	out.WriteString("<title>What an event costs, by the number of connections</title>\n")
	fmt.Fprintf(&out, `<rect x=".5" y=".5" width="%.0f" height="%.0f" rx="6" fill="#ffffff" stroke="#d0d7de"/>`+"\n", width-1, height-1)
	r.legendOf(&out, panels)
	for i, p := range panels {
		p.draw(&out, step*float64(i)+marginLeft, marginTop)
	}
	fmt.Fprintf(&out, `<text x="%.0f" y="%.0f" fill="#59636e" font-size="11">%s</text>`+"\n", marginLeft, height-12,
		html.EscapeString(r.plotConditions()))
	out.WriteString("</svg>\n")
	return out.String(), nil
}

// legendOf is one line for all charts.
func (r *report) legendOf(out *strings.Builder, panels []panel) {
	x := marginLeft + 6
	for _, subject := range plotted {
		drawn := false
		for _, p := range panels {
			for _, line := range p.lines {
				drawn = drawn || line.subject == subject
			}
		}
		if !drawn {
			continue
		}
		s := styles[subject]
		label := s.label
		if subject == native {
			label += " " + r.PHP + ": its stream_select() ends at descriptor 1,023"
		}
		fmt.Fprintf(out, `<g fill="%s" stroke="%s" stroke-width="2"><path d="M%.1f 24h26"/>`, s.colour, s.colour, x)
		fmt.Fprintf(out, s.shape, x+13, 24.0)
		fmt.Fprintf(out, `</g><text x="%.1f" y="28">%s</text>`+"\n", x+33, html.EscapeString(label))
		x += 60 + 5.9*float64(len(label))
	}
}

func (r *report) plotConditions() string {
	beside := ""
	if r.Busy > 0 {
		beside = fmt.Sprintf(", beside %d busy goroutines", r.Busy)
	}
	return fmt.Sprintf("scripts/bench, medians of %d rounds%s; %s, Linux %s; lower is better", r.Rounds, beside, r.Machine.Processor, r.Machine.Kernel)
}

// draw draws a chart with its upper left corner at x, y.
func (p panel) draw(out *strings.Builder, x, y float64) {
	var connections, costs []float64
	for _, line := range p.lines {
		for _, pt := range line.points {
			connections, costs = append(connections, pt.connections), append(costs, pt.cost)
		}
	}
	across, up := scale{from: x, to: x + panelWidth}, scale{from: y + panelHeight, to: y}
	across.low, across.high = decades(connections)
	up.low, up.high = decades(costs)

	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" font-size="14" font-weight="600">%s</text>`+"\n", x, y-28, html.EscapeString(p.title))
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" fill="#59636e">%s</text>`+"\n", x, y-11, html.EscapeString(p.note))
	across.ticks(func(v, at float64, whole bool) {
		fmt.Fprintf(out, `<path d="M%.1f %.1fv%.1f" stroke="%s"/>`, at, y, panelHeight, gridColour(whole))
		if whole {
			fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", at, y+panelHeight+17, grouped(v))
		}
	})
	up.ticks(func(v, at float64, whole bool) {
		fmt.Fprintf(out, `<path d="M%.1f %.1fh%.1f" stroke="%s"/>`, x, at, panelWidth, gridColour(whole))
		if whole {
			fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n", x-7, at+4, grouped(v))
		}
	})
	fmt.Fprintf(out, `<path d="M%.1f %.1fv%.1fh%.1f" fill="none" stroke="#59636e"/>`+"\n", x, y, panelHeight, panelWidth)
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="middle">connections</text>`+"\n", x+panelWidth/2, y+panelHeight+35)
	fmt.Fprintf(out, `<text transform="translate(%.1f %.1f) rotate(-90)" text-anchor="middle">µs</text>`+"\n", x-46, y+panelHeight/2)
	for i := len(p.lines) - 1; i >= 0; i-- { // phpsock above the others
		p.lines[i].draw(out, across, up)
	}
}

func (l plotLine) draw(out *strings.Builder, across, up scale) {
	s := styles[l.subject]
	var corners, marks strings.Builder
	for _, pt := range l.points {
		at, height := across.at(pt.connections), up.at(pt.cost)
		fmt.Fprintf(&corners, "%.1f,%.1f ", at, height)
		fmt.Fprintf(&marks, `<g><title>%s, %s connections: %s µs</title>`+s.shape+`</g>`,
			s.label, grouped(pt.connections), figure(pt.cost), at, height)
	}
	fmt.Fprintf(out, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.TrimSpace(corners.String()), s.colour)
	fmt.Fprintf(out, `<g fill="%s" stroke="#ffffff">%s</g>`+"\n", s.colour, marks.String())
}

// ticks goes through the multiples of powers of ten; whole: a power itself.
func (s scale) ticks(each func(v, at float64, whole bool)) {
	for decade := s.low; decade < s.high*1.001; decade *= 10 {
		for i := 1.0; i < 10 && decade*i < s.high*1.001; i++ {
			each(decade*i, s.at(decade*i), i == 1)
		}
	}
}

func gridColour(whole bool) string {
	if whole {
		return "#d0d7de"
	}
	return "#f0f2f4"
}

// grouped writes a power of ten as 0.1, 1, 10,000.
func grouped(v float64) string {
	text := fmt.Sprintf("%.4g", v)
	if v >= 1000 {
		whole := int(math.Round(v))
		text = fmt.Sprintf("%d,%03d", whole/1000, whole%1000)
	}
	return text
}
