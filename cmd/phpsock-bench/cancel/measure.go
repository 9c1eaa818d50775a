package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

// settle is how long a script that is "up" gets before it is looked at, and a random part
// of varies more. Then it counts as waiting when its thread sleeps asleep times in a row,
// or after enough.
const (
	settle, varies = 3 * time.Millisecond, 2 * time.Millisecond
	asleep         = 3
	enough         = time.Second
)

var errCancelled = errors.New("cancelled by the benchmark")

// measure runs a script, cancels it while it waits, and returns how long the run went on
// after that; ended is false where the cancel did not end it.
func measure(ctx context.Context, e *bridge.Engine, w waits.Wait) (latency time.Duration, ended bool, err error) {
	peer := &waits.Peer{}
	if w.Peer != nil {
		if peer, err = w.Peer(); err != nil {
			return 0, false, err
		}
	}
	defer peer.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &canceller{cancel: cancel, tooLate: peer.Close, busy: w.Busy}
	vars := map[string]any{"late": int(waits.Late / time.Second)}
	maps.Copy(vars, peer.Vars)
	var log bytes.Buffer
	_, err = e.Run(ctx, bridge.Request{
		Code: w.Code + ` echo '!';`, Vars: vars, Output: c, Log: &log,
		INI: map[string]string{"default_socket_timeout": strconv.Itoa(int(waits.Late / time.Second))},
	})
	latency, ok := c.stop(time.Now())
	if !ok || !errors.Is(err, errCancelled) || c.printed.String() != "up" {
		return 0, false, fmt.Errorf("the script did not wait: %s, with %q %q", fmt.Sprint(err), c.printed.String(), log.String())
	}
	return latency, latency < waits.Limit, nil
}

// canceller is the Output of a script. It cancels when the script has begun to print and
// waits, and calls tooLate when that does not end it.
type canceller struct {
	cancel  context.CancelCauseFunc
	tooLate func()
	busy    bool // the script does not wait
	printed bytes.Buffer

	mu        sync.Mutex
	timer     *time.Timer // to cancel, and then for tooLate
	cancelled time.Time
	returned  bool
}

func (c *canceller) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer == nil {
		thread := unix.Gettid() // PHP's, which writes
		c.timer = time.AfterFunc(settle+rand.N(varies), func() {
			if !c.busy {
				awaitSleep(thread)
			}
			c.now()
		})
	}
	return c.printed.Write(p)
}

// awaitSleep waits until a thread of this process sleeps.
func awaitSleep(thread int) {
	path := fmt.Sprintf("/proc/self/task/%d/stat", thread)
	began := time.Now()
	for n := 0; n < asleep && time.Since(began) < enough; {
		stat, _ := os.ReadFile(path)
		if n++; !sleeps(string(stat)) {
			n = 0
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// sleeps reads the state that follows the name in /proc/PID/stat.
func sleeps(stat string) bool {
	_, state, _ := strings.Cut(stat[strings.LastIndexByte(stat, ')')+1:], " ")
	return strings.HasPrefix(state, "S")
}

func (c *canceller) now() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.returned {
		return
	}
	c.timer = time.AfterFunc(waits.Limit, c.tooLate)
	c.cancelled = time.Now()
	c.cancel(errCancelled)
}

// stop is called when the run has returned; ok is false if it was not cancelled before.
func (c *canceller) stop(returned time.Time) (latency time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.returned = true
	if c.timer != nil {
		c.timer.Stop()
	}
	return returned.Sub(c.cancelled), !c.cancelled.IsZero()
}
