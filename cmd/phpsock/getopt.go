package main

import (
	"fmt"
	"strings"
)

// option is one entry of the command line's option table. An option with two
// long names has two entries with the same letter.
type option struct {
	letter byte   // the short form; for options that have none, a control character, as in PHP
	name   string // the long form
	value  bool   // it takes a value
}

// usageError is a command line that cannot be read: PHP prints it to standard
// error, the usage to standard output, and ends with status 1.
type usageError struct {
	argument int // index into the arguments, the program's name being 0
	char     int // 1-based place within the argument
	text     string
}

func (e *usageError) Error() string {
	return fmt.Sprintf("Error in argument %d, char %d: %s", e.argument, e.char, e.text)
}

// scanner takes options off a command line one at a time, in PHP's dialect:
// -ab, -dx, -d=x, -d x, --define x, --define=x; options end at --, at a lone -
// and at the first argument that is none.
type scanner struct {
	args []string // args[0] is the program's name
	next int      // the argument to look at next
	char int      // where in it the last short option stood; PHP's messages name it
	in   bool     // args[next] is a cluster of short options that is not used up
}

// scan returns the next option and its value; ok is false at the end.
func (s *scanner) scan(table []option) (opt option, value string, ok bool, err error) {
	if s.next >= len(s.args) {
		return option{}, "", false, nil
	}
	arg := s.args[s.next]
	switch {
	case s.in:
		return s.short(table, arg)
	case arg == "--":
		s.next++
		return option{}, "", false, nil
	case strings.HasPrefix(arg, "--"):
		return s.long(table, arg)
	case len(arg) > 1 && arg[0] == '-':
		s.char, s.in = 1, true
		return s.short(table, arg)
	}
	return option{}, "", false, nil
}

func (s *scanner) long(table []option, arg string) (option, string, bool, error) {
	name, rest := arg[2:], ""
	// An equals sign that ends the argument belongs to the name, and no name has one.
	if i := strings.IndexByte(arg[2:len(arg)-1], '='); i >= 0 {
		name, rest = arg[2:2+i], arg[2+i+1:]
	}
	for _, opt := range table {
		if opt.name != name {
			continue
		}
		s.char = 0
		return s.finish(opt, rest)
	}
	s.next++
	return option{}, "", true, s.fail(s.next-1, "no argument for option %s", at(arg, s.char))
}

func (s *scanner) short(table []option, arg string) (option, string, bool, error) {
	here := s.next
	letter, last := arg[s.char], s.char+1 == len(arg)
	if letter == ':' {
		s.in, s.next = false, s.next+1
		return option{}, "", true, s.fail(here, ": in flags")
	}
	for _, opt := range table {
		if opt.letter != letter {
			continue
		}
		if opt.value {
			return s.finish(opt, arg[s.char+1:])
		}
		s.step(last)
		return opt, "", true, nil
	}
	err := s.fail(here, "option not found %s", at(arg, s.char))
	s.step(last)
	return option{}, "", true, err
}

// step goes on within a cluster of short options, or past it.
func (s *scanner) step(last bool) {
	if last {
		s.in, s.next = false, s.next+1
		return
	}
	s.char++
}

// finish ends the argument; attached is what stands in it behind the option.
func (s *scanner) finish(opt option, attached string) (option, string, bool, error) {
	s.in, s.next = false, s.next+1
	if !opt.value {
		return opt, "", true, nil
	}
	if attached != "" {
		return opt, strings.TrimPrefix(attached, "="), true, nil
	}
	if s.next == len(s.args) {
		return option{}, "", true, s.fail(s.next-1, "no argument for option %s", at(s.args[s.next-1], s.char))
	}
	s.next++
	return opt, s.args[s.next-1], true, nil
}

func (s *scanner) fail(argument int, format string, args ...any) error {
	return &usageError{argument: argument, char: s.char + 1, text: fmt.Sprintf(format, args...)}
}

// at is the character of an argument that a message names, if there is one.
func at(arg string, i int) string {
	if i >= len(arg) {
		return ""
	}
	return arg[i : i+1]
}
