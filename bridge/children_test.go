package bridge_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// zombies counts children of this process that have ended and that nobody waited for.
func zombies(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err)
	n := 0
	for _, entry := range entries {
		stat, err := os.ReadFile("/proc/" + entry.Name() + "/stat")
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if strings.HasPrefix(rest, fmt.Sprintf("Z %d ", os.Getpid())) {
			n++
		}
	}
	return n
}

// Children that scripts start and do not wait for must not pile up in a host that lives on.
func TestChildrenAreReaped(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{})
	for range 20 {
		require.Equal(t, "ok", output(t, e, `$p = pcntl_fork(); if (!$p) exit(0); usleep(1000); echo 'ok';`))
	}
	require.Eventually(t, func() bool {
		output(t, e, "")
		return zombies(t) == 0
	}, patience, 10*time.Millisecond)
}
