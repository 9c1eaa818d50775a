package phpt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	c, err := Parse("/some/where/x.phpt", []byte("--TEST--\nA title\n--DESCRIPTION--\nwhy\n--CREDITS--\nme\n--EXTENSIONS--\nposix\nsockets\n"+
		"--INI--\nmemory_limit=1M\nextra = {PWD}/x\nnot a setting\n--ENV--\nA=b=c\nD={PWD}\n--ARGS--\n--one \"two three\"\n--STDIN--\nline\n"+
		"--SKIPIF--\n<?php ?>\n--FILE--\n<?php\necho 1;\n?>\n===DONE===\nnot part of it\n--CLEAN--\n<?php unlink('x');\n--XFAIL--\nlater\n--EXPECT--\n1\n"))
	require.NoError(t, err)
	require.Equal(t, "x", c.Name)
	require.Equal(t, "A title", c.Title)
	require.Equal(t, "why", c.Description)
	require.Equal(t, "me", c.Credits)
	require.Equal(t, []string{"posix", "sockets"}, c.Extensions)
	require.Equal(t, []Setting{{"memory_limit", "1M"}, {"extra", "/some/where/x"}}, c.Settings)
	require.Equal(t, []string{"A=b=c", "D=/some/where"}, c.Env)
	require.Equal(t, `--one "two three"`, c.Args)
	require.Equal(t, "line\n", c.Stdin)
	require.Equal(t, "<?php ?>\n", c.SkipIf)
	require.Equal(t, "<?php\necho 1;\n?>\n===DONE===\n", c.Script)
	require.Equal(t, "<?php unlink('x');", c.Clean)
	require.Equal(t, "later", c.XFail)
	require.Equal(t, Exact, c.Form)
	require.Equal(t, "1", c.Expected)

	ini := c.INI()
	require.Equal(t, "1M", ini["memory_limit"])
	require.Equal(t, "32767", ini["error_reporting"])
	require.Equal(t, "128M", Defaults()["memory_limit"])
}

func TestParseFileEOF(t *testing.T) {
	c, err := Parse("x.phpt", []byte("--TEST--\nt\n--FILEEOF--\n<?php echo 1 //\n\n--EXPECT--\n1\n"))
	require.NoError(t, err)
	require.Equal(t, "<?php echo 1 //", c.Script)
}

func TestParseErrors(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"no test section": {"hello", `phpt: parse x.phpt:1: does not begin with --TEST--`},
		"empty title":     {"--TEST--\n\n--FILE--\n--EXPECT--\n", `phpt: parse x.phpt:1: section TEST is empty`},
		"unknown section": {"--TEST--\nt\n--FILES--\n", `phpt: parse x.phpt:3: unknown section "FILES"`},
		"web request":     {"--TEST--\nt\n--GET--\na=b\n", `phpt: parse x.phpt:3: unknown section "GET"`},
		"repeated":        {"--TEST--\nt\n--FILE--\n1\n--FILE--\n2\n", `phpt: parse x.phpt:5: second section "FILE"`},
		"no script":       {"--TEST--\nt\n--EXPECT--\n", `phpt: parse x.phpt: needs exactly one section of FILE, FILEEOF, FILE_EXTERNAL, has 0`},
		"no expectation":  {"--TEST--\nt\n--FILE--\n", `phpt: parse x.phpt: needs exactly one section of EXPECT, EXPECTF, EXPECTREGEX, has 0`},
		"two":             {"--TEST--\nt\n--FILE--\n--EXPECT--\n--EXPECTF--\n", `phpt: parse x.phpt: needs exactly one section of EXPECT, EXPECTF, EXPECTREGEX, has 2`},
		"bad expression":  {"--TEST--\nt\n--FILE--\n--EXPECTF--\n%r(%r\n", "phpt: parse x.phpt: section EXPECTF: phpt: compile expectation: error parsing regexp: missing closing ): `(?s)^(()$`"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x.phpt", []byte(test.text))
			require.EqualError(t, err, test.want)
			var parse *ParseError
			require.ErrorAs(t, err, &parse)
		})
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	_, err := Load(dir)
	require.ErrorContains(t, err, "no .phpt files")

	write("b/two.phpt", "--TEST--\nt\n--FILE_EXTERNAL--\n../two.inc\n--EXPECT--\n")
	write("b/two.inc", "<?php echo 2;")
	write("a/one.phpt", "--TEST--\nt\n--FILE--\n1\n--EXPECT--\n1\n")
	write("a/readme.txt", "nothing")
	cases, err := Load(dir)
	require.NoError(t, err)
	require.Len(t, cases, 2)
	require.Equal(t, "a/one", cases[0].Name)
	require.Equal(t, "b/two", cases[1].Name)
	require.Equal(t, filepath.Join(dir, "b", "two.phpt"), cases[1].Path)
	require.Equal(t, "<?php echo 2;", cases[1].Script)

	write("c/bad.phpt", "--TEST--\nt\n--FILE--\n")
	write("c/worse.phpt", "")
	_, err = Load(dir)
	require.ErrorContains(t, err, "bad.phpt: needs exactly one")
	require.ErrorContains(t, err, "worse.phpt:1: does not begin")
}
