package bridge_test

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// Goroutines of the parent serve the virtual sockets of a child. When the parent is gone the
// child sees the end of them, although it was born with copies of all that the parent had.
func TestForkedChildOutlivesTheHost(t *testing.T) {
	const variable = "PHPSOCK_TEST_RESULT"
	result := os.Getenv(variable)
	if result == "" {
		result = writeFile(t, "result", "")
		t.Setenv(variable, result)
	}
	if isolated(t) {
		require.Eventually(t, func() bool {
			said, err := os.ReadFile(result)
			return err == nil && string(said) == `["hello\n","",true]`
		}, patience, 5*time.Millisecond)
		return
	}
	ours, theirs := net.Pipe()
	go func() { _, _ = io.WriteString(ours, "hello\n") }()
	e := start(t, bridge.Config{})
	_, _, err := run(t, e, bridge.Request{Vars: map[string]any{"conn": theirs, "result": result}, Code: `
		[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		if (pcntl_fork() === 0) {
			pcntl_alarm(5);
			$line = fgets($conn);
			fwrite($b, 'the rest is up to me');
			file_put_contents($result, json_encode([$line, fread($conn, 10), feof($conn)]));
			exit;
		}
		fread($a, 100);`})
	require.NoError(t, err)
	// The connection is left open: it ends with this process.
}
