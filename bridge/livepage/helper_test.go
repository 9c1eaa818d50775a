package livepage

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

var epoch = time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)

// fake is an engine whose clock goes on a second each time that somebody asks.
type fake struct {
	mu    sync.Mutex
	stats bridge.Stats
	clock time.Time
	tick  func(*fake) // what happens in that second, or nil
}

func newFake(sockets ...resources.Info) *fake {
	return &fake{
		clock: epoch,
		stats: bridge.Stats{
			Version: "8.2.36", Started: epoch.Add(-26 * time.Hour), Runs: 1, Opened: uint64(len(sockets)), Sockets: sockets,
		},
	}
}

func (f *fake) Stats() bridge.Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock = f.clock.Add(time.Second)
	if f.tick != nil {
		f.tick(f)
	}
	s := f.stats
	s.Sockets = append([]resources.Info(nil), s.Sockets...)
	return s
}

func (f *fake) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock
}

// handler is [Handler] with the fake's clock.
func (f *fake) handler() http.Handler { return &handler{source: f, now: f.now} }

// transfer counts bytes of the i-th socket.
func (f *fake) transfer(i int, in, out uint64) {
	f.stats.Sockets[i].BytesIn += in
	f.stats.Sockets[i].BytesOut += out
	f.stats.BytesIn += in
	f.stats.BytesOut += out
}

// busy is a server with n sockets: a listener, and connections of which one in seven has
// traffic.
func busy(n int) *fake {
	sockets := make([]resources.Info, n)
	for i := range sockets {
		sockets[i] = resources.Info{
			Handle: resources.Handle(i + 1), Transport: resources.TCP, Kind: resources.KindConn, FD: i + 5,
			Local: "127.0.0.1:8080", Remote: fmt.Sprintf("10.0.%d.%d:%d", i/250, i%250+1, 20000+i),
			Created: epoch.Add(-time.Duration(i*7) * time.Second), Accepted: true,
		}
	}
	sockets[0].Kind, sockets[0].Remote, sockets[0].Accepted = resources.KindListener, "", false
	f := newFake(sockets...)
	f.stats.Accepted = uint64(n - 1)
	f.stats.Run = &bridge.RunInfo{ID: 3, Script: "/srv/app/server.php", Started: epoch.Add(-90 * time.Second)}
	f.stats.Runs = 3
	f.stats.Recent = []bridge.RunInfo{
		{ID: 2, Script: "/srv/app/server.php", Started: epoch.Add(-2 * time.Hour), Ended: epoch.Add(-90 * time.Second), ExitStatus: 255,
			Err: "bridge: run: Uncaught Error: Call to undefined function f() in /srv/app/server.php on line 12"},
		{ID: 1, Started: epoch.Add(-3 * time.Hour), Ended: epoch.Add(-3*time.Hour + 30*time.Millisecond)},
	}
	seconds := uint64(0)
	f.tick = func(f *fake) {
		seconds++
		for i := 1; i < len(f.stats.Sockets); i += 7 {
			f.transfer(i, 100*(seconds%5+1)*uint64(i%13), 3000*(seconds%3+1))
		}
	}
	return f
}
