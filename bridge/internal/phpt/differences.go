package phpt

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// Differences holds, by name of the case, why its output may differ: "kind: reason".
type Differences map[string]string

// Kind gives the kind of a listed case, "" for one that is not listed.
func (d Differences) Kind(name string) string {
	kind, _, _ := strings.Cut(d[name], ":")
	return kind
}

// Kinds of reasons why two command lines differ: nothing else may be listed.
var kinds = []string{
	"errno",    // servers tell the real errno and its text
	"unnamed",  // an unnamed unix peer is "" and not uninitialised memory
	"limit",    // stock PHP's stream_select() ends at 1024 descriptors
	"options",  // socket options that came with PHP 8.6 or are in no release yet, which stock PHP ignores
	"tls",      // parent and child of a fork can both go on with a TLS session
	"versions", // what the installed releases of PHP do differently
}

var differenceLine = regexp.MustCompile(`^(\S+)\s+([^\s:]+):\s+(\S.*)$`)

// LoadDifferences reads the list of differences between two command lines. The kinds are errno, unnamed, limit, options,
// tls and versions; see [LoadList].
func LoadDifferences(file string, cases []*Case) (Differences, error) {
	return LoadList(file, cases, kinds...)
}

// LoadList reads a list of differences. Each line is the name of a case, a kind with a colon, and a reason:
//
//	errno/handler errno: stock PHP loses the errno of bind()
//
// Empty lines and those that begin with "#" are comments. Names that no case has, names given twice and other kinds are
// errors.
func LoadList(file string, cases []*Case, kinds ...string) (Differences, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("phpt: differences: %w", err)
	}
	listed := Differences{}
	no := 0
	for line := range strings.Lines(string(text)) {
		no++
		if line = trim(line); line == "" || line[0] == '#' {
			continue
		}
		m := differenceLine.FindStringSubmatch(line)
		switch {
		case m == nil || !slices.Contains(kinds, m[2]):
			return nil, fmt.Errorf("phpt: differences: %s:%d: want NAME KIND: REASON with one of the kinds %s", file, no, strings.Join(kinds, ", "))
		case listed[m[1]] != "":
			return nil, fmt.Errorf("phpt: differences: %s:%d: %s is listed twice", file, no, m[1])
		case !slices.ContainsFunc(cases, func(c *Case) bool { return c.Name == m[1] }):
			return nil, fmt.Errorf("phpt: differences: %s:%d: no case is named %s", file, no, m[1])
		}
		listed[m[1]] = m[2] + ": " + m[3]
	}
	return listed, nil
}
