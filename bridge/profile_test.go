package bridge_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
)

// requireSamples checks that a CPU profile has samples in a library.
func requireSamples(t *testing.T, profile []byte, library string) {
	t.Helper()
	raw, err := exec.CommandContext(t.Context(), "go", "tool", "pprof", "-raw",
		writeFile(t, "cpu.pprof", string(profile))).CombinedOutput()
	require.NoError(t, err, "%s", raw)
	mapping := regexp.MustCompile(`(?m)^(\d+): .*` + library).FindSubmatch(raw)
	require.NotNil(t, mapping, "%s", raw)
	require.Contains(t, string(raw), " M="+string(mapping[1])+" ")
}

// The host's CPU profile goes on through runs, and PHP's time limit through the profile.
func TestCPUProfile(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{INI: []string{"max_input_time=60", "max_execution_time=60"}})
	var profile bytes.Buffer
	require.NoError(t, pprof.StartCPUProfile(&profile))
	handler := actionOf(unix.SIGPROF)
	busy := `for ($i = $sum = 0; $i < 200_000; $i++) $sum += $i; echo $sum;`
	for i := range 200 {
		out, result, err := run(t, e, bridge.Request{
			Code: fmt.Sprintf(`set_time_limit(%d); pcntl_signal(SIGPROF, fn() => exit(9)); %s`, i%3*20, busy),
			INI:  map[string]string{"max_execution_time": fmt.Sprint(i % 2 * 30)},
		})
		require.NoError(t, err)
		require.Equal(t, "19999900000", out)
		require.Zero(t, result.ExitStatus)
		require.Equal(t, handler, actionOf(unix.SIGPROF))
		timer, err := unix.Getitimer(unix.ItimerProf)
		require.NoError(t, err)
		require.NotZero(t, timer.Interval.Usec, "the profile's timer was stopped")
	}
	for _, limited := range []bridge.Request{
		{Code: `while (true);`, INI: map[string]string{"max_execution_time": "1"}},
		{Code: `set_time_limit(1); while (true);`},
		{Code: `ini_set('max_execution_time', 1); $f = new Fiber(function () { while (true); }); $f->start();`},
	} {
		begin := time.Now()
		out, result, err := run(t, e, limited)
		require.ErrorContains(t, err, "Maximum execution time of 1 second exceeded", out)
		require.Equal(t, 255, result.ExitStatus)
		require.GreaterOrEqual(t, time.Since(begin), 900*time.Millisecond)
	}
	pprof.StopCPUProfile()
	requireSamples(t, profile.Bytes(), "libphp")
	// Without a limit there is none, whatever came before.
	require.Equal(t, "done", output(t, e, `$end = hrtime(true) + 1_500_000_000; while (hrtime(true) < $end); echo 'done';`))
}

// The limit counts the script's own processor time, and not that of the host's goroutines.
func TestTimeLimitCountsTheScriptsTime(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	churn(t)
	require.Equal(t, "done", output(t, e, `set_time_limit(1); for ($i = 0; $i < 20; $i++) usleep(100_000); echo 'done';`))
}
