package phpt

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The sections a file may have.
var known = map[string]bool{
	"TEST": true, "DESCRIPTION": true, "CREDITS": true, "EXTENSIONS": true, "SKIPIF": true, "INI": true, "ARGS": true,
	"ENV": true, "STDIN": true, "FILE": true, "FILEEOF": true, "FILE_EXTERNAL": true, "EXPECT": true, "EXPECTF": true,
	"EXPECTREGEX": true, "CLEAN": true, "XFAIL": true,
}

var (
	heading = regexp.MustCompile(`^--([_A-Z]+)--`)
	done    = regexp.MustCompile(`^===DONE===\s*$`)
)

// ParseError tells why a file is not a usable .phpt.
type ParseError struct {
	Path   string // of the file
	Line   int    // from 1; 0: the file as a whole
	Reason string
}

// Error gives "phpt: parse PATH:LINE: REASON".
func (e *ParseError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("phpt: parse %s: %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("phpt: parse %s:%d: %s", e.Path, e.Line, e.Reason)
}

// Parse makes a Case of the text of a file. The path is the file's: its folder is where FILE_EXTERNAL is looked for
// and what {PWD} stands for. Errors are of type *ParseError.
func Parse(path string, text []byte) (*Case, error) {
	sections, err := split(path, text)
	if err != nil {
		return nil, err
	}
	c := &Case{
		Path:        path,
		Name:        strings.TrimSuffix(filepath.Base(path), ".phpt"),
		Title:       trim(sections["TEST"]),
		Description: trim(sections["DESCRIPTION"]),
		Credits:     trim(sections["CREDITS"]),
		Extensions:  strings.Fields(sections["EXTENSIONS"]),
		SkipIf:      sections["SKIPIF"],
		Args:        trim(sections["ARGS"]),
		Stdin:       sections["STDIN"],
		Clean:       trim(sections["CLEAN"]),
		XFail:       trim(sections["XFAIL"]),
	}
	if c.Title == "" {
		return nil, &ParseError{path, 1, "section TEST is empty"}
	}
	pwd := filepath.Dir(path)
	c.Settings = settings(sections["INI"], pwd)
	c.Env = environment(sections["ENV"], pwd)
	if err := c.setScript(sections); err != nil {
		return nil, err
	}
	if err := c.setExpectation(sections); err != nil {
		return nil, err
	}
	return c, nil
}

// split cuts a file at its headings.
func split(path string, text []byte) (map[string]string, error) {
	if !bytes.HasPrefix(text, []byte("--TEST--")) {
		return nil, &ParseError{path, 1, "does not begin with --TEST--"}
	}
	sections := map[string]string{}
	var name string
	var body strings.Builder
	skipping := false // the rest of a script after ===DONE===
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if m := heading.FindStringSubmatch(line); m != nil {
			if name != "" {
				sections[name] = body.String()
			}
			name, skipping = m[1], false
			body.Reset()
			if !known[name] {
				return nil, &ParseError{path, number, fmt.Sprintf("unknown section %q", name)}
			}
			if _, ok := sections[name]; ok {
				return nil, &ParseError{path, number, fmt.Sprintf("second section %q", name)}
			}
			continue
		}
		if skipping {
			continue
		}
		body.WriteString(line)
		skipping = strings.HasPrefix(name, "FILE") && done.MatchString(line)
	}
	sections[name] = body.String()
	return sections, nil
}

// one gives the only section present of those named.
func one(path string, sections map[string]string, names ...string) (string, error) {
	var found []string
	for _, name := range names {
		if _, ok := sections[name]; ok {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		return "", &ParseError{path, 0, fmt.Sprintf("needs exactly one section of %s, has %d", strings.Join(names, ", "), len(found))}
	}
	return found[0], nil
}

func (c *Case) setScript(sections map[string]string) error {
	name, err := one(c.Path, sections, "FILE", "FILEEOF", "FILE_EXTERNAL")
	if err != nil {
		return err
	}
	c.Script = sections[name]
	switch name {
	case "FILEEOF":
		c.Script = strings.TrimRight(c.Script, "\r\n")
	case "FILE_EXTERNAL":
		// As in run-tests.php, nothing outside the file's own folder can be named.
		file := filepath.Join(filepath.Dir(c.Path), strings.ReplaceAll(trim(c.Script), "..", ""))
		text, err := os.ReadFile(file)
		if err != nil {
			return &ParseError{c.Path, 0, fmt.Sprintf("section FILE_EXTERNAL: %v", err)}
		}
		c.Script = string(text)
	}
	return nil
}

func (c *Case) setExpectation(sections map[string]string) error {
	name, err := one(c.Path, sections, "EXPECT", "EXPECTF", "EXPECTREGEX")
	if err != nil {
		return err
	}
	c.Expected = normalize(sections[name])
	switch name {
	case "EXPECT":
		c.Form = Exact
		return nil
	case "EXPECTF":
		c.Form = Format
		c.pattern, err = CompileFormat(c.Expected)
	case "EXPECTREGEX":
		c.Form = Regexp
		c.pattern, err = compileRegexp(c.Expected)
	}
	if err != nil {
		return &ParseError{c.Path, 0, fmt.Sprintf("section %s: %v", name, err)}
	}
	return nil
}

// trim is PHP's trim().
func trim(s string) string { return strings.Trim(s, " \t\n\r\x00\x0b") }

// normalize brings expected and real output into the form in which they are compared.
func normalize(s string) string { return strings.ReplaceAll(trim(s), "\r\n", "\n") }
