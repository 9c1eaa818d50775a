package bridge_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
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

// There is no Go in a child: sockets that it makes are PHP's own.
func TestForkedChildMakesSockets(t *testing.T) {
	command := buildCommand(t)
	for name, code := range conversations {
		t.Run(name, func(t *testing.T) {
			native, ours := twins(t, command, `
				if (($pid = pcntl_fork()) === 0) {`+code+`exit(2); }
				pcntl_waitpid($pid, $s);
				echo pcntl_wexitstatus($s);`, filepath.Join(t.TempDir(), "s"))
			require.Equal(t, "good2", native.stdout)
			require.Equal(t, native, ours)
		})
	}
}
