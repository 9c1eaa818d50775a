package php

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// output is what a request prints.
type output struct{ r *request }

func (o output) Write(p []byte) (int, error) {
	w := o.r.context.Output
	if w == nil {
		return len(p), nil
	}
	o.r.outputErr = errors.New("output: the writer panicked")
	// p is PHP's memory, which a writer must not see once it has returned.
	n, err := w.Write(bytes.Clone(p))
	if o.r.outputErr = err; err != nil {
		o.r.outputErr = fmt.Errorf("output: %w", err)
	}
	return n, err
}

// errorLog is PHP's error log.
type errorLog struct{ c *Context }

func (l errorLog) Write(p []byte) (int, error) {
	if l.c.Log == nil {
		return len(p), nil
	}
	return l.c.Log.Write([]byte(renamed(string(p))))
}

// evaluated is the name that PHP gives to code that the driver evaluates.
var evaluated = regexp.MustCompile(`Command line code\(\d+\) : eval\(\)'d code`)

// renamed gives code of Eval its name.
func renamed(text string) string {
	if !strings.Contains(text, "Command line code(") {
		return text
	}
	return evaluated.ReplaceAllLiteralString(text, sapiName)
}

// headersOf reads lines as PHP lists them. Those without a value do not count.
func headersOf(lines []string) http.Header {
	headers := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); name != "" && value != "" {
			headers.Add(name, value)
		}
	}
	return headers
}

// setHeaders makes Context.Header follow what PHP has now. Headers that the program has
// put there itself stay.
func (r *request) setHeaders(now http.Header) {
	c := r.context
	if c.Header == nil {
		c.Header = make(http.Header)
	}
	for name := range r.headers {
		if _, ok := now[name]; !ok {
			delete(c.Header, name)
		}
	}
	for name, values := range now {
		if !slices.Equal(r.headers[name], values) {
			c.Header[name] = slices.Clone(values)
		}
	}
	r.headers = now
}
