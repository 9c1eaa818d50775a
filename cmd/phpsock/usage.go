package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// usage is PHP's help for the options that there are.
const usage = `Usage: %[1]s [options] [-f] <file> [--] [args...]
   %[1]s [options] -r <code> [--] [args...]
   %[1]s [options] -- [args...]

  -c <path>|<file> Look for php.ini file in this directory
  -n               No configuration (ini) files will be used
  -d foo[=bar]     Define INI entry foo with value 'bar'
  -e               Accepted for compatibility, as are -q and -C
  -f <file>        Parse and execute <file>.
  -h               This help
  -i               PHP information
  -l               Syntax check only (lint)
  -m               Show compiled in modules
  -r <code>        Run PHP <code> without using script tags <?..?>
  -s               Output HTML syntax highlighted source.
  -v               Version number
  -w               Output source with stripped comments and whitespace.

  args...          Arguments passed to script. Use -- args when first argument
                   starts with - or script is read from stdin; a file named -
                   is standard input, too

  --ini            Show configuration file names

  --rf <name>      Show information about function <name>.
  --rc <name>      Show information about class <name>.
  --re <name>      Show information about extension <name>.
  --rz <name>      Show information about Zend extension <name>.
  --ri <name>      Show configuration for extension <name>.

`

// printUsage writes the help for a program that was called as argv0.
func printUsage(w io.Writer, argv0 string) {
	name := "phpsock"
	if strings.Contains(argv0, "/") {
		name = filepath.Base(argv0)
	}
	fmt.Fprintf(w, usage, name)
}
