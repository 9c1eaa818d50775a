package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

func TestStartAndCloseAgain(t *testing.T) {
	for i := range 8 {
		name := fmt.Sprintf("host_round_%d", i)
		e, err := bridge.Start(t.Context(), bridge.Config{Functions: []phpext.Function{
			reply(name+"(): int", phpext.Int(int64(i))),
		}})
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i), output(t, e, "echo "+name+"();"))
		require.Equal(t, "no", output(t, e, fmt.Sprintf(`echo function_exists('host_round_%d') ? 'yes' : 'no';`, i-1)))
		require.Contains(t, output(t, e, `$s = stream_socket_server('tcp://127.0.0.1:0'); echo stream_socket_get_name($s, false);`), "127.0.0.1:")
		require.NoError(t, e.Close(t.Context()))
	}
}

func TestOneEngineAtATime(t *testing.T) {
	e, err := bridge.Start(t.Context(), bridge.Config{})
	require.NoError(t, err)
	second, err := bridge.Start(t.Context(), bridge.Config{})
	require.ErrorIs(t, err, bridge.ErrRunning)
	require.Nil(t, second)
	require.Equal(t, "still here", output(t, e, `echo 'still here';`))

	require.NoError(t, e.Close(t.Context()))
	_, err = e.Run(t.Context(), bridge.Request{Code: "1;"})
	require.ErrorIs(t, err, bridge.ErrClosed)
	require.ErrorIs(t, e.Close(t.Context()), bridge.ErrClosed)
	require.Zero(t, e.Sockets().Len())
}

func TestStartWithEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bridge.Start(ctx, bridge.Config{})
	require.ErrorIs(t, err, context.Canceled)
	requireClean(t, start(t, bridge.Config{}))
}

func TestVersion(t *testing.T) {
	e := start(t, bridge.Config{})
	require.Regexp(t, `^8\.\d+\.\d+`, bridge.Version())
	minor := strings.Join(strings.Split(bridge.Version(), ".")[:2], ".")
	require.Equal(t, minor, output(t, e, `echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION;`))
}

func TestStartErrors(t *testing.T) {
	row := func(prototype string) phpext.Function { return reply(prototype, phpext.Null()) }
	replaces := func(prototype string) phpext.Function {
		f := row(prototype)
		f.Replaces = true
		return f
	}
	tests := []struct {
		name   string
		rows   []phpext.Function
		reason string
	}{
		{"bad prototype", []phpext.Function{row("host_f(")}, "host_f("},
		{"no body", []phpext.Function{{Prototype: "host_f()"}}, "host_f: no body"},
		{"duplicate", []phpext.Function{row("host_f()"), row("HOST_F(int $a)")}, "HOST_F: duplicate"},
		{"duplicate of a socket function", []phpext.Function{row("stream_socket_server()")}, "stream_socket_server: duplicate"},
		{"replaces nothing", []phpext.Function{replaces("host_no_such()")}, "host_no_such: PHP has no such function to replace"},
		{"clash", []phpext.Function{row("strlen(string $string): int")},
			"strlen: PHP has a function of that name; a row that stands in for it must say so"},
		{"clash in other case", []phpext.Function{row("StrLen(string $string): int")}, "StrLen: PHP has a function of that name"},
		{"fewer parameters", []phpext.Function{replaces("strlen(): int")},
			"strlen: PHP's function takes 1 parameters, 1 of them required; the row says 0 and 0"},
		{"fewer required", []phpext.Function{replaces("strlen(string $string = ''): int")},
			"strlen: PHP's function takes 1 parameters, 1 of them required; the row says 1 and 0"},
		{"name", []phpext.Function{replaces("strlen(string $text): int")}, "strlen: PHP calls parameter 1 $string, the row $text"},
		{"by reference", []phpext.Function{replaces("strlen(string &$string): int")},
			"strlen: parameter $string differs from PHP's in how it is passed"},
		{"by value", []phpext.Function{replaces("exec(string $command, $output = null, $result_code = null): string|false")},
			"exec: parameter $output differs from PHP's in how it is passed"},
		{"variadic", []phpext.Function{replaces("strlen(string ...$string): int")}, "strlen: "},
		{"type", []phpext.Function{replaces("strlen(int $string): int")}, "strlen: the type of $string differs from PHP's"},
		{"nullable type", []phpext.Function{replaces("strlen(?string $string): int")}, "strlen: the type of $string differs from PHP's"},
		{"return type", []phpext.Function{replaces("strlen(string $string): string")}, "strlen: the return type differs from PHP's"},
		{"after a good row", []phpext.Function{row("host_good()"), replaces("strrev(string $string): string"), row("strlen()")},
			"strlen: PHP has a function of that name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := bridge.Start(t.Context(), bridge.Config{Functions: tt.rows})
			if e != nil {
				defer e.Close(context.Background())
			}
			var startError *bridge.StartError
			require.ErrorAs(t, err, &startError)
			require.Contains(t, startError.Reason, tt.reason)
			require.Equal(t, "bridge: start: "+startError.Reason, err.Error())

			good := start(t, bridge.Config{Functions: []phpext.Function{row("host_good()")}})
			require.Equal(t, "3 cba no", output(t, good, `echo strlen('abc'), ' ', strrev('abc'), ' ', function_exists('host_f') ? 'yes' : 'no';`))
		})
	}
	var tableError *phpext.TableError
	_, err := bridge.Start(t.Context(), bridge.Config{Functions: []phpext.Function{row("host_f(")}})
	require.ErrorAs(t, err, &tableError)
}

