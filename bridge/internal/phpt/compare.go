package phpt

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

// volatile is all that may differ between two runs of one script on one command line, and what stands in for it:
// ports that the system picked, and process ids in the names of temporary files.
var volatile = []struct {
	pattern *regexp.Regexp
	instead []byte
}{
	{regexp.MustCompile(`((?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+(?:%\w+)?\]|\blocalhost):[1-9]\d{4}\b`), []byte("$1:PORT")},
	{regexp.MustCompile(`(phpsock-[a-z0-9-]*?)-?\d+\b`), []byte("$1-PID")},
}

// stable gives an output without what is volatile.
func stable(output []byte) []byte {
	for _, v := range volatile {
		output = v.pattern.ReplaceAll(output, v.instead)
	}
	return output
}

// Outcome is how two command lines compare on one case.
type Outcome struct {
	Case    *Case
	Skipped string // why both leave the case out; "" when they ran it
	Diff    string // "-" lines of the first, "+" lines of the second command; "" when they printed the same
	Listed  string // the reason for which a difference is expected; "" = it is not
	Err     error  // a run that did not come to its end
}

// byChance tells the kind that need not occur: uninitialised memory may hold the right bytes.
func byChance(listed string) bool { return strings.HasPrefix(listed, "unnamed:") }

// Problem says what is wrong with the outcome: a difference that nobody listed, a listed one that did not occur, a
// run that failed. nil for all else.
func (o *Outcome) Problem() error {
	switch {
	case o.Err != nil:
		return o.Err
	case o.Diff != "" && o.Listed == "":
		return fmt.Errorf("phpt: compare %s: output differs (- first command, + second):\n%s", o.Case.Name, o.Diff)
	case o.Diff == "" && o.Listed != "" && o.Skipped == "" && !byChance(o.Listed):
		return fmt.Errorf("phpt: compare %s: listed as different (%s), but both print the same", o.Case.Name, o.Listed)
	}
	return nil
}

// Compare runs each case on both command lines, one after the other in a folder of the same name below scratch, and
// compares what they print, whatever the case expects. The outcomes have the order of the cases.
func Compare(ctx context.Context, cases []*Case, first, second []string, scratch string, listed Differences) []*Outcome {
	a := &Runner{Command: first, Scratch: scratch, SamePath: true}
	b := &Runner{Command: second, Scratch: scratch, SamePath: true}
	outcomes := make([]*Outcome, len(cases))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, c := range cases {
		free <- struct{}{}
		wait.Go(func() {
			outcomes[i] = compare(c, a.Run(ctx, c), b.Run(ctx, c))
			outcomes[i].Listed = listed[c.Name]
			<-free
		})
	}
	wait.Wait()
	return outcomes
}

func compare(c *Case, a, b Result) *Outcome {
	o := &Outcome{Case: c}
	for _, r := range []Result{a, b} {
		if r.Status == Borked || r.Status == TimedOut {
			o.Err = r.Err
			return o
		}
	}
	switch was, is := stable(a.Output), stable(b.Output); {
	case a.Status == Skipped && b.Status == Skipped:
		o.Skipped = a.Reason
	case a.Status == Skipped || b.Status == Skipped:
		o.Diff = fmt.Sprintf("-%s %s\n+%s %s\n", a.Status, a.Reason, b.Status, b.Reason)
	case !bytes.Equal(was, is):
		o.Diff = (&Case{Expected: string(was)}).diff(string(is))
	}
	return o
}
