package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

// The cancel ends every script, whatever it waits for. How soon, scripts/bench shows.
func TestCancelsEnd(t *testing.T) {
	want := map[string][]string{}
	for _, w := range waits.All() {
		want[w.Name] = []string{"ended", "ended"}
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"2", "."}, &out)
	if errors.Is(err, bridge.ErrUnavailable) {
		t.Skip(err)
	}
	require.NoError(t, err)
	got := map[string][]string{}
	for lines := json.NewDecoder(&out); lines.More(); {
		var m waits.Measured
		require.NoError(t, lines.Decode(&m))
		outcome := cmp.Or(m.Failure, "not ended")
		if m.Ended && m.Latency > 0 {
			outcome = "ended"
		}
		got[m.Name] = append(got[m.Name], outcome)
		require.Len(t, got[m.Name], m.Round)
	}
	require.Equal(t, want, got)
}

// What is not as it should be has no figure.
func TestMeasureFails(t *testing.T) {
	e, err := bridge.Start(t.Context(), bridge.Config{})
	if errors.Is(err, bridge.ErrUnavailable) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close(context.Background())) })
	noPeer := func() (*waits.Peer, error) { return nil, errors.New("no peer today") }
	for name, tt := range map[string]struct {
		wait waits.Wait
		want string
	}{
		"does not wait": {waits.Wait{Code: `echo 'up';`}, `did not wait: <nil>, with "up!"`},
		"fails":         {waits.Wait{Code: `nope();`}, "undefined function nope()"},
		"prints more":   {waits.Wait{Code: `echo 'up'; echo 'and away'; sleep($late);`}, `with "upand away"`},
		"has no peer":   {waits.Wait{Code: `echo 'up'; sleep($late);`, Peer: noPeer}, "no peer today"},
	} {
		t.Run(name, func(t *testing.T) {
			_, ended, err := measure(t.Context(), e, tt.wait)
			require.ErrorContains(t, err, tt.want)
			require.False(t, ended)
		})
	}
}

func TestSleeps(t *testing.T) {
	for stat, want := range map[string]bool{
		"12 (php) S 1 12": true, "12 (a) S 1) R 1 12": false, "12 (php) R 1 12": false, "12 (R) D 1": false, "": false,
	} {
		require.Equal(t, want, sleeps(stat), stat)
	}
	awaitSleep(-1) // a thread that is gone: not for ever
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"1"}, {"many", "."}, {"1", "("}, {"1", ".", "more"}} {
		require.Error(t, run(t.Context(), args, io.Discard), args)
	}
}
