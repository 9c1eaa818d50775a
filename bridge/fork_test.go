package bridge_test

import (
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

// A child of pcntl_fork() has no Go runtime; what a script does with sockets that are
// open goes on in it, as on PHP's own command line.
func TestForkLikePHP(t *testing.T) {
	command := buildCommand(t)
	for name, code := range map[string]string{
		"exit statuses": `
			foreach ([0, 1, 7, 255] as $status) {
				if (($pid = pcntl_fork()) === 0) exit($status);
				var_dump(pcntl_waitpid($pid, $s) === $pid, pcntl_wifexited($s), pcntl_wexitstatus($s));
			}`,
		"the end of the script": `
			if (($pid = pcntl_fork()) === 0) return;
			var_dump(pcntl_waitpid($pid, $s) === $pid, $s);`,
		"a fatal error": `
			if (($pid = pcntl_fork()) === 0) no_such_function();
			var_dump(pcntl_waitpid($pid, $s) === $pid, pcntl_wexitstatus($s));`,
		"shutdown functions": `
			register_shutdown_function(function () { echo "shutdown\n"; exit(3); });
			if (($pid = pcntl_fork()) === 0) exit(1);
			pcntl_waitpid($pid, $s);
			var_dump(pcntl_wexitstatus($s));`,
		"buffered output": `
			ob_start();
			echo "from both\n";
			if (($pid = pcntl_fork()) === 0) { echo "child\n"; exit; }
			pcntl_waitpid($pid, $s);
			echo "parent\n";`,
		"a killed child": `
			foreach ([SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGALRM, SIGQUIT] as $signo) {
				if (($pid = pcntl_fork()) === 0) { sleep(10); exit(1); }
				usleep(50_000);
				exec("kill -$signo $pid");
				pcntl_waitpid($pid, $s);
				echo $signo, pcntl_wifsignaled($s) ? ' ended it: ' . pcntl_wtermsig($s) : ' ended ' . pcntl_wexitstatus($s), "\n";
			}`,
		"signals in the child": `
			pcntl_async_signals(true);
			pcntl_signal(SIGTERM, function ($signo) { echo "got $signo\n"; exit(5); });
			if (($pid = pcntl_fork()) === 0) { sleep(10); exit(1); }
			usleep(50_000);
			exec("kill -TERM $pid");
			pcntl_waitpid($pid, $s);
			var_dump(pcntl_wexitstatus($s));`,
		"an alarm in the child": `
			$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			if (($pid = pcntl_fork()) === 0) {
				pcntl_async_signals(true);
				pcntl_signal(SIGALRM, function () { echo "alarm\n"; });
				pcntl_alarm(1);
				var_dump(sleep(5) > 2);
				pcntl_alarm(1);
				$r = $pair;
				$w = $x = null;
				var_dump(@stream_select($r, $w, $x, 5));
				exit;
			}
			pcntl_waitpid($pid, $s);
			var_dump($s);`,
		"a pair of sockets": `
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			if (($pid = pcntl_fork()) === 0) {
				fclose($a);
				for ($i = 0; $i < 1000; $i++) fwrite($b, strrev(rtrim(fgets($b))) . "\n");
				exit;
			}
			fclose($b);
			for ($i = $sum = 0; $i < 1000; $i++) { fwrite($a, "$i\n"); $sum += (int) fgets($a); }
			pcntl_waitpid($pid, $s);
			var_dump($sum, fgets($a), feof($a));`,
		"select": `
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			if (($pid = pcntl_fork()) === 0) {
				$r = [$b]; $w = [$b]; $x = null;
				var_dump(stream_select($r, $w, $x, 5), count($r), count($w));
				$r = [$b]; $w = null;
				var_dump(stream_select($r, $w, $x, 0, 1000), count($r));
				fwrite($b, "ready\n");
				$r = [$b];
				var_dump(stream_select($r, $w, $x, 5), fgets($b));
				exit;
			}
			echo fgets($a);
			fwrite($a, "go\n");
			pcntl_waitpid($pid, $s);
			var_dump($s);`,
		"workers on one listener": `
			$server = stream_socket_server('tcp://127.0.0.1:0');
			$name = stream_socket_get_name($server, false);
			for ($pids = [], $i = 0; $i < 4; $i++) {
				if (($pids[$i] = pcntl_fork()) === 0) {
					for ($n = 0; $n < 5 && ($c = stream_socket_accept($server, 5, $peer)); $n++) {
						fwrite($c, strtoupper(fgets($c)) . ($peer === stream_socket_get_name($c, true)));
						fclose($c);
					}
					exit($n);
				}
			}
			for ($i = 0; $i < 20; $i++) {
				$c = stream_socket_client("tcp://$name");
				fwrite($c, "hello\n");
				if (stream_get_contents($c) !== "HELLO\n1") echo "wrong\n";
			}
			foreach ($pids as $pid) { pcntl_waitpid($pid, $s); var_dump(pcntl_wexitstatus($s)); }`,
		"a worker without work": `
			$server = stream_socket_server('tcp://127.0.0.1:0');
			set_error_handler(fn($no, $text) => print "$text\n");
			if (($pid = pcntl_fork()) === 0) { var_dump(stream_socket_accept($server, 0.05)); exit(4); }
			pcntl_waitpid($pid, $s);
			var_dump(pcntl_wexitstatus($s));`,
		"datagrams": `
			$server = stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND);
			$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
			if (($pid = pcntl_fork()) === 0) {
				$data = stream_socket_recvfrom($server, 100, 0, $from);
				stream_socket_sendto($server, strrev($data), 0, $from);
				exit;
			}
			fwrite($client, 'abc');
			var_dump(fread($client, 100));
			pcntl_waitpid($pid, $s);`,
		"grandchildren": `
			if (pcntl_fork() === 0) {
				if (($pid = pcntl_fork()) === 0) exit(6);
				pcntl_waitpid($pid, $s);
				exit(pcntl_wexitstatus($s) + 1);
			}
			pcntl_wait($s);
			var_dump(pcntl_wexitstatus($s));`,
		"fibers": `
			if (($pid = pcntl_fork()) === 0) {
				for ($i = 0; $i < 100; $i++) {
					$f = new Fiber(function () { Fiber::suspend(str_repeat('x', 100)); });
					echo strlen($f->start()) === 100 ? '' : 'wrong';
				}
				exit(8);
			}
			pcntl_waitpid($pid, $s);
			var_dump(pcntl_wexitstatus($s));`,
		"programs": `
			if (($pid = pcntl_fork()) === 0) { passthru('echo from a program'); exit; }
			pcntl_waitpid($pid, $s);
			var_dump($s);`,
	} {
		t.Run(name, func(t *testing.T) {
			native, ours := twins(t, command, code)
			require.Equal(t, native, ours)
		})
	}
}

// What needs Go says so, and does not hang.
func TestForkHostFunctions(t *testing.T) {
	command := buildCommand(t)
	_, ours := twins(t, command, `
		$server = stream_socket_server('tcp://127.0.0.1:0');
		$address = 'tcp://' . stream_socket_get_name($server, false);
		if (($pid = pcntl_fork()) === 0) {
			foreach ([
				fn() => stream_socket_server('tcp://127.0.0.1:0'),
				fn() => stream_socket_client($address),
				fn() => stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0),
			] as $call) {
				try {
					var_dump($call());
				} catch (Error $e) {
					echo get_class($e), ': ', $e->getMessage(), "\n";
				}
			}
			exit(2);
		}
		pcntl_waitpid($pid, $s);
		echo pcntl_wexitstatus($s), ' ', get_resource_type(stream_socket_client($address));`)
	const reason = "() needs the host program, which a child of pcntl_fork() does not have\n"
	require.Equal(t, "Error: stream_socket_server"+reason+"Error: stream_socket_client"+reason+
		"Error: stream_socket_pair"+reason+"2 stream", ours.stdout)
}

// Forks while the host's goroutines are in the middle of everything.
func TestForkOfABusyHost(t *testing.T) {
	if isolated(t) {
		return
	}
	var atExit strings.Builder
	e := startWith(t, reply("host_answer(): int", phpext.Int(42)))
	churn(t)
	stop := make(chan struct{})
	var watching sync.WaitGroup
	for range 2 {
		watching.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					e.Sockets().List()
				}
			}
		})
	}
	result := writeFile(t, "result", "")
	out, _, err := run(t, e, bridge.Request{Output: &atExit, Args: []string{result}, Code: `
		$server = stream_socket_server('tcp://127.0.0.1:0');
		$good = 0;
		for ($i = 0; $i < 200; $i++) {
			[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
			if (($pid = pcntl_fork()) === 0) {
				pcntl_alarm(10); // of a child that hangs, nothing else is heard
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
		file_put_contents($argv[1], $good);`})
	close(stop)
	watching.Wait()
	require.NoError(t, err, out)
	good, err := os.ReadFile(result)
	require.NoError(t, err)
	require.Equal(t, "200", string(good))
	require.Empty(t, atExit.String())
	require.EqualValues(t, 401, e.Sockets().Opened())
	require.Zero(t, e.Sockets().Len())
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
