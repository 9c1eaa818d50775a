package phpt

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	around   = 3       // equal lines shown around a difference
	maxCells = 4 << 20 // size of the table of the exact algorithm; beyond it only common ends are taken off
)

// diff shows line by line where the output leaves the expectation.
func (c *Case) diff(got string) string {
	want, have := strings.Split(c.Expected, "\n"), strings.Split(got, "\n")
	equal := c.lineMatcher(want)
	type line struct {
		mark byte
		no   int
		text string
	}
	var all []line
	i, j := 0, 0
	for _, step := range edits(len(want), len(have), func(i, j int) bool { return equal(i, have[j]) }) {
		switch step {
		case '-':
			all = append(all, line{'-', i + 1, want[i]})
			i++
		case '+':
			all = append(all, line{'+', j + 1, have[j]})
			j++
		default:
			all = append(all, line{' ', j + 1, have[j]})
			i, j = i+1, j+1
		}
	}
	near := make([]bool, len(all))
	for k, l := range all {
		if l.mark == ' ' {
			continue
		}
		for n := max(0, k-around); n <= min(len(all)-1, k+around); n++ {
			near[n] = true
		}
	}
	var out strings.Builder
	for k, l := range all {
		switch {
		case near[k]:
			fmt.Fprintf(&out, "%c%4d  %s\n", l.mark, l.no, visible(l.text))
		case k > 0 && near[k-1]:
			out.WriteString("      …\n")
		}
	}
	if out.Len() == 0 {
		// Each line matches its own pattern, yet the whole does not: an expression that spans lines.
		return "  every single line matches, the text as a whole does not\n"
	}
	return out.String()
}

// lineMatcher says whether a printed line fits the expected line of an index.
func (c *Case) lineMatcher(want []string) func(i int, have string) bool {
	if c.Form == Exact {
		return func(i int, have string) bool { return want[i] == have }
	}
	patterns := make([]*regexp.Regexp, len(want))
	for i, w := range want {
		var err error
		if c.Form == Format {
			patterns[i], err = CompileFormat(w)
		} else {
			patterns[i], err = compileRegexp(w)
		}
		if err != nil { // part of an expression of several lines
			patterns[i] = regexp.MustCompile(`^` + regexp.QuoteMeta(latin1(w)) + `$`)
		}
	}
	return func(i int, have string) bool { return patterns[i].MatchString(latin1(have)) }
}

// edits gives the shortest way from n expected to m printed lines: '=' keeps a line, '-' drops one, '+' adds one.
func edits(n, m int, equal func(i, j int) bool) []byte {
	head := 0
	for head < n && head < m && equal(head, head) {
		head++
	}
	tail := 0
	for tail < n-head && tail < m-head && equal(n-1-tail, m-1-tail) {
		tail++
	}
	steps := []byte(strings.Repeat("=", head))
	steps = append(steps, middle(head, n-tail, head, m-tail, equal)...)
	return append(steps, strings.Repeat("=", tail)...)
}

// middle does what edits does for the lines i0 to i1 and j0 to j1, by their longest common subsequence.
func middle(i0, i1, j0, j1 int, equal func(i, j int) bool) []byte {
	n, m := i1-i0, j1-j0
	if (n+1)*(m+1) > maxCells {
		return []byte(strings.Repeat("-", n) + strings.Repeat("+", m))
	}
	same := make([]bool, n*m)
	common := make([]int32, (n+1)*(m+1)) // of the lines from here on
	at := func(i, j int) *int32 { return &common[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same[i*m+j] = equal(i0+i, j0+j); same[i*m+j] {
				*at(i, j) = *at(i+1, j+1) + 1
			} else {
				*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			}
		}
	}
	var steps []byte
	i, j := 0, 0
	for i < n && j < m {
		switch {
		case same[i*m+j]:
			steps = append(steps, '=')
			i, j = i+1, j+1
		case *at(i+1, j) >= *at(i, j+1):
			steps = append(steps, '-')
			i++
		default:
			steps = append(steps, '+')
			j++
		}
	}
	steps = append(steps, strings.Repeat("-", n-i)...)
	return append(steps, strings.Repeat("+", m-j)...)
}

// visible escapes what a terminal would not show.
func visible(line string) string {
	const limit = 400
	var out strings.Builder
	for i := 0; i < len(line); {
		if out.Len() > limit {
			fmt.Fprintf(&out, "… (%d bytes)", len(line))
			break
		}
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, line[i])
		case r == '\t' || strconv.IsPrint(r):
			out.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			out.WriteString(quoted[1 : len(quoted)-1])
		}
		i += size
	}
	return out.String()
}
