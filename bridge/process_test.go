package bridge_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
)

const showLimit = `preg_match('/^Max open files\s+(\d+)/m', file_get_contents('/proc/self/limits'), $m);
	echo $m[1], ' ', trim(shell_exec('ulimit -Sn'));`

// Go raises the limit of open files. A host may rely on that, a PHP program does not.
func TestFileLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		own  bool
		want string
	}{"in a host": {false, "raised raised"}, "in a process of its own": {true, "200 200"}} {
		t.Run(name, func(t *testing.T) {
			if isolated(t, "sh", "-c", `ulimit -Sn 200 && exec "$0" "$@"`) {
				return
			}
			var raised unix.Rlimit
			require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &raised))
			require.Greater(t, raised.Cur, uint64(200), "Go does not raise the limit any more")
			e := start(t, bridge.Config{OwnProcess: tt.own})
			require.Equal(t, strings.ReplaceAll(tt.want, "raised", fmt.Sprint(raised.Cur)), output(t, e, showLimit))
		})
	}
}

// The engine's command line is, for scripts and for those who start it, like PHP's.
func TestCommandLikePHP(t *testing.T) {
	command := buildCommand(t)
	for name, code := range map[string]string{
		"what programs inherit": `
			passthru('grep -E "^Sig(Blk|Ign)" /proc/self/status');
			pclose(popen('grep -E "^Sig(Blk|Ign)" /proc/self/status', 'w'));
			echo file_get_contents('php://filter/read=string.toupper/resource=data:,x');
			preg_match('/^SigIgn.*/m', file_get_contents('/proc/self/status'), $m);
			echo $m[0];`,
		"a closed pipe": `
			set_error_handler(fn($no, $text) => print "$text\n");
			$p = popen('exec true', 'w');
			usleep(100_000);
			var_dump(fwrite($p, 'x'));
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			fclose($b);
			var_dump(fwrite($a, 'x'));
			$p = proc_open(['true'], [['pipe', 'r']], $pipes);
			usleep(100_000);
			var_dump(fwrite($pipes[0], 'x'));`,
		"closed standard descriptors": `
			$trace = fopen($argv[1], 'a');
			$show = fn() => fwrite($trace, implode(' ', array_map(fn($fd) => file_exists("/proc/self/fd/$fd") ? $fd : '-', [0, 1, 2])) . "\n");
			$show();
			fclose(STDIN);
			$show();
			fclose(STDOUT);
			fclose(STDERR);
			$show();
			$in = fopen('/dev/null', 'r');
			$out = fopen($argv[1], 'a');
			$err = fopen('/dev/null', 'a');
			echo "to the file\n";
			$show();`,
		"dropped standard streams": `
			fclose(fopen('php://stdout', 'w'));
			$f = fopen('php://stdout', 'w'); fwrite($f, "still there\n"); unset($f);
			echo "and here\n";`,
		"the directory": `chdir('/usr'); passthru('pwd'); echo getcwd(), readlink('/proc/self/cwd');`,
		"the umask":     `umask(0); passthru('umask');`,
		"descriptors": `$before = count(scandir('/proc/self/fd'));
			for ($i = 0; $i < 10; $i++) $open[] = stream_socket_server('tcp://127.0.0.1:0');
			echo count(scandir('/proc/self/fd')) - $before, trim(shell_exec('ls /proc/self/fd | wc -l')) > 12 ? ' inherited' : ' not inherited';`,
		"too many open files": `
			for ($i = 0; $i < 300 && $s = @stream_socket_server('tcp://127.0.0.1:0', $no, $text); $i++) $open[] = $s;
			var_dump($i < 100, $i < 300);`,
	} {
		t.Run(name, func(t *testing.T) {
			traces := []string{writeFile(t, "native", ""), writeFile(t, "ours", "")}
			limited := func(trace string) []string {
				return []string{"sh", "-c", `ulimit -n 100; exec "$0" "$@"`, "PHP", trace}
			}
			native, _ := twinsUnder(t, command, code, limited(traces[0]))
			_, ours := twinsUnder(t, command, code, limited(traces[1]))
			require.Equal(t, native, ours)
			if strings.Contains(code, "$argv") {
				lines := make([]string, 2)
				for i, trace := range traces {
					data, err := os.ReadFile(trace)
					require.NoError(t, err)
					lines[i] = string(data)
				}
				// Both programs ran with both files.
				require.Equal(t, lines[0][:len(lines[0])/2], lines[0][len(lines[0])/2:])
				require.Equal(t, lines[0], lines[1])
				require.Contains(t, lines[0], "- - -")
			}
		})
	}
}

// twinsUnder is twins with a command before each program, which stands in for "PHP".
func twinsUnder(t *testing.T, command, code string, prefix []string) (native, ours finished) {
	t.Helper()
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	file := writeFile(t, "script.php", "<?php "+code)
	for i, f := range []*finished{&native, &ours} {
		args := append([]string(nil), prefix...)
		args[3] = []string{php, command}[i]
		args = append(args[:4:4], append([]string{"-n", "-d", "log_errors=0", file}, prefix[4:]...)...)
		*f = execute(t, exec.Command(args[0], args[1:]...))
	}
	return native, ours
}

// Without a handler a signal ends the command as it ends PHP's.
func TestSignalsEndTheCommand(t *testing.T) {
	command := buildCommand(t)
	for _, signo := range []string{"HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "VTALRM", "IO", "PIPE", "WINCH"} {
		t.Run(signo, func(t *testing.T) {
			native, ours := twins(t, command, `echo "begun\n"; exec('kill -`+signo+` ' . getmypid()); usleep(300_000); echo 'survived';`)
			require.Equal(t, native, ours)
		})
	}
	native, ours := twins(t, command, `pcntl_alarm(1); sleep(3); echo 'survived';`)
	require.Equal(t, native, ours)
}

// PHP_BINARY is something that understands php's options, or nothing.
func TestBinary(t *testing.T) {
	e := start(t, bridge.Config{})
	require.Equal(t, `''`, output(t, e, `var_export(PHP_BINARY);`))
	command := buildCommand(t)
	_, ours := twins(t, command, `echo PHP_BINARY, "\n"; passthru(PHP_BINARY . ' -n -r "echo 1 + 1, PHP_EOL;"');`)
	require.Equal(t, command+"\n2\n", ours.stdout)
}

// A closed pipe is an error for a script and nothing for the host.
func TestClosedPipesInAHost(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	for range 10 {
		require.Regexp(t, regexp.MustCompile(`(?s)^(fwrite\(\): Write of 1 bytes failed with errno=32 Broken pipe false ){2}done$`), output(t, e, `
			set_error_handler(fn($no, $text) => print "$text ");
			$p = popen('exec true', 'w');
			usleep(50_000);
			echo var_export(fwrite($p, 'x'), true), ' ';
			$p = proc_open(['true'], [['pipe', 'r']], $pipes);
			usleep(100_000);
			echo var_export(fwrite($pipes[0], 'x'), true), ' ';
			echo 'done';`))
	}
	time.Sleep(10 * time.Millisecond) // a signal that was kept back
	requireClean(t, e)
}
