package bridge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// The end of a program that a script has started interrupts neither that script nor the
// next one, unless it has asked for the signal.
func TestEndOfAChildInterruptsNothing(t *testing.T) {
	if isolated(t) {
		return
	}
	const child = `$p = proc_open(['sleep', '0.1'], [], $pipes); `
	e := start(t, bridge.Config{})
	for name, tt := range map[string]struct{ code, want string }{
		"sleep":  {child + `echo sleep(2);`, "0"},
		"accept": {child + `echo @stream_socket_accept(stream_socket_server('tcp://127.0.0.1:0'), 0.3) ? 'yes' : error_get_last()['message'];`, "stream_socket_accept(): Accept failed: Connection timed out"},
		"select": {child + `$r = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); $w = $x = null; echo stream_select($r, $w, $x, 0, 300_000);`, "0"},
		"asked for": {`pcntl_async_signals(true); pcntl_signal(SIGCHLD, function () { echo 'ended '; });` + child + `echo sleep(5) > 3 ? 'early' : 'late';`,
			"ended early"},
		"blocked": {`pcntl_async_signals(true); pcntl_signal(SIGCHLD, function () { echo 'ended'; }); pcntl_sigprocmask(SIG_BLOCK, [SIGCHLD]);` + child +
			`echo sleep(2), ' '; pcntl_sigprocmask(SIG_UNBLOCK, [SIGCHLD], $old); echo in_array(SIGCHLD, $old) ? ' was blocked' : '';`,
			"0 ended was blocked"},
		"waited for":  {`pcntl_sigprocmask(SIG_BLOCK, [SIGCHLD]); ` + child + `echo pcntl_sigtimedwait([SIGCHLD], $info, 5) === SIGCHLD ? 'ended' : 'lost';`, "ended"},
		"not blocked": {`pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR1], $old); echo in_array(SIGCHLD, $old) ? 'blocked' : 'no';`, "no"},
		"forked":      {`if (!($p = pcntl_fork())) { pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR1], $old); exit(in_array(SIGCHLD, $old) ? 1 : 0); } pcntl_waitpid($p, $status); echo $status;`, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, output(t, e, tt.code))
			requireClean(t, e)
		})
	}
	output(t, e, child)
	require.Equal(t, "0", output(t, e, `echo sleep(2);`), "the next script")
}
