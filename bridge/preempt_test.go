package bridge_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// What /proc says of signal 23 and signal 13 in a set.
const (
	urgBit  = 1 << (unix.SIGURG - 1)
	pipeBit = 1 << (unix.SIGPIPE - 1)
)

// mask reads the value of a "SigBlk" line.
func mask(t *testing.T, hex string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimSpace(strings.TrimPrefix(hex, "SigBlk:")), 16, 64)
	require.NoError(t, err)
	return n
}

// spin keeps the thread in Go for about as long as the runtime lets a goroutine run before
// it sends SIGURG to its thread.
var spin = phpext.Function{Prototype: "host_spin(): void", Call: func(*phpext.Call) (phpext.Value, error) {
	for begin := time.Now(); time.Since(begin) < 10*time.Millisecond; {
	}
	return phpext.Null(), nil
}}

// Go stops goroutines with SIGURG, which must not end the script's waits.
func TestPreemptionDoesNotInterrupt(t *testing.T) {
	if isolated(t) {
		return
	}
	e := startWith(t, spin, phpext.Function{Prototype: "host_preempt(): bool", Call: func(*phpext.Call) (phpext.Value, error) {
		thread := unix.Gettid()
		go func() {
			for range 20 {
				time.Sleep(20 * time.Millisecond)
				_ = unix.Tgkill(os.Getpid(), thread, unix.SIGURG)
			}
		}()
		return phpext.Bool(mask(t, statusOf(t, thread, "SigBlk"))&urgBit != 0), nil
	}})
	for range 2 {
		require.Equal(t, "1 0 true 0 in time", output(t, e, `
			echo host_preempt(), ' ';
			$begin = microtime(true);
			echo sleep(1), ' ';
			host_preempt();
			echo var_export(time_nanosleep(0, 500_000_000), true), ' ';
			host_preempt();
			$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			$r = $pair;
			$w = $x = null;
			echo var_export(stream_select($r, $w, $x, 0, 500_000), true), ' ';
			echo microtime(true) - $begin >= 2 ? 'in time' : 'too soon';`))
	}
	churn(t)
	require.Equal(t, "100", output(t, e, `
		$undisturbed = 0;
		for ($i = 0; $i < 100; $i++) {
			host_spin();
			$undisturbed += time_nanosleep(0, 3_000_000) === true;
		}
		echo $undisturbed;`))
}

// A program inherits the mask of the thread that starts it.
func TestProgramsDoNotInheritTheMask(t *testing.T) {
	if isolated(t) {
		return
	}
	const show = `'grep SigBlk /proc/self/status'`
	calls := map[string]string{
		"exec":       `echo exec(` + show + `)`,
		"shell_exec": `echo shell_exec(` + show + `)`,
		"backticks":  "echo `grep SigBlk /proc/self/status`",
		"system":     `system(` + show + `)`,
		"passthru":   `passthru(` + show + `)`,
		"popen":      `echo fgets(popen(` + show + `, 'r'))`,
		"proc_open":  `$p = proc_open(` + show + `, [1 => ['pipe', 'w']], $pipes); echo fgets($pipes[1]); proc_close($p)`,
		"an array":   `$p = proc_open(['grep', 'SigBlk', '/proc/self/status'], [1 => ['pipe', 'w']], $pipes); echo fgets($pipes[1]); proc_close($p)`,
		"pcntl_exec": `$f = tempnam('/tmp', 'mask');
			if (pcntl_fork() === 0) pcntl_exec('/bin/sh', ['-c', ` + show + ` . " >$f"]);
			pcntl_wait($status);
			echo file_get_contents($f);
			unlink($f)`,
		"a callback": `echo array_map('shell_exec', [` + show + `])[0]`,
		"mail":       `mail('a', 'b', 'c'); echo file_get_contents(ini_get('user_agent'))`,
	}
	sent := writeFile(t, "sent", "")
	e := startWith(t, threadID)
	ini := map[string]string{"sendmail_path": "grep SigBlk /proc/self/status >" + sent + "; cat >/dev/null #", "user_agent": sent}
	for name, code := range calls {
		t.Run(name, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{Code: code + ";", INI: ini})
			require.NoError(t, err)
			// SIGPIPE may be blocked instead of ignored, which programs that PHP starts expect.
			require.Zero(t, mask(t, out)&^pipeBit, out)
			// Here, it is blocked again, also after programs that could not be started.
			require.NotZero(t, mask(t, output(t, e, `
				@exec('/no/such/program 2>/dev/null');
				try { @exec(''); } catch (ValueError) {}
				preg_match('/SigBlk:.*/', file_get_contents('/proc/self/task/' . host_thread() . '/status'), $m);
				echo $m[0];`))&urgBit)
		})
	}
}

// The masks of a script are its own, whatever it leaves behind.
func TestScriptsMaskEndsWithTheRun(t *testing.T) {
	if isolated(t) {
		return
	}
	var thread int
	e := startWith(t, phpext.Function{Prototype: "host_thread(): int", Call: func(*phpext.Call) (phpext.Value, error) {
		thread = unix.Gettid()
		return phpext.Int(int64(thread)), nil
	}})
	output(t, e, `host_thread();`)
	before := statusOf(t, thread, "SigBlk")
	for _, code := range []string{
		`pcntl_sigprocmask(SIG_BLOCK, [SIGTERM, SIGUSR1]);`,
		`pcntl_sigprocmask(SIG_SETMASK, [SIGUSR2]);`,
		`pcntl_sigprocmask(SIG_SETMASK, []);`,
		`pcntl_sigprocmask(SIG_UNBLOCK, [SIGURG]); shell_exec('true');`,
	} {
		output(t, e, code)
		require.Equal(t, before, statusOf(t, thread, "SigBlk"), code)
	}
	require.Equal(t, "1", output(t, e, `pcntl_sigprocmask(SIG_SETMASK, []);
		preg_match('/SigBlk:.*([0-9a-f])[0-9a-f]{5}$/m', file_get_contents('/proc/self/task/' . host_thread() . '/status'), $m);
		echo hexdec($m[1]) >> 2 & 1;`), "a script made its waits interruptible by Go")
}
