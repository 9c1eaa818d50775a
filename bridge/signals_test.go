package bridge_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// kernelAction is the kernel's struct sigaction.
type kernelAction struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

const onAlternateStack = 0x08000000 // SA_ONSTACK

// actionOf asks the kernel, past libc and the Go runtime.
func actionOf(signo unix.Signal) kernelAction {
	var action kernelAction
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signo), 0, uintptr(unsafe.Pointer(&action)), 8, 0, 0)
	if errno != 0 {
		panic(errno)
	}
	return action
}

// signalAll sends a signal to every thread of the process, over and over.
func signalAll(t testing.TB, signo unix.Signal, rounds int) {
	for range rounds {
		threads, err := os.ReadDir("/proc/self/task")
		require.NoError(t, err)
		for _, thread := range threads {
			if id, err := strconv.Atoi(thread.Name()); err == nil {
				_ = unix.Tgkill(os.Getpid(), id, signo) // it may be gone
			}
		}
	}
}

// Go's threads run on the small stacks of goroutines: no handler may run there.
func TestSignalHandlersRunOnTheAlternateStack(t *testing.T) {
	if isolated(t) {
		return
	}
	flags := make(map[string]uint64)
	e := startWith(t, phpext.Function{Prototype: "host_flags(): void", Call: func(*phpext.Call) (phpext.Value, error) {
		for signo := unix.Signal(1); signo < 65; signo++ {
			if a := actionOf(signo); a.handler > 1 { // neither SIG_DFL nor SIG_IGN
				flags[fmt.Sprintf("%d %v", signo, signo)] = a.flags
			}
		}
		return phpext.Null(), nil
	}})
	_, _, err := run(t, e, bridge.Request{INI: map[string]string{"max_execution_time": "60"}, Code: `
		foreach ([SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGPROF, SIGWINCH, SIGCONT] as $signo) {
			var_dump(pcntl_signal($signo, fn() => null, $signo % 2 == 0));
		}
		host_flags();`})
	require.NoError(t, err)
	require.Contains(t, flags, "10 user defined signal 1")
	for signo, f := range flags {
		require.NotZero(t, f&onAlternateStack, "signal %s", signo)
	}
}

func TestSignalFlood(t *testing.T) {
	if isolated(t) {
		return
	}
	e := startWith(t, phpext.Function{Prototype: "host_flood(int $signo): void", Call: func(c *phpext.Call) (phpext.Value, error) {
		signo := unix.Signal(c.Int(0))
		return c.Background(func(context.Context) { signalAll(t, signo, 100) },
			func(*phpext.Call) (phpext.Value, error) { return phpext.Null(), nil })
	}})
	churn(t)
	for range 10 {
		require.Equal(t, "enough", output(t, e, `
			pcntl_async_signals(true);
			host_flood(SIGPROF); // Go's, with a profile or without
			$seen = [SIGUSR1 => 0, SIGUSR2 => 0, SIGTERM => 0, SIGALRM => 0];
			foreach ($seen as $signo => $_) {
				pcntl_signal($signo, function ($signo) use (&$seen) { $seen[$signo]++; });
				host_flood($signo);
			}
			echo min($seen) > 0 ? 'enough' : var_export($seen, true);`))
	}
}

func TestSignalsReachTheScript(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	// Whatever a signal does to a call that waits, it does so after a second.
	for name, call := range map[string]string{
		"stream_select": `$r = $pair; $w = $x = null; var_dump(stream_select($r, $w, $x, 5))`,
		"accept":        `var_dump(stream_socket_accept($server, 5))`,
		"sleep":         `var_dump(sleep(5) > 2)`,
		"usleep":        `var_dump(usleep(3_000_000))`,
		"nanosleep":     `var_dump(is_array(time_nanosleep(5, 0)))`,
		"fread":         `stream_set_timeout($pair[0], 2); var_dump(fread($pair[0], 10))`,
		"busy":          `while ($signals === [] && microtime(true) < $begin + 5); var_dump(1)`,
	} {
		code := `
			$server = stream_socket_server('tcp://127.0.0.1:0');
			$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			$signals = [];
			pcntl_async_signals(true);
			pcntl_signal(SIGALRM, function ($signo) use (&$signals) { $signals[] = $signo; });
			set_error_handler(fn($no, $text) => print preg_replace('/max_fd=\d+/', '', $text) . "\n");
			pcntl_alarm(1);
			$begin = microtime(true);
			` + call + `;
			echo implode(',', $signals), ' after ', round(microtime(true) - $begin), " s\n";`
		t.Run(name, func(t *testing.T) { require.Equal(t, oracle(t, code), output(t, e, code)) })
	}
}

func TestSignalToTheProcess(t *testing.T) {
	if isolated(t) {
		return
	}
	sender := make(chan int, 1)
	e := startWith(t, phpext.Function{Prototype: "host_kill(): void", Call: func(*phpext.Call) (phpext.Value, error) {
		go func() {
			cmd := exec.Command("sh", "-c", fmt.Sprintf("sleep 0.3; kill -USR1 %d", os.Getpid()))
			_ = cmd.Start()
			sender <- cmd.Process.Pid
			_ = cmd.Wait()
		}()
		return phpext.Null(), nil
	}})
	out := output(t, e, `
		$stop = null;
		pcntl_async_signals(true);
		pcntl_signal(SIGUSR1, function ($signo, $info) use (&$stop) { $stop = $info; });
		host_kill();
		$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		$begin = microtime(true);
		while (!$stop) {
			$r = $pair;
			$w = $x = null;
			if (@stream_select($r, $w, $x, 5) === 0) die('a signal does not end the wait');
		}
		echo $stop['signo'], ' ', $stop['pid'], ' ', $stop['uid'], ' ', $stop['code'], ' ', microtime(true) - $begin < 3 ? 'soon' : 'late';`)
	require.Equal(t, fmt.Sprintf("10 %d %d %d soon", <-sender, os.Getuid(), 0), out)
}

// What a script handled is the host's again after the run.
func TestSignalsAreGivenBack(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	notified := make(chan os.Signal, 1)
	signal.Notify(notified, unix.SIGUSR1, unix.SIGTERM, unix.SIGUSR2)
	defer signal.Stop(notified)
	before := make(map[unix.Signal]kernelAction)
	for signo := unix.Signal(1); signo < 65; signo++ {
		before[signo] = actionOf(signo)
	}
	for range 3 {
		require.Equal(t, "SIGUSR1", output(t, e, `
			pcntl_async_signals(true);
			pcntl_signal(SIGUSR1, function () { echo 'SIGUSR1'; });
			pcntl_signal(SIGTERM, SIG_IGN);
			pcntl_signal(SIGUSR2, SIG_DFL);
			pcntl_signal(SIGCHLD, fn() => null);
			exec('kill -USR1 ' . getmypid() . ' && kill -TERM ' . getmypid());
			usleep(1000);`))
		require.Empty(t, notified)
		for signo, action := range before {
			require.Equal(t, action, actionOf(signo), signo)
		}
		for _, signo := range []unix.Signal{unix.SIGUSR1, unix.SIGTERM, unix.SIGUSR2} {
			require.NoError(t, unix.Kill(os.Getpid(), signo))
			select {
			case got := <-notified:
				require.Equal(t, os.Signal(signo), got)
			case <-time.After(patience):
				require.Fail(t, "the host no longer gets its signals", signo)
			}
		}
	}
}

// release is "8.2" of the PHP that the tests were built with.
func release() string { return strings.Join(strings.Split(bridge.Version(), ".")[:2], ".") }
