package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	file := func(name string, args ...string) command {
		return command{file: name, hasFile: true, args: args}
	}
	tests := map[string]struct {
		args []string
		want command
	}{
		"nothing":                     {nil, command{}},
		"a script":                    {[]string{"a.php"}, file("a.php")},
		"its arguments":               {[]string{"a.php", "-v", "--", "b"}, file("a.php", "-v", "--", "b")},
		"an empty name":               {[]string{""}, file("")},
		"-f":                          {[]string{"-f", "a.php", "b"}, file("a.php", "b")},
		"-f attached":                 {[]string{"-fa.php"}, file("a.php")},
		"-f with an equals sign":      {[]string{"-f=a.php"}, file("a.php")},
		"-f, dashed arguments":        {[]string{"-f", "a.php", "--", "-v", "--"}, file("a.php", "-v", "--")},
		"--file":                      {[]string{"--file", "a.php"}, file("a.php")},
		"--file=":                     {[]string{"--file=a=b"}, file("a=b")},
		"a lone dash":                 {[]string{"-", "a"}, command{args: []string{"a"}}},
		"arguments of standard input": {[]string{"--", "a", "-b"}, command{args: []string{"a", "-b"}}},
		"-r":                          {[]string{"-r", "echo 1;", "a", "-b"}, command{mode: modeCode, code: "echo 1;", args: []string{"a", "-b"}}},
		"-r attached":                 {[]string{"-recho 1;"}, command{mode: modeCode, code: "echo 1;"}},
		"-r, dashed arguments":        {[]string{"-r", "1;", "--", "-b"}, command{mode: modeCode, code: "1;", args: []string{"-b"}}},
		"--run=":                      {[]string{"--run==1;"}, command{mode: modeCode, code: "1;"}},
		"-r beside -f":                {[]string{"-f", "a", "-r", "1;"}, command{mode: modeCode, code: "1;", file: "a", hasFile: true}},
		"settings": {
			[]string{"-d", "a", "-db=1", "--define", "c=x y", "--define=d=", "-n", "-c", "/etc", "-qCe", "x"},
			command{defines: []string{"a", "b=1", "c=x y", "d="}, noINI: true, iniFile: "/etc", file: "x", hasFile: true},
		},
		"a cluster that ends in a value": {[]string{"-nqda=1", "x"}, command{defines: []string{"a=1"}, noINI: true, file: "x", hasFile: true}},
		"a value of two dashes":          {[]string{"-d", "--", "x"}, command{defines: []string{"--"}, args: []string{"x"}}},
		"lint":                           {[]string{"-l", "a"}, command{mode: modeLint, file: "a", hasFile: true}},
		"lint of standard input":         {[]string{"-l"}, command{mode: modeLint}},
		"version":                        {[]string{"-v", "-r"}, command{mode: modeVersion}},
		"version in a cluster":           {[]string{"-nv@"}, command{mode: modeVersion, noINI: true}},
		"--version":                      {[]string{"--version=3"}, command{mode: modeVersion}},
		"info":                           {[]string{"-i"}, command{mode: modeInfo}},
		"--info":                         {[]string{"--info"}, command{mode: modeInfo}},
		"modules":                        {[]string{"-m"}, command{mode: modeModules}},
		"--modules":                      {[]string{"--modules"}, command{mode: modeModules}},
		"help":                           {[]string{"-h", "-@"}, command{mode: modeHelp}},
		"-?":                             {[]string{"-?"}, command{mode: modeHelp}},
		"--help":                         {[]string{"--help"}, command{mode: modeHelp}},
		"help after a conflict":          {[]string{"-r", "1", "-r", "2", "-h"}, command{mode: modeHelp}},
		"--ini":                          {[]string{"--ini"}, command{mode: modeINI}},
		"--no-php-ini, --php-ini":        {[]string{"--no-php-ini", "--php-ini=x"}, command{noINI: true, iniFile: "x"}},
		"--rf":                           {[]string{"--rf", "strlen"}, command{mode: modeFunction, subject: "strlen"}},
		"--ri":                           {[]string{"--ri=date"}, command{mode: modeExtInfo, subject: "date"}},
		"-s":                             {[]string{"-s", "a"}, command{mode: modeHighlight, file: "a", hasFile: true}},
		"-w":                             {[]string{"-w", "a"}, command{mode: modeStrip, file: "a", hasFile: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parse(append([]string{"phpsock"}, tt.args...))
			require.NoError(t, err)
			if len(got.args) == 0 {
				got.args = nil
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"unknown letter":           {[]string{"-n", "-@"}, "Error in argument 2, char 2: option not found @"},
		"unknown in a cluster":     {[]string{"-nx"}, "Error in argument 1, char 3: option not found x"},
		"a dash in a cluster":      {[]string{"-n-"}, "Error in argument 1, char 3: option not found -"},
		"a colon":                  {[]string{"-:"}, "Error in argument 1, char 2: : in flags"},
		"unknown name":             {[]string{"--bogus"}, "Error in argument 1, char 1: no argument for option -"},
		"unknown name, after -n":   {[]string{"-n", "--bogus"}, "Error in argument 2, char 2: no argument for option -"},
		"unknown name, after -nqd": {[]string{"-nqd", "a", "--bogus"}, "Error in argument 3, char 4: no argument for option o"},
		"an empty value":           {[]string{"--run="}, "Error in argument 1, char 1: no argument for option -"},
		"no value":                 {[]string{"-f"}, "Error in argument 1, char 2: no argument for option f"},
		"no value, long":           {[]string{"--file"}, "Error in argument 1, char 1: no argument for option -"},
		"-f, then an option":       {[]string{"-f", "a", "-x"}, "Error in argument 3, char 2: option not found x"},
		"-r twice":                 {[]string{"-r", "1", "-r", "2"}, "You can use -r only once."},
		"-f twice":                 {[]string{"-f", "1", "-f", "2"}, "You can use -f only once."},
		"-f after -r":              {[]string{"-r", "1", "-f", "2"}, string(errModes)},
		"-r after -l":              {[]string{"-l", "-r", "1"}, string(errModes)},
		"-s after -r":              {[]string{"-r", "1", "-s"}, string(errSource)},
		"-w after -r":              {[]string{"-r", "1", "-w"}, string(errStrip)},
		"-a":                       {[]string{"-a"}, "Interactive shell (-a) requires the readline extension."},
		"-S":                       {[]string{"-S", ":80"}, "The built-in web server (-S) is not supported."},
		"the last conflict":        {[]string{"-a", "-r", "1", "-r", "2"}, "You can use -r only once."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parse(append([]string{"phpsock"}, tt.args...))
			require.EqualError(t, err, tt.want)
		})
	}
}

// FuzzParse holds parse to what every command line has in common: nothing makes
// it panic, the script's arguments are the command line's last, and behind "--"
// nothing is an option.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a.php -v", "-r 1; a", "-nqda=1 -- -x", "--run==1;", "--file= x", "-f", "-n-", "-:", "- --", "-d -- x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := append([]string{"phpsock"}, strings.Split(line, " ")...)
		cmd, err := parse(args)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		if len(cmd.args) > 0 {
			require.Equal(t, args[len(args)-len(cmd.args):], cmd.args)
		}
		if cmd.mode == modeHelp || cmd.mode == modeVersion || cmd.mode == modeInfo || cmd.mode == modeModules {
			return
		}
		more, err := parse(append(args, "--", "-@"))
		require.NoError(t, err)
		require.Equal(t, "-@", more.args[len(more.args)-1])
	})
}
