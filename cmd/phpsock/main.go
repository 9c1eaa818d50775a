// Command phpsock runs PHP scripts like PHP's own command line, with the
// difference that their sockets are made by Go.
//
// It takes the options of https://www.php.net/manual/en/features.commandline.options.php;
// phpsock -h lists those it has.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
)

// What PHP's command line calls a script that is not a file.
const (
	stdinName = "Standard input code"
	stdinFile = "php://stdin"
)

func main() {
	// A copy: cli_set_process_title() writes over the memory of the original.
	for i, arg := range os.Args {
		os.Args[i] = strings.Clone(arg)
	}
	os.Exit(run(os.Args, os.Stdout, os.Stderr))
}

// run does what a command line asks for and returns the exit status. The
// script's own output does not pass through out and errs: it goes to the
// process's descriptors.
func run(args []string, out, errs io.Writer) int {
	cmd, err := parse(args)
	if bad, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintln(errs, bad)
		printUsage(out, args[0])
		return 1
	}
	if err != nil { // a conflictError
		fmt.Fprintln(out, err)
		return 1
	}
	if cmd.mode == modeHelp {
		printUsage(out, args[0])
		return 0
	}
	// Not opened to find out: the script may be a pipe.
	if cmd.hasFile && unix.Access(cmd.file, unix.R_OK) != nil {
		if !strings.HasPrefix(bridge.Version(), "8.2.") {
			out = errs // since PHP 8.3
		}
		fmt.Fprintln(out, "Could not open input file: "+cmd.file)
		return 1
	}
	status, err := execute(context.Background(), cmd)
	if err != nil {
		fmt.Fprintln(errs, "phpsock:", err)
	}
	return status
}

// execute starts PHP and runs the command. A script's fatal error is none here:
// PHP has told the user.
func execute(ctx context.Context, cmd command) (status int, err error) {
	binary, err := os.Executable()
	if err != nil {
		return 1, err
	}
	engine, err := bridge.Start(ctx, bridge.Config{
		INI:        cmd.defines,
		SystemINI:  !cmd.noINI,
		INIFile:    cmd.iniFile,
		SAPI:       "cli",
		Binary:     binary,
		OwnProcess: true,
	})
	if err != nil {
		return 1, err
	}
	result, err := engine.Run(ctx, request(cmd))
	if _, ok := errors.AsType[*bridge.FatalError](err); ok {
		err = nil
	}
	status = 255
	if result != nil {
		status = result.ExitStatus
	}
	return status, errors.Join(err, engine.Close(ctx))
}

// request is what the engine has to run for a command.
func request(cmd command) bridge.Request {
	r := bridge.Request{
		File:      cmd.file,
		FromStdin: !cmd.hasFile,
		Lint:      cmd.mode == modeLint,
		Name:      stdinName,
		Args:      cmd.args,
	}
	if cmd.hasFile {
		r.Name = cmd.file
	}
	switch cmd.mode {
	case modeRun, modeLint:
		return r
	case modeCode:
		r.Code = cmd.code
	default:
		r.Code = reports[cmd.mode]
		r.Vars = map[string]any{"file": stdinFile, "subject": cmd.subject, "host": hostLine()}
		if cmd.hasFile {
			r.Vars["file"] = cmd.file
		}
	}
	r.File, r.FromStdin = "", false
	return r
}
