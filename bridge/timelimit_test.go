package bridge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

func TestTimeLimit(t *testing.T) {
	e := start(t, bridge.Config{})
	const exceeded = "Maximum execution time of 1 second exceeded"
	tests := []struct {
		name string
		r    bridge.Request
		out  string // after the message
	}{
		{"set_time_limit", bridge.Request{Code: `set_time_limit(1); while (true);`}, ""},
		{"ini", bridge.Request{Code: `while (true);`, INI: map[string]string{"max_execution_time": "1"}}, ""},
		{"ini_set", bridge.Request{Code: `ini_set('max_execution_time', 1); while (true);`}, ""},
		{"not caught", bridge.Request{Code: `set_time_limit(1); try { while (true); } catch (Throwable) { echo 'caught'; } finally { echo 'finally'; }`}, ""},
		{"in a fiber", bridge.Request{Code: `set_time_limit(1); (new Fiber(function () { while (true); }))->start();`}, ""},
		{"shutdown functions run", bridge.Request{Code: `register_shutdown_function(function () { echo 'shut down'; }); set_time_limit(1); while (true);`}, "shut down"},
		{"sleep does not count", bridge.Request{Code: `set_time_limit(1); usleep(1_300_000); echo 'slept '; while (true);`}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, result, err := run(t, e, tt.r)
			var fatal *bridge.FatalError
			require.ErrorAs(t, err, &fatal)
			require.Equal(t, exceeded, fatal.Message)
			require.Equal(t, 1, fatal.Line)
			require.Equal(t, 255, result.ExitStatus)
			before := ""
			if tt.name == "sleep does not count" {
				before = "slept "
			}
			require.Equal(t, before+"\nFatal error: "+exceeded+" in Command line code on line 1\n"+tt.out, out)
			requireClean(t, e)
		})
	}
}

func TestTimeLimitPlural(t *testing.T) {
	if testing.Short() {
		t.Skip("takes two seconds")
	}
	e := start(t, bridge.Config{INI: []string{"max_execution_time=2"}})
	require.Equal(t, "2", output(t, e, `echo ini_get('max_execution_time');`))
	_, _, err := run(t, e, bridge.Request{Code: `while (true);`})
	require.ErrorContains(t, err, "Maximum execution time of 2 seconds exceeded")
}

func TestTimeLimitCountsProcessorTime(t *testing.T) {
	e := start(t, bridge.Config{})
	began := time.Now()
	require.Equal(t, "woke", output(t, e, `set_time_limit(1);
		[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); stream_set_timeout($a, 1, 500000); fread($a, 1); echo 'woke';`))
	require.Greater(t, time.Since(began), 1400*time.Millisecond)
}

func TestTimeLimitIsReset(t *testing.T) {
	e := start(t, bridge.Config{})
	const busy = `function busy($s) { for ($end = hrtime(true) + $s * 1e9; hrtime(true) < $end;); } `
	require.Equal(t, "done", output(t, e, busy+`for ($i = 0; $i < 4; $i++) { set_time_limit(1); busy(.4); } echo 'done';`), "each call starts anew")
	require.Equal(t, "done", output(t, e, busy+`set_time_limit(1); set_time_limit(0); busy(1.3); echo 'done';`), "0 is no limit")
	require.Equal(t, "done", output(t, e, `set_time_limit(1); echo 'done';`))
	require.Equal(t, "done", output(t, e, busy+`busy(1.3); echo 'done';`), "the limit outlived its run")
}
