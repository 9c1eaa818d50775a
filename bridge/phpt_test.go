package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/internal/phpt"
)

// TestPHPT runs every .phpt of testdata through the phpsock command, each in a process of
// its own. -run 'TestPHPT/accept/timeout' picks one.
func TestPHPT(t *testing.T) {
	cases, err := phpt.Load("../testdata")
	require.NoError(t, err)
	runner := &phpt.Runner{Command: []string{buildCommand(t), "-n"}, Scratch: t.TempDir(), Timeout: time.Minute}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			result := runner.Run(t.Context(), c)
			if result.Status == phpt.Skipped {
				t.Skip(result.Reason)
			}
			require.NoError(t, result.Err, "%s\n%s", c.Title, result.Output)
			require.Equal(t, phpt.Passed, result.Status)
		})
	}
}

// ownProcess finds scripts that say something about the process that they run in: its
// standard descriptors, arguments of its command line, or children of its own.
var ownProcess = regexp.MustCompile(`\b(STDIN|STDOUT|STDERR|pcntl_fork|posix_kill|pcntl_alarm|posix_setrlimit)\b|php://std`)

func runsInHost(c *phpt.Case) bool {
	for _, s := range c.Settings {
		if s.Name == "disable_functions" { // counts at start-up only
			return false
		}
	}
	return c.Stdin == "" && c.Args == "" && len(c.Env) == 0 && !strings.HasPrefix(c.Name, "cli/") &&
		!ownProcess.MatchString(c.Script)
}

// TestPHPTInOneEngine runs the same scripts one after the other in one engine inside this
// process, in an order that changes, twice. Whatever a script does, nothing of it is left
// for the next one: no handle, and from round to round no descriptor, goroutine or memory.
func TestPHPTInOneEngine(t *testing.T) {
	all, err := phpt.Load("../testdata")
	require.NoError(t, err)
	available := availableExtensions(t)
	var cases []*phpt.Case
	for _, c := range all {
		if runsInHost(c) && available(c.Extensions) {
			cases = append(cases, c)
		}
	}
	require.Greater(t, len(cases), len(all)*2/3)

	for _, goOnly := range []bool{false, true} {
		t.Run(map[bool]string{false: "C does the plain case", true: "Go does it all"}[goOnly], func(t *testing.T) {
			e := start(t, bridge.Config{INI: startSettings(cases), Binary: buildCommand(t), GoOnly: goOnly})
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			round := func() {
				random.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
				for _, c := range cases {
					runCase(t, e, c)
				}
			}
			round()
			files, goroutines, memory := len(descriptors(t)), settledGoroutines(), residentBytes(t)
			round()
			require.LessOrEqual(t, len(descriptors(t)), files, "descriptors")
			require.LessOrEqual(t, settledGoroutines(), goroutines, "goroutines")
			require.Less(t, residentBytes(t), memory+memory/2, "resident memory")
		})
	}
}

func runCase(t *testing.T, e *bridge.Engine, c *phpt.Case) {
	t.Helper()
	_, err := tryCase(t, e, c, time.Minute)
	require.NoError(t, err, c.Name)
	runtime.GC()
}

// tryCase tells whether a case says that it cannot run here, or how it failed. However it
// ends, nothing is left of it.
func tryCase(t *testing.T, e *bridge.Engine, c *phpt.Case, limit time.Duration) (skipped bool, failure error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "script.php")
	linkIncludes(t, filepath.Dir(c.Path), dir)
	php := func(code string, limit time.Duration) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		require.NoError(t, os.WriteFile(file, []byte(code), 0o600))
		var out bytes.Buffer
		_, err := e.Run(ctx, bridge.Request{File: file, Dir: dir, INI: settings(c), Output: &out, Log: &out})
		return out.String(), err
	}
	if c.SkipIf != "" {
		if out, _ := php(c.SkipIf, time.Minute); strings.HasPrefix(strings.ToLower(strings.TrimSpace(out)), "skip") {
			return true, nil
		}
	}
	out, err := php(c.Script, limit)
	if !strings.Contains(c.Expected, "Fatal error") {
		failure = err
	}
	if failure = errors.Join(failure, c.Match([]byte(out))); failure != nil {
		require.NoError(t, e.ClosePersistent(t.Context()))
	}
	require.Zero(t, e.Sockets().Len(), "%s left sockets", c.Name)
	if c.Clean != "" {
		_, err := php(c.Clean, time.Minute)
		require.NoError(t, err, c.Name)
	}
	return false, failure
}

// linkIncludes puts what the scripts of one folder have in common into another one.
func linkIncludes(t *testing.T, from, to string) {
	t.Helper()
	includes, err := filepath.Glob(filepath.Join(from, "*.inc"))
	require.NoError(t, err)
	for _, file := range includes {
		file, err := filepath.Abs(file)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(file, filepath.Join(to, filepath.Base(file))))
	}
}

// availableExtensions tells which extensions are built in or installed.
func availableExtensions(t *testing.T) func(names []string) bool {
	e, err := bridge.Start(t.Context(), bridge.Config{})
	require.NoError(t, err)
	dir := output(t, e, "echo PHP_EXTENSION_DIR;")
	builtIn := strings.Fields(strings.ToLower(output(t, e, "echo implode(' ', get_loaded_extensions());")))
	require.NoError(t, e.Close(t.Context()))
	return func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			_, err := os.Stat(filepath.Join(dir, name+".so"))
			return err != nil && !slices.Contains(builtIn, name)
		})
	}
}

// startSettings are those under which run-tests.php runs every script, and the extensions
// that any of the scripts needs.
func startSettings(cases []*phpt.Case) []string {
	var list []string
	for name, value := range phpt.Defaults() {
		list = append(list, name+"="+value)
	}
	loaded := map[string]bool{"pcntl": true, "openssl": true, "standard": true} // built in
	for _, c := range cases {
		for _, name := range c.Extensions {
			if !loaded[name] {
				loaded[name] = true
				list = append(list, "extension="+name)
			}
		}
	}
	return list
}

// settings are a case's own.
func settings(c *phpt.Case) map[string]string {
	own := make(map[string]string)
	for _, s := range c.Settings {
		own[s.Name] = s.Value
	}
	return own
}
