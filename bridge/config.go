package bridge

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/secure"
)

// Config says how the engine is brought up. Its zero value is an engine for scripts
// inside a host program: command-line semantics, no php.ini, nothing but PHP's own
// functions and the sockets.
type Config struct {
	// Functions are rows beside those of the sockets, registered the same way.
	Functions []phpext.Function
	// INI are settings as after php -d, "name=value" or just "name", in effect from
	// module start-up on, so extension=… works. They beat every php.ini.
	INI []string
	// SystemINI reads the php.ini and the folder of additional files that libphp was
	// built to look for.
	SystemINI bool
	// INIFile is a php.ini, or the folder of one, to read instead of the system's, as
	// after php -c. The system's folder of additional files is then read as well.
	INIFile string
	// SAPI is PHP_SAPI; "" means "cli", which daemons ask for.
	SAPI string
	// Binary is PHP_BINARY, the path of a php-compatible command line that scripts start
	// child processes with; "" means none. It must not be a program that does not
	// understand php's options.
	Binary string
	// OwnProcess says that running the script is what the process is for, as in a
	// command line. Then the standard descriptors are the script's to close, chdir and
	// umask are the process's, SIGPIPE is ignored, and the limit of open files, which Go
	// raises, is put back to what the process was started with.
	OwnProcess bool
	// CloseOnExec keeps sockets from the programs that scripts and host start. PHP's are
	// inherited, and so are these unless it is set. A host that hands its listeners over
	// to another process ([resources.Listeners.HandOver]) wants it: a connection that both
	// processes have stays open until both have closed it.
	CloseOnExec bool
	// MaxPersistent is how many persistent sockets (STREAM_CLIENT_PERSISTENT, pfsockopen)
	// may be open at a time; 0 means any number, a negative one none.
	MaxPersistent int
	// Policy decides about every address that a script listens on, connects to or sends
	// to; nil allows all, as PHP does. See [resources.Policy] and the ready-made ones in
	// package policy. In a child of pcntl_fork(), where no Go code runs, all is refused
	// while there is a policy.
	Policy resources.Policy
	// Limits bound what the sockets of all runs may do; those of a run may be tighter.
	Limits resources.Limits
	// Resolver looks up host names for scripts; nil is the system's.
	Resolver resources.Resolver
	// Dialer makes the connections that scripts ask for: through a proxy, a VPN, a
	// user-space network. Names are looked up before. A time limit of 0 is taken for 50
	// milliseconds. nil: the kernel does.
	Dialer resources.Dialer
	// ListenConfig makes the listeners and datagram servers that scripts ask for. It
	// listens also where a script only binds. nil: the kernel does.
	ListenConfig resources.ListenConfig
	// Memory is the network behind the transport mem://, which scripts have if it is set.
	Memory *resources.Memory
	// Listeners outlive scripts, and this engine if they are given here, which then
	// leaves them open when it is closed. nil: the engine has its own.
	Listeners *resources.Listeners
	// KeepListeners keeps what a script listens on open for the next script that asks
	// for the same address: no connection is lost in between.
	KeepListeners bool
	// TLS are configurations of crypto/tls for what scripts serve and connect to: with them
	// a script listens on tls://0.0.0.0:443 and has no certificate of its own. Where there is
	// none the script's ssl context options say what its TLS is like.
	TLS secure.Configs
	// OpenSSL leaves TLS to PHP's ext/openssl, on sockets that Go made: for what crypto/tls
	// does not have, as cipher suites with finite-field Diffie-Hellman. TLS is not used then.
	OpenSSL bool
	// Observer is told what happens to sockets, in order, on one goroutine of its own.
	// An accept or a close may be told a few milliseconds late. Of what an observer that
	// is too slow leaves waiting, the oldest is dropped beyond 65,536 events.
	Observer resources.Observer
	// Logger gets what is worth a host's attention: panics of host functions, sockets
	// that had to be closed for a script. nil is slog.Default().
	Logger *slog.Logger
	// GoOnly leaves every socket function to its Go body, also where C can do the plain
	// case by itself. It is slower and there for tests.
	GoOnly bool
}

// Request is one run of a script.
type Request struct {
	// File is the script's path.
	File string
	// Code is PHP code without an opening tag, to run instead of a file, as php -r.
	Code string
	// FromStdin reads the script from the process's standard input.
	FromStdin bool
	// Lint only checks the syntax of File.
	Lint bool
	// Name is $argv[0]; "" means File as given, or "Standard input code".
	Name string
	// Args are $argv[1] and so on.
	Args []string
	// Output takes what the script prints, nil means os.Stdout. An *os.File is written
	// through its descriptor without a detour through Go. A Writer that blocks blocks
	// the script, beyond cancellation.
	Output io.Writer
	// Log takes the lines of PHP's error log where no error_log is set; nil means
	// os.Stderr.
	Log io.Writer
	// INI are settings for this run, as by ini_set, but also such that scripts cannot
	// change.
	INI map[string]string
	// Vars become global variables of the script: anything [phpext.ValueOf] converts, and
	// a net.Conn, which becomes a stream: the script takes it over and closes it.
	Vars map[string]any
	// Limits are this run's, beside those of [Config].
	Limits resources.Limits
	// Dir is the working directory, "" the host's. Unless [Config.OwnProcess] is set the
	// script has a working directory of its own, and its chdir does not move the host.
	Dir string
	// Env are environment variables for the run, beside the process's.
	Env map[string]string
}

// Result is what a run left behind.
type Result struct {
	// ExitStatus is what the script gave exit(), 0 without, 255 after a fatal error.
	ExitStatus int
	// Value is what the script returned: nil, bool, int64, float64, string, []any for a
	// list or map[string]any for any other array. A file without return gives int64(1),
	// as include does. Objects and resources give nil.
	Value any
	// Status is what the script gave http_response_code(), 0 without.
	Status int
	// Headers are those that the script set with header(). With [Config.OwnProcess]
	// there are none, as on PHP's command line.
	Headers http.Header
}
