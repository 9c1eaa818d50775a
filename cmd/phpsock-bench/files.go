package main

import (
	"fmt"
	"regexp"
	"slices"
	"syscall"
)

// raiseFileLimit lets the subjects open as many sockets as the system allows, and returns
// how many that is. Go's own raise does not reach child processes, one by hand does.
func raiseFileLimit() int {
	const wanted = 1 << 16
	if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: wanted, Max: wanted}) == nil {
		return wanted // as root
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	if limit.Cur < limit.Max {
		limit.Cur = min(limit.Max, wanted)
		if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
			_ = syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
		}
	}
	return int(min(limit.Cur, wanted))
}

// chosen are the rows that match and that there are processors for.
func chosen(pattern *regexp.Regexp, cpus int) []row {
	var list []row
	for _, r := range rows() {
		matches := func(line row) bool { return pattern.MatchString(line.name) }
		if r.cpus <= cpus && slices.ContainsFunc(r.lines(), matches) {
			list = append(list, r)
		}
	}
	return list
}

// affordable are the rows for which a process may open enough files; leftOut says which
// are not, and why.
func affordable(list []row, files int) (within []row, leftOut []string) {
	for _, r := range list {
		if r.files > files {
			leftOut = append(leftOut, fmt.Sprintf("%s: it takes %d open files, and a process may have %d", r.name, r.files, files))
			continue
		}
		within = append(within, r)
	}
	return within, leftOut
}
