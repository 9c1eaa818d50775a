package phpt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Status is how a case came out.
type Status string

// The outcomes.
const (
	Passed   Status = "PASS"
	Failed   Status = "FAIL"
	Skipped  Status = "SKIP"
	XFailed  Status = "XFAIL" // failed as its XFAIL section says
	Warned   Status = "WARN"  // has an XFAIL section and passed
	Borked   Status = "BORK"  // the test is at fault: SKIPIF or CLEAN print what they should not
	TimedOut Status = "TIMEOUT"
)

// Result of one run.
type Result struct {
	Status  Status
	Reason  string        // why it was skipped or is borked, what XFAIL says, …
	Output  []byte        // standard output and error of the script, in the order written
	Elapsed time.Duration // of the script alone
	Err     error         // nil when Passed, Skipped or XFailed; a *MismatchError when Failed
}

// Runner runs cases with a php-compatible command line. It may be used by several goroutines at once.
type Runner struct {
	Command []string      // the binary, a path or found in PATH, and its first arguments: "php8.2", "-n"
	Env     []string      // beside this process's environment, as "NAME=value"
	Timeout time.Duration // for each child process; 0: one minute
	// Scratch is a folder for the scripts that are run. "": they are written beside the .phpt, as run-tests.php does,
	// so that __DIR__ is the file's folder; then no two runners can run the same file at once.
	Scratch string
	// SamePath writes the scripts of a case in a folder of Scratch that has the case's name, instead of one of its own
	// for each run. Two runners can then run the case under the same path, one after the other.
	SamePath bool

	probe sync.Once
	php   engine
	err   error
}

// engine is what the command says about itself.
type engine struct {
	binary       string
	extensionDir string
	loaded       map[string]bool
}

// Run runs one case. The working directory of its scripts is the folder of the .phpt. A script that outlives the time
// limit or the context is killed together with the children that stayed in its process group. CLEAN is run whenever the
// script was.
func (r *Runner) Run(ctx context.Context, c *Case) Result {
	r.probe.Do(func() { r.php, r.err = r.inspect(ctx) })
	if r.err != nil {
		return Result{Status: Borked, Err: r.err}
	}
	extensions, missing := r.extensions(c)
	if missing != nil {
		return Result{Status: Skipped, Reason: "required extensions missing: " + strings.Join(missing, ", ")}
	}
	dir, name, tidy, err := r.place(c)
	if err != nil {
		return Result{Status: Borked, Err: err}
	}
	defer tidy()

	common := overlay(extensions, defaults)
	full := overlay(common, c.Settings)
	env := r.environment(c, full)

	xfail := c.XFail
	if trim(c.SkipIf) != "" {
		settings := overlay(common, []Setting{{"display_errors", "1"}, {"display_startup_errors", "0"}})
		p := r.script(ctx, filepath.Join(dir, name+".skip.php"), c.SkipIf, "-q", settings, c, env)
		if p.err != nil {
			return Result{Status: Borked, Reason: "SKIPIF", Err: p.err}
		}
		said := trim(string(p.output))
		word, rest := verdict(said)
		switch word {
		case "skip":
			return Result{Status: Skipped, Reason: rest}
		case "xfail":
			xfail = rest
		case "":
			return Result{Status: Borked, Reason: "SKIPIF printed: " + said, Err: fmt.Errorf("phpt: run %s: SKIPIF printed %q", c.Name, said)}
		}
	}

	p := r.script(ctx, filepath.Join(dir, name+".php"), c.Script, "-f", full, c, env)
	result := judge(c, p, xfail)
	if c.Clean != "" {
		// The script may have been stopped by the context; what it left behind has to go all the same.
		cleaned := r.script(context.WithoutCancel(ctx), filepath.Join(dir, name+".clean.php"), c.Clean, "-q", common, &Case{Path: c.Path}, env)
		if said := trim(string(cleaned.output)); result.Status == Passed && (said != "" || cleaned.err != nil) {
			result.Status, result.Reason = Borked, "CLEAN printed: "+said
			result.Err = fmt.Errorf("phpt: run %s: CLEAN printed %q", c.Name, said)
		}
	}
	return result
}

// verdicts are what a SKIPIF section may print.
var verdicts = regexp.MustCompile(`(?i)^(?:(skip|xfail|flaky)\s*(.*)|(info)\s*(.+)|(warn)\s+(.+)|(nocache)(.*))`)

// verdict reads the output of a SKIPIF section: the word that says what to do ("none" for no output) and the rest of
// its line. The word is "" when the output is not one that the section may have, a PHP warning for example.
func verdict(said string) (word, rest string) {
	if said == "" {
		return "none", ""
	}
	for i, m := range verdicts.FindStringSubmatch(said) {
		switch {
		case i == 0 || m == "":
		case i%2 == 1:
			word = strings.ToLower(m)
		default:
			rest = m
		}
	}
	return word, rest
}

