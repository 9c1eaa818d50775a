// Package examples holds the README to what it says.
package examples

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	return string(text)
}

func TestREADMEExample(t *testing.T) {
	source, err := os.ReadFile("policy/main.go")
	require.NoError(t, err)
	require.Contains(t, readme(t), "```go\n"+string(source)+"```\n")
}

func TestREADMEFunctions(t *testing.T) {
	var listed, rows []string
	_, table, _ := strings.Cut(readme(t), "| functions | |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, name := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(table, -1) {
		listed = append(listed, name[1])
	}
	sockets := phpext.Sockets{Table: resources.NewTable()}
	for _, f := range sockets.Functions() {
		if name, _, _ := strings.Cut(f.Prototype, "("); !f.Hidden {
			rows = append(rows, name)
		}
	}
	require.ElementsMatch(t, rows, listed)
}
