package bridge_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// Forks while the host's goroutines are in the middle of everything.
func TestForkOfABusyHost(t *testing.T) {
	for name, tt := range map[string]struct {
		forks int
		busy  func(t *testing.T, e *bridge.Engine)
	}{
		"collecting garbage": {200, func(t *testing.T, _ *bridge.Engine) { churn(t) }},
		"looking at its sockets": {1000, func(t *testing.T, e *bridge.Engine) {
			stop := make(chan struct{})
			var watching sync.WaitGroup
			for range 4 {
				watching.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
							e.Sockets().Len()
						}
					}
				})
			}
			t.Cleanup(func() { close(stop); watching.Wait() })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if isolated(t) {
				return
			}
			e := startWith(t, reply("host_answer(): int", phpext.Int(42)))
			tt.busy(t, e)
			_, result, err := run(t, e, bridge.Request{Code: manyForks, Vars: map[string]any{"forks": tt.forks}})
			require.NoError(t, err)
			require.EqualValues(t, tt.forks, result.Value)
			require.EqualValues(t, 1+2*tt.forks, e.Sockets().Opened())
			require.Zero(t, e.Sockets().Len())
		})
	}
}

// manyForks returns how many of $forks children and their parent did what they had to.
const manyForks = `
	$server = stream_socket_server('tcp://127.0.0.1:0');
	$good = 0;
	for ($i = 0; $i < $forks; $i++) {
		[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		if (($pid = pcntl_fork()) === 0) {
			pcntl_alarm(5); // of a child that hangs, nothing else is heard
			pcntl_signal(SIGALRM, SIG_DFL);
			fclose($a);
			try {
				host_answer();
			} catch (Error $e) {
				fwrite($b, strrev(fgets($b)));
				fclose($b);
				fclose($server);
				exit($i % 100);
			}
			exit(101);
		}
		fclose($b);
		fwrite($a, "$i\n");
		$answer = strrev(stream_get_contents($a));
		pcntl_waitpid($pid, $status);
		$good += $answer === "$i\n" && pcntl_wifexited($status) && pcntl_wexitstatus($status) === $i % 100
			&& host_answer() === 42;
	}
	return $good;`

// A host function in a child is an Error, and says why.
func TestForkedChildsHostFunctions(t *testing.T) {
	if isolated(t) {
		return
	}
	e := startWith(t, reply("host_answer(): int", phpext.Int(42)))
	result := writeFile(t, "result", "")
	require.Equal(t, "42", output(t, e, `
		if (($pid = pcntl_fork()) === 0) {
			try { host_answer(); } catch (Error $e) { file_put_contents('`+result+`', $e->getMessage()); }
			exit;
		}
		pcntl_waitpid($pid, $status);
		echo host_answer();`))
	said, err := os.ReadFile(result)
	require.NoError(t, err)
	require.Equal(t, "host_answer() needs the host program, which a child of pcntl_fork() does not have", string(said))
}

// A child that waits does not take the wake-ups of its parent's waits.
func TestForkKeepsWakeUps(t *testing.T) {
	if isolated(t) {
		return
	}
	e := startWith(t, phpext.Function{Prototype: "host_wait(): void", Call: func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(context.Context) {}, func(*phpext.Call) (phpext.Value, error) { return phpext.Null(), nil })
	}})
	_, result, err := run(t, e, bridge.Request{Code: `
		[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		for ($pids = [], $i = 0; $i < 2; $i++) {
			if (($pids[] = pcntl_fork()) === 0) {
				fclose($a);
				fread($b, 1);
				exit;
			}
		}
		for ($n = 0; $n < 5000; $n++) host_wait();
		fclose($a);
		foreach ($pids as $pid) pcntl_waitpid($pid, $status);
		return $n;`})
	require.NoError(t, err)
	require.EqualValues(t, 5000, result.Value)
}

// What a child prints does not pass through Go: it goes to the process's standard output.
func TestForkedChildsOutput(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	file, err := os.OpenFile(writeFile(t, "stdout", ""), os.O_RDWR|os.O_APPEND, 0)
	require.NoError(t, err)
	saved, err := unix.Dup(1)
	require.NoError(t, err)
	require.NoError(t, unix.Dup3(int(file.Fd()), 1, 0))
	out := output(t, e, `
		echo 'parent ';
		if (pcntl_fork() === 0) { echo 'child '; error_log('logged'); register_shutdown_function(fn() => print 'end '); exit; }
		pcntl_wait($status);
		echo $status;`)
	require.NoError(t, unix.Dup3(saved, 1, 0))
	printed, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	require.Equal(t, "child end ", string(printed))
	require.Equal(t, "parent 0", out)
}

// A child that ends runs no Go code: not what follows Run, and nothing of the parent's.
func TestForkedChildEndsInC(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	log := writeFile(t, "log", "")
	for i, end := range []string{`exit(3);`, `return;`, `trigger_error('x', E_USER_ERROR);`, `(function () { throw new Exception; })();`} {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, _, err = run(t, e, bridge.Request{Output: f, Log: f, Code: `
			$pid = pcntl_fork();
			if (!$pid) { fclose(STDOUT); ` + end + ` }
			pcntl_waitpid($pid, $status);
			exit(pcntl_wifexited($status) ? 0 : 1);`})
		require.NoError(t, err)
		_, err = fmt.Fprintf(f, "Run %d returned in %d\n", i, os.Getpid())
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	data, err := os.ReadFile(log)
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(string(data), " returned in "), "%s", data)
}

// Whatever the host does with its signals, they mean to a child what they mean to PHP.
func TestForkedChildObeysSignals(t *testing.T) {
	if isolated(t) {
		return
	}
	signal.Notify(make(chan os.Signal, 1), unix.SIGTERM, unix.SIGUSR1)
	e := start(t, bridge.Config{})
	require.Equal(t, "15 10 ", output(t, e, `
		foreach ([SIGTERM, SIGUSR1] as $signo) {
			if (($pid = pcntl_fork()) === 0) { sleep(2); exit; }
			usleep(50_000);
			exec("kill -$signo $pid");
			pcntl_waitpid($pid, $status);
			echo pcntl_wifsignaled($status) ? pcntl_wtermsig($status) : 'survived', ' ';
		}`))
}