// judge turns the end of the script into a result.
func judge(c *Case, p process, xfail string) Result {
	result := Result{Status: Passed, Output: p.output, Elapsed: p.elapsed}
	switch {
	case p.err != nil:
		result.Status, result.Err = Borked, p.err
		if p.timedOut {
			result.Status = TimedOut
		}
		return result
	default:
		result.Err = c.Match(p.output)
	}
	switch {
	case result.Err != nil && xfail != "":
		return Result{Status: XFailed, Reason: xfail, Output: p.output, Elapsed: p.elapsed}
	case result.Err != nil:
		result.Status = Failed
	case xfail != "":
		result.Status, result.Reason = Warned, "has an XFAIL section but passes"
		result.Err = fmt.Errorf("phpt: run %s: expected to fail (%s), but passes", c.Name, xfail)
	}
	return result
}

// inspect asks the command for its extensions.
func (r *Runner) inspect(ctx context.Context) (engine, error) {
	if len(r.Command) == 0 {
		return engine{}, fmt.Errorf("phpt: run: no command")
	}
	binary, err := lookPath(r.Command[0])
	if err != nil {
		return engine{}, fmt.Errorf("phpt: run: %w", err)
	}
	php := engine{binary: binary, loaded: map[string]bool{}}
	args := slices.Concat(r.Command[1:], params(overlay(defaults, []Setting{{"display_errors", "0"}})),
		[]string{"-r", `echo ini_get("extension_dir"), "\n", implode("\n", get_loaded_extensions());`})
	p := start(ctx, command{path: binary, args: args, env: os.Environ(), limit: r.limit()})
	if p.err != nil {
		return engine{}, fmt.Errorf("phpt: run: ask %s for its extensions: %w", binary, p.err)
	}
	lines := strings.Split(trim(string(p.output)), "\n")
	php.extensionDir = lines[0]
	for _, name := range lines[1:] {
		php.loaded[strings.ToLower(name)] = true
	}
	if php.loaded["zend opcache"] {
		php.loaded["opcache"] = true
	}
	return php, nil
}

// extensions gives the settings that load what the case needs and the engine has not got yet.
func (r *Runner) extensions(c *Case) (load []Setting, missing []string) {
	for _, name := range c.Extensions {
		if r.php.loaded[strings.ToLower(name)] {
			continue
		}
		file := filepath.Join(r.php.extensionDir, name+".so")
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, name)
			continue
		}
		setting := "extension"
		if name == "opcache" || name == "xdebug" {
			setting = "zend_extension"
		}
		load = append(load, Setting{setting, file})
	}
	return load, missing
}

// place says where the scripts of a case are written and how they are removed.
func (r *Runner) place(c *Case) (dir, name string, tidy func(), err error) {
	name = strings.TrimSuffix(filepath.Base(c.Path), ".phpt")
	if r.Scratch == "" {
		return filepath.Dir(c.Path), name, func() {}, nil
	}
	if r.SamePath {
		dir = filepath.Join(r.Scratch, strings.ReplaceAll(c.Name, "/", "-"))
		err = os.Mkdir(dir, 0o700)
	} else {
		dir, err = os.MkdirTemp(r.Scratch, "phpt-")
	}
	if err != nil {
		return "", "", nil, fmt.Errorf("phpt: run %s: %w", c.Name, err)
	}
	return dir, name, func() { _ = os.RemoveAll(dir) }, nil
}

// environment is what the scripts of PHP's own tests rely on, too.
func (r *Runner) environment(c *Case, settings []Setting) []string {
	var extra []string
	for _, word := range slices.Concat(r.Command[1:], params(settings)) {
		extra = append(extra, quote(word))
	}
	return slices.Concat(os.Environ(), []string{
		"TEST_PHP_EXECUTABLE=" + r.php.binary,
		"TEST_PHP_EXECUTABLE_ESCAPED=" + quote(r.php.binary),
		"TEST_PHP_EXTRA_ARGS=" + strings.Join(extra, " "),
		"TZ=",
	}, r.Env, c.Env)
}

// script writes a script, runs it and removes it.
func (r *Runner) script(ctx context.Context, file, code, how string, settings []Setting, c *Case, env []string) process {
	if err := os.WriteFile(file, []byte(code), 0o644); err != nil {
		return process{err: fmt.Errorf("phpt: run %s: %w", c.Name, err)}
	}
	defer func() { _ = os.Remove(file) }()
	args := slices.Concat(r.Command[1:], params(settings))
	run := command{path: r.php.binary, env: env, dir: filepath.Dir(c.Path), limit: r.limit()}
	if how == "-f" {
		run.args = append(args, "-f", file)
		run.stdin, run.shellArgs = c.Stdin, c.Args
	} else {
		run.args = append(args, how, file)
	}
	return start(ctx, run)
}

func (r *Runner) limit() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return time.Minute
}