func TestRunsQueue(t *testing.T) {
	e := start(t, bridge.Config{})
	busy, release := context.WithCancel(t.Context())
	running := make(chan struct{})
	blocker := make(chan error, 1)
	go func() {
		_, err := e.Run(busy, bridge.Request{Code: `echo 'x'; while (true);`, Output: writerFunc(func(p []byte) (int, error) {
			close(running)
			return len(p), nil
		})})
		blocker <- err
	}()
	<-running

	// None of these gets a turn: their contexts end while they wait.
	cause := errors.New("tired of waiting")
	var waiting sync.WaitGroup
	for i := range 20 {
		waiting.Go(func() {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Duration(1+i)*time.Millisecond, cause)
			defer cancel()
			result, err := e.Run(ctx, bridge.Request{Code: `echo 'never';`, Output: writerFunc(func([]byte) (int, error) {
				panic("a run without a turn has run")
			})})
			if !errors.Is(err, cause) || result != nil {
				t.Errorf("waiting run: %v, %v", result, err)
			}
		})
	}
	waiting.Wait()
	closing, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, e.Close(closing), context.DeadlineExceeded)

	var mu sync.Mutex
	sum := 0
	for i := range 50 {
		waiting.Go(func() {
			result, err := e.Run(t.Context(), bridge.Request{Code: fmt.Sprintf(`return %d;`, i)})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				sum += int(result.Value.(int64))
			} else {
				t.Errorf("queued run: %v", err)
			}
		})
	}
	release()
	waiting.Wait()
	require.ErrorIs(t, <-blocker, context.Canceled)
	require.Equal(t, 50*49/2, sum)
	requireClean(t, e)
}

func TestSettings(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "php.ini")
	require.NoError(t, os.WriteFile(file, []byte("precision = 5\nuser_agent = from-file\n"), 0o600))
	const show = `echo ini_get('precision'), ' ', ini_get('user_agent'), ' ', php_ini_loaded_file() ?: 'none', ' ', php_ini_scanned_files() ? 'scanned' : 'alone';`
	tests := []struct {
		name string
		cfg  bridge.Config
		want string
	}{
		{"none", bridge.Config{}, "14  none alone"},
		{"settings", bridge.Config{INI: []string{"precision=7", "user_agent=a b;c"}}, "7 a b none alone"},
		{"quoted", bridge.Config{INI: []string{`user_agent="a;b"`}}, "14 a;b none alone"},
		{"odd first letter", bridge.Config{INI: []string{"user_agent=/x;y"}}, "14 /x;y none alone"},
		{"file", bridge.Config{INIFile: file}, "5 from-file " + file},
		{"folder", bridge.Config{INIFile: folder}, "5 from-file " + file},
		{"settings beat the file", bridge.Config{INIFile: file, INI: []string{"precision=9"}}, "9 from-file " + file},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.True(t, strings.HasPrefix(output(t, start(t, tt.cfg), show), tt.want))
		})
	}
	t.Run("system", func(t *testing.T) {
		e := start(t, bridge.Config{SystemINI: true})
		require.Equal(t, "1", output(t, e, `echo (int)(php_ini_loaded_file() || php_ini_scanned_files());`))
	})
	t.Run("name alone", func(t *testing.T) {
		require.Equal(t, "1", output(t, start(t, bridge.Config{INI: []string{"log_errors"}}), `echo ini_get('log_errors');`))
	})
	t.Run("command line", func(t *testing.T) {
		e := start(t, bridge.Config{})
		require.Equal(t, "cli 0 1 1 0 0 -1", output(t, e, `echo PHP_SAPI, ' ', join(' ', array_map('ini_get',
			['html_errors', 'register_argc_argv', 'display_errors', 'output_buffering', 'max_execution_time', 'max_input_time']));`))
		require.Equal(t, "", output(t, e, `echo PHP_BINARY;`))
	})
	t.Run("sapi and binary", func(t *testing.T) {
		binary, err := filepath.EvalSymlinks("/bin/sh")
		require.NoError(t, err)
		e := start(t, bridge.Config{SAPI: "phpsock", Binary: binary})
		require.Equal(t, "phpsock phpsock "+binary, output(t, e, `echo PHP_SAPI, ' ', php_sapi_name(), ' ', PHP_BINARY;`))
	})
}

func TestDisableFunctionsWins(t *testing.T) {
	e := start(t, bridge.Config{
		INI:       []string{"disable_functions=stream_socket_server,host_secret"},
		Functions: []phpext.Function{reply("host_secret(): int", phpext.Int(1)), reply("host_open(): int", phpext.Int(2))},
	})
	for _, name := range []string{"stream_socket_server", "host_secret"} {
		_, _, err := run(t, e, bridge.Request{Code: name + "('tcp://127.0.0.1:0');"})
		var fatal *bridge.FatalError
		require.ErrorAs(t, err, &fatal)
		require.Contains(t, fatal.Message, "Call to undefined function "+name+"()")
	}
	require.Equal(t, "2", output(t, e, `echo host_open();`))
}

// writerFunc is a function as an [io.Writer].
type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
