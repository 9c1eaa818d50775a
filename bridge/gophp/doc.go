// Package php is the API of github.com/deuill/go-php on PHP 8: a program that used it
// changes its import and runs.
//
//	engine, err := php.New()
//	context, err := engine.NewContext()
//	context.Output = os.Stdout
//	err = context.Bind("name", "world")
//	value, err := context.Eval("return 'Hello ' . $name;")
//	err = context.Exec("index.php")
//	engine.Destroy()
//
// An [Engine] is PHP, of which a process has one. A [Context] is one request of PHP:
// global variables, functions and classes last from one [Context.Exec] or [Context.Eval]
// to the next, until [Context.Destroy]. [Engine.Define] makes a PHP class of a Go type.
// All methods may be called from any goroutine.
//
// # What differs
//
//   - Contexts take turns. PHP has one request at a time, so a context has the engine
//     from its first Exec or Eval until Destroy, and another one waits. While the first
//     is at work that may take any time; once it has been idle for [Engine.ContextWait]
//     the other one gets [ErrActive], and the first keeps its variables. go-php ran the
//     second one in the middle of the first.
//   - Ends. exit() ends the request, not the process: shutdown functions and destructors
//     run, Exec gives no error, and the next call begins a new request, with what was
//     bound bound again. So does a fatal error, which is the call's error. An uncaught
//     exception and a parse error go to PHP's exception handler if the script has set
//     one. Otherwise they are logged and displayed as ever, the call returns an error,
//     and the request goes on.
//   - Errors have go-php's text and then the reason. What PHP says is a
//     [*bridge.FatalError].
//   - Callbacks. Methods of receivers, Output and Log must not call a context: that
//     gives [ErrInside], because PHP waits for them.
//   - Receivers. Arguments and fields are converted where Go can do so without loss (an
//     int to an int32, a list to a []string); where it cannot, and where a method
//     panics, PHP throws an Error. All of that ended the process before. Objects cannot
//     be cloned.
//   - Values. Strings may contain NUL bytes, [Value.Int] has 64 bits, and maps are in
//     the order of their keys. Protected and private properties have their plain names.
//     A Value is a copy that outlives its context; [Value.Ptr] is no zval.
//   - Texts. Each message in Log ends with a newline. Code given to Eval has the name
//     "gophp-engine" in Log and errors, and in what PHP displays and in __FILE__ it is
//     "Command line code(N) : eval()'d code". Settings auto_prepend_file and
//     auto_append_file have no effect. The namespace gophp in PHP is the package's.
//   - Working directory. A script's chdir does not move the process.
package php
