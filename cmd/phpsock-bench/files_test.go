package main

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAffordable(t *testing.T) {
	all := chosen(regexp.MustCompile(``), 2)
	within, leftOut := affordable(all, 1<<16)
	require.Equal(t, all, within)
	require.Empty(t, leftOut)

	within, leftOut = affordable([]row{{name: "few"}, {name: "loop-10000", files: 10050}}, 1024)
	require.Equal(t, []row{{name: "few"}}, within)
	require.Equal(t, []string{"loop-10000: it takes 10050 open files, and a process may have 1024"}, leftOut)
}

// The limit is not lowered, and stays when it is as high as it can be.
func TestRaiseFileLimit(t *testing.T) {
	files := raiseFileLimit()
	require.Positive(t, files)
	require.Equal(t, files, raiseFileLimit())
}

// A row of more connections than select() takes has no figure of the stock PHP, and what
// only phpsock does has none of anybody else.
func TestCommand(t *testing.T) {
	p := &programs{bin: "bin", scripts: "scripts", php: "php", self: "self"}
	crowd := row{script: "loop.php", crowd: true, plain: []string{"loop"}, goes: []string{"loop"}}
	engine := row{host: []string{"-engine"}}
	for _, tt := range []struct {
		subject string
		row     row
		busy    int
		want    []string // nil: none
	}{
		{phpsock, crowd, 0, []string{"bin/phpsock", "-n", "scripts/loop.php"}},
		{phpsock, crowd, 2, []string{"bin/host", "scripts/loop.php"}},
		{native, crowd, 0, nil},
		{plainC, crowd, 0, []string{"bin/plain", "loop"}},
		{goNet, crowd, 0, []string{"self", serveArgument, "loop"}},
		{phpsock, engine, 0, []string{"bin/host", "-engine"}},
		{phpsock, engine, 2, []string{"bin/host", "-engine"}},
		{native, engine, 0, nil},
		{plainC, engine, 0, nil},
		{goNet, engine, 0, nil},
	} {
		argv, ok := p.command(tt.subject, tt.row, tt.busy)
		require.Equal(t, tt.want != nil, ok, tt.subject)
		if ok {
			require.Equal(t, tt.want, argv)
		}
	}
}
