package phpt

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Form is the way in which an expectation is written.
type Form uint8

// The forms.
const (
	Exact  Form = iota // EXPECT: the very text
	Format             // EXPECTF: text with place holders, see CompileFormat
	Regexp             // EXPECTREGEX: one regular expression
)

// Setting is one line of an INI section.
type Setting struct{ Name, Value string }

// Case is one .phpt file.
type Case struct {
	Path        string    // of the file, absolute when it comes from Load
	Name        string    // path below the folder given to Load, without ".phpt": "accept/timeout"
	Title       string    // section TEST
	Description string    // section DESCRIPTION
	Credits     string    // section CREDITS
	Extensions  []string  // PHP extensions that the script needs
	Settings    []Setting // section INI in its order, {PWD} and {TMP} filled in
	Env         []string  // section ENV, as "NAME=value"
	SkipIf      string    // PHP code; output that begins with "skip" means: not here. "" = none
	Args        string    // section ARGS: the script's arguments as a shell would read them
	Stdin       string    // what the script finds on its standard input
	Script      string    // the PHP code under test
	Clean       string    // PHP code that tidies up afterwards; "" = none
	XFail       string    // why the case is known to fail; "" = it is not
	Expected    string    // the expectation, trimmed
	Form        Form      // how Expected is to be read

	pattern *regexp.Regexp // of Expected, over Latin-1; nil for Exact
}

// Load reads all .phpt files below a folder, in lexical order of their paths. It reports every unusable file, not only
// the first, and a folder without any file is an error too: a test that ran nothing has not passed.
func Load(dir string) ([]*Case, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("phpt: load %s: %w", dir, err)
	}
	var cases []*Case
	var bad []error
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".phpt" {
			return err
		}
		c, err := LoadFile(path)
		if err != nil {
			bad = append(bad, err)
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		c.Name = strings.TrimSuffix(filepath.ToSlash(name), ".phpt")
		cases = append(cases, c)
		return nil
	})
	if err != nil {
		bad = append(bad, fmt.Errorf("phpt: load %s: %w", dir, err))
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("phpt: load %s: no .phpt files", dir)
	}
	return cases, nil
}

// LoadFile reads one file. Its Name is the base name without ".phpt".
func LoadFile(path string) (*Case, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("phpt: load: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("phpt: load: %w", err)
	}
	return Parse(path, text)
}

// Match compares what the script printed with what was expected. Both are trimmed and their line ends unified first,
// as run-tests.php does. A difference is a *MismatchError, whose text holds a diff.
func (c *Case) Match(output []byte) error {
	got := normalize(string(output))
	if c.Form == Exact && got == c.Expected || c.Form != Exact && c.pattern.MatchString(latin1(got)) {
		return nil
	}
	return &MismatchError{Name: c.Name, Diff: c.diff(got)}
}

// MismatchError is an output that is not the expected one.
type MismatchError struct {
	Name string // of the case
	Diff string // lines that begin with "-" were expected, with "+" were printed
}

// Error gives the diff after a line that says what it is.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("phpt: match %s: output differs (- expected, + printed):\n%s", e.Name, e.Diff)
}

// INI gives the settings under which the case is meant to run: Defaults overlaid with the case's own. Repeatable
// settings (extension, zend_extension) are left out; Settings has them.
func (c *Case) INI() map[string]string {
	ini := Defaults()
	maps.Copy(ini, c.own())
	return ini
}

func (c *Case) own() map[string]string {
	ini := map[string]string{}
	for _, s := range c.Settings {
		if !repeatable(s.Name) {
			ini[s.Name] = s.Value
		}
	}
	return ini
}
