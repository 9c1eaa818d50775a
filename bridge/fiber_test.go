package bridge_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// fiberFunctions are host functions that ask a lot of the stack they are called on.
var fiberFunctions = []phpext.Function{
	{Prototype: "host_collect(): int", Call: func(*phpext.Call) (phpext.Value, error) {
		runtime.GC()
		return phpext.Int(1), nil
	}},
	{Prototype: "host_descend(int $depth): int", Call: func(c *phpext.Call) (phpext.Value, error) {
		return phpext.Int(int64(descend(int(c.Int(0))))), nil
	}},
	{Prototype: "host_switch(): int", Call: func(*phpext.Call) (phpext.Value, error) {
		done := make(chan int)
		go func() { time.Sleep(time.Microsecond); done <- 1 }()
		return phpext.Int(int64(<-done)), nil
	}},
	{Prototype: "host_wait(): int", Call: func(c *phpext.Call) (phpext.Value, error) {
		return c.Background(func(context.Context) { runtime.GC() },
			func(*phpext.Call) (phpext.Value, error) { return phpext.Int(1), nil })
	}},
	{Prototype: "host_panic(): int", Call: func(c *phpext.Call) (phpext.Value, error) { panic(fmt.Sprint(descend(20))) }},
	warner,
}

// On a thread that Go made, all of this would end the process (golang.org/issue/62130).
func TestFibers(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{Functions: fiberFunctions, Logger: quiet()})
	churn(t)
	for name, code := range map[string]string{
		"eight that talk over sockets": `
			$server = stream_socket_server('tcp://127.0.0.1:0');
			$name = stream_socket_get_name($server, false);
			$all = [];
			for ($i = 0; $i < 4; $i++) {
				$all[] = new Fiber(function () use ($name, $i) { // a client
					$c = stream_socket_client("tcp://$name");
					for ($n = 0; $n < 50; $n++) {
						host_switch();
						fwrite($c, "$i $n\n");
						Fiber::suspend();
						if ($n % 10 === 0) host_collect();
						if (fgets($c) !== strrev("$i $n") . "\n") echo "wrong\n";
					}
					fwrite($c, "bye\n");
				});
				$all[] = new Fiber(function () use ($server) {
					$c = stream_socket_accept($server);
					while (($line = fgets($c)) !== "bye\n") {
						host_descend(50);
						fwrite($c, strrev(rtrim($line)) . "\n");
						Fiber::suspend();
					}
				});
			}
			foreach ($all as $fiber) $fiber->start();
			for ($rounds = 0; $all; $rounds++) {
				foreach ($all as $key => $fiber) {
					if ($fiber->isTerminated()) unset($all[$key]); else $fiber->resume();
				}
			}
			echo $rounds > 40 ? 'good' : $rounds;`,
		"nested": `
			$nest = function (int $depth) use (&$nest) {
				host_collect();
				if ($depth) {
					$f = new Fiber($nest);
					$f->start($depth - 1);
					host_descend(100);
					while (!$f->isTerminated()) { Fiber::suspend(); host_switch(); $f->resume(); }
				} else {
					Fiber::suspend();
				}
				host_wait();
			};
			$f = new Fiber($nest);
			$f->start(30);
			while (!$f->isTerminated()) $f->resume();
			echo 'good';`,
		"thousands": `
			for ($i = $sum = 0; $i < 5000; $i++) {
				$f = $keep[$i % 100] = new Fiber(function () { Fiber::suspend(host_switch()); });
				$sum += $f->start() + host_descend(5) + ($i % 500 ? 1 : host_collect());
			}
			echo $sum === 10000 ? 'good' : $sum;`,
		"panics": `
			for ($i = $caught = 0; $i < 300; $i++) {
				$f = new Fiber(function () { try { host_panic(); } catch (Error $e) { Fiber::suspend($e); host_panic(); } });
				$caught += $f->start() instanceof Error;
				try { $f->resume(); } catch (Error $e) { $caught++; }
			}
			echo $caught === 600 ? 'good' : $caught;`,
		"warnings that switch": `
			ini_set('display_errors', 0); // PHP calls no handler from below another
			set_error_handler(function () { if (Fiber::getCurrent()) Fiber::suspend(); host_collect(); return true; });
			$fibers = [];
			for ($i = 0; $i < 8; $i++) ($fibers[] = new Fiber(function () use (&$ref) { host_warn(1000, $ref); }))->start();
			while ($fibers) foreach ($fibers as $i => $f) if ($f->isTerminated()) unset($fibers[$i]); else $f->resume();
			echo $ref === 'after' ? 'good' : $ref;`,
		"dropped in the middle": `
			for ($i = 0; $i < 500; $i++) {
				$f = new Fiber(function () { try { host_switch(); Fiber::suspend(); } finally { host_descend(30); } });
				$f->start();
				unset($f);
			}
			echo 'good';`,
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, "good", output(t, e, code))
			requireClean(t, e)
		})
	}
}

// Go's own code runs on the fiber's stack, too, which scripts may make small.
func TestSmallFiberStacks(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{Functions: fiberFunctions, Logger: quiet()})
	churn(t)
	sizes := []string{"16K", "32K", "64K"}
	if release() != "8.2" {
		sizes = []string{"64K", "128K"} // later releases keep up to 48K for themselves, and refuse less
	}
	for _, size := range sizes {
		t.Run(size, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{INI: map[string]string{"fiber.stack_size": size}, Code: `
				for ($i = $sum = 0; $i < 50; $i++) {
					$f = new Fiber(function () {
						host_descend(200);
						if (rand(0, 9) === 0) host_collect();
						$s = stream_socket_server('tcp://127.0.0.1:0', $no, $text);
						$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false));
						fwrite(stream_socket_accept($s), "x\n");
						try { host_panic(); } catch (Error) {}
						Fiber::suspend(host_wait() + strlen(fgets($c)));
					});
					$sum += $f->start();
				}
				echo $sum;`})
			require.NoError(t, err)
			require.Equal(t, "150", out)
			requireClean(t, e)
		})
	}
}
