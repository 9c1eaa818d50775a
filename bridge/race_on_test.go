//go:build race

package bridge_test

import "os"

const raceEnabled = true

// The race detector lets every process sleep for a second at its end, and these tests
// start hundreds.
func init() { _ = os.Setenv("GORACE", "atexit_sleep_ms=0") }
