package main

// mode is what a command line asks for.
type mode uint8

const (
	modeRun       mode = iota // run a file, or the script on standard input
	modeCode                  // -r
	modeLint                  // -l
	modeHighlight             // -s
	modeStrip                 // -w
	modeHelp                  // -h
	modeVersion               // -v
	modeInfo                  // -i
	modeModules               // -m
	modeINI                   // --ini
	modeFunction              // --rf
	modeClass                 // --rc
	modeExtension             // --re
	modeZend                  // --rz
	modeExtInfo               // --ri
)

// command is a command line that has been read.
type command struct {
	mode    mode
	file    string   // the script, when hasFile
	hasFile bool     // without a file the script is read from standard input
	code    string   // what -r runs
	subject string   // what --rf and its like report on
	args    []string // the script's arguments
	defines []string // every -d, as written
	iniFile string   // -c
	noINI   bool     // -n
}

// optionTable is PHP's, without the options that are internal to its own tests.
// Letters below 32 stand for options that only have a long form.
var optionTable = []option{
	{'a', "interactive", false},
	{'B', "process-begin", true},
	{'C', "no-chdir", false},
	{'c', "php-ini", true},
	{'d', "define", true},
	{'E', "process-end", true},
	{'e', "profile-info", false},
	{'F', "process-file", true},
	{'f', "file", true},
	{'H', "hide-args", false},
	{'h', "help", false},
	{'?', "usage", false},
	{'i', "info", false},
	{'l', "syntax-check", false},
	{'m', "modules", false},
	{'n', "no-php-ini", false},
	{'q', "no-header", false},
	{'R', "process-code", true},
	{'r', "run", true},
	{'S', "server", true},
	{'s', "syntax-highlight", false},
	{'s', "syntax-highlighting", false},
	{'t', "docroot", true},
	{'v', "version", false},
	{'w', "strip", false},
	{'z', "zend-extension", true},
	{10, "rf", true},
	{10, "rfunction", true},
	{11, "rc", true},
	{11, "rclass", true},
	{12, "re", true},
	{12, "rextension", true},
	{13, "rz", true},
	{13, "rzendextension", true},
	{14, "ri", true},
	{14, "rextinfo", true},
	{15, "ini", false},
}

const noLines conflictError = "Processing input line by line (-B, -R, -F, -E) is not supported."

// absent are the options of PHP's own command line that this one does not have.
var absent = map[byte]conflictError{
	'a': "Interactive shell (-a) requires the readline extension.",
	'B': noLines,
	'E': noLines,
	'F': noLines,
	'R': noLines,
	'H': "Hiding arguments from external tools (-H) is not supported.",
	'S': "The built-in web server (-S) is not supported.",
	'z': "Loading a Zend extension by -z is not supported; use -d zend_extension=<file>.",
}

// conflictError is a command line that asks for what does not go together, or
// for what there is not: PHP prints just the text, to standard output, and ends
// with status 1.
type conflictError string

func (e conflictError) Error() string { return string(e) }

const (
	errModes    conflictError = "Either execute direct code, process stdin or use a file."
	errCodeOnce conflictError = "You can use -r only once."
	errFileOnce conflictError = "You can use -f only once."
	errSource   conflictError = "Source highlighting only works for files."
	errStrip    conflictError = "Source stripping only works for files."
)

// parse reads a command line; args[0] is the program's name. Its error is a
// *usageError or a conflictError.
func parse(args []string) (command, error) {
	var cmd command
	var conflict error
	scan := &scanner{args: args, next: 1}
	for {
		opt, value, ok, err := scan.scan(optionTable)
		if err != nil {
			return command{}, err
		}
		if !ok {
			break
		}
		switch opt.letter {
		case 'h', '?':
			return command{mode: modeHelp}, nil
		case 'v', 'i', 'm': // what follows is not even looked at
			cmd.mode = map[byte]mode{'v': modeVersion, 'i': modeInfo, 'm': modeModules}[opt.letter]
			return cmd, nil
		}
		// As with PHP, a conflict is only reported when nothing behind it is
		// wrong, and the last one is.
		if err := cmd.take(opt, value); err != nil {
			conflict = err
		}
	}
	if conflict != nil {
		return command{}, conflict
	}
	cmd.operands(args, scan.next)
	return cmd, nil
}

// take applies one option.
func (cmd *command) take(opt option, value string) error {
	if text, ok := absent[opt.letter]; ok {
		return text
	}
	switch opt.letter {
	case 'c':
		cmd.iniFile = value
	case 'd':
		cmd.defines = append(cmd.defines, value)
	case 'n':
		cmd.noINI = true
	case 'f':
		if cmd.mode == modeCode {
			return errModes
		}
		if cmd.hasFile {
			return errFileOnce
		}
		cmd.file, cmd.hasFile = value, true
	case 'r':
		switch {
		case cmd.mode == modeCode:
			return errCodeOnce
		case cmd.mode != modeRun:
			return errModes
		}
		cmd.mode, cmd.code = modeCode, value
	case 'l':
		if cmd.mode == modeRun {
			cmd.mode = modeLint
		}
	case 's':
		if cmd.mode == modeCode {
			return errSource
		}
		cmd.mode = modeHighlight
	case 'w':
		if cmd.mode == modeCode {
			return errStrip
		}
		cmd.mode = modeStrip
	case 10, 11, 12, 13, 14:
		cmd.mode, cmd.subject = modeFunction+mode(opt.letter-10), value
	case 15:
		cmd.mode = modeINI
	}
	return nil
}

// operands takes what stands behind the options: the script, unless there is
// one already or -- says that only arguments follow, and its arguments. A lone
// "-" in the script's place is standard input.
func (cmd *command) operands(args []string, next int) {
	if next < len(args) && !cmd.hasFile && cmd.mode != modeCode && args[next-1] != "--" {
		if args[next] != "-" {
			cmd.file, cmd.hasFile = args[next], true
		}
		next++
	}
	cmd.args = args[next:]
}
