package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// The subjects, in the order of the table's columns.
const (
	phpsock = "phpsock"
	native  = "native"
	plainC  = "C"
	goNet   = "Go"
)

var subjectNames = []string{phpsock, native, plainC, goNet}

// programs is where everything is that runs.
type programs struct {
	bin     string // folder with phpsock, host, peer and plain
	scripts string // testdata/bench
	php     string // the stock PHP
	self    string // this program
}

// command returns what a subject runs for a row; ok is false where it has nothing to
// show. busy goroutines compute beside it: in the same process if that is a Go
// program, else in the process that companion starts.
func (p *programs) command(subject string, r row, busy int) (argv []string, ok bool) {
	args := r.args
	if subject == native && r.native != nil {
		args = r.native
	}
	script := append([]string{r.script}, args...)
	if !strings.HasPrefix(r.script, "-") {
		script[0] = filepath.Join(p.scripts, r.script)
	}
	switch subject {
	case phpsock:
		if r.host != nil {
			return append([]string{filepath.Join(p.bin, "host")}, r.host...), true
		}
		if busy > 0 {
			return append([]string{filepath.Join(p.bin, "host")}, script...), true
		}
		return append([]string{filepath.Join(p.bin, "phpsock"), "-n"}, script...), true
	case native:
		return append([]string{p.php, "-n"}, script...), r.script != "" && !r.crowd
	case plainC:
		return append([]string{filepath.Join(p.bin, "plain")}, r.plain...), r.plain != nil
	case goNet:
		return append([]string{p.self, serveArgument}, r.goes...), r.goes != nil
	}
	return nil, false
}

// companion returns the process that is busy beside a subject, or nil.
func (p *programs) companion(subject string, busy int) []string {
	if busy == 0 || subject == phpsock || subject == goNet {
		return nil
	}
	return []string{p.self, serveArgument, "busy"}
}

// versionCode prints the release and then the whole version.
const versionCode = `echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION, ' ', PHP_VERSION;`

// versions returns the release ("8.2") and the version of a php command line.
func versions(ctx context.Context, php string) (release, version string, err error) {
	out, err := exec.CommandContext(ctx, php, "-n", "-r", versionCode).Output()
	if err != nil {
		return "", "", fmt.Errorf("bench: version of %s: %w", php, err)
	}
	release, version, ok := strings.Cut(string(out), " ")
	if !ok {
		return "", "", fmt.Errorf("bench: version of %s: %q", php, out)
	}
	return release, version, nil
}

// findPHP finds a stock PHP of the release that phpsock is linked with.
func findPHP(ctx context.Context, release string) (string, error) {
	for _, name := range []string{"php" + release, "php"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if found, _, err := versions(ctx, path); err == nil && found == release {
			return path, nil
		}
	}
	return "", errors.New("bench: there is no PHP " + release + " to compare with; -php names one")
}
