package livepage

import (
	"cmp"
	"slices"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// maxRecent is how many of the runs that have ended are reported.
const maxRecent = 20

// Report is what the page fetches: the engine at one moment. Fields may be added to it.
// Times are as the server's clock has them, ages and durations in seconds, rates in
// bytes per second and null where they are not known. Names are text: what cannot be
// printed is escaped as in Go, "\x00", and so is a backslash.
type Report struct {
	Version  string    `json:"version"` // PHP's
	Now      time.Time `json:"now"`
	Started  time.Time `json:"started"`
	Uptime   float64   `json:"uptime"`
	Draining bool      `json:"draining"`

	Runs   uint64 `json:"runs"` // have begun
	Run    *Run   `json:"run"`  // under way, or null
	Recent []Run  `json:"recent"`

	Opened   uint64   `json:"opened"` // sockets since the start
	Accepted uint64   `json:"accepted"`
	BytesIn  uint64   `json:"bytes_in"`
	BytesOut uint64   `json:"bytes_out"`
	RateIn   *float64 `json:"rate_in"`
	RateOut  *float64 `json:"rate_out"`

	Open   int     `json:"open"` // sockets, filtered or not
	Groups []Group `json:"groups"`

	Sort    string   `json:"sort"` // the view, as it was understood
	Desc    bool     `json:"desc"`
	Query   string   `json:"q"`
	Limit   int      `json:"limit"`
	Page    int      `json:"page"`
	Pages   int      `json:"pages"`
	Matched int      `json:"matched"` // sockets on all pages
	Sockets []Socket `json:"sockets"` // those of this page

	History History `json:"history"`
}

// Run is a run of a script.
type Run struct {
	ID         uint64    `json:"id"`
	Script     string    `json:"script"` // "": code given as text
	Started    time.Time `json:"started"`
	Duration   float64   `json:"duration"`
	ExitStatus int       `json:"exit_status"`
	Error      string    `json:"error"`
}

// Group counts the open sockets of one sort.
type Group struct {
	Transport string `json:"transport"`
	Kind      string `json:"kind"`
	Open      int    `json:"open"`
}

// Socket is an open socket.
type Socket struct {
	Handle    uint64 `json:"handle"`
	Transport string `json:"transport"`
	Kind      string `json:"kind"`
	// State is "listening", "bound", "accepted", "dialled", "paired", "unbound", or
	// "closing" for one without a descriptor; "persistent" and "virtual" may follow.
	State    string   `json:"state"`
	FD       int      `json:"fd"` // -1: none
	Local    string   `json:"local"`
	Remote   string   `json:"remote"`
	Age      float64  `json:"age"`
	BytesIn  uint64   `json:"bytes_in"`
	BytesOut uint64   `json:"bytes_out"`
	RateIn   *float64 `json:"rate_in"`
	RateOut  *float64 `json:"rate_out"`
}

// History is the last minutes, a column for each quantity, the oldest first. It has
// samples of the time in which somebody looked.
type History struct {
	Time    []int64    `json:"time"` // milliseconds since 1970
	Open    []int      `json:"open"`
	RateIn  []*float64 `json:"rate_in"`
	RateOut []*float64 `json:"rate_out"`
}

func newReport(now time.Time, stats *bridge.Stats, s *sampler, v view) *Report {
	r := &Report{
		Version: stats.Version, Now: now, Started: stats.Started, Draining: stats.Draining,
		Runs: stats.Runs, Recent: []Run{},
		Opened: stats.Opened, Accepted: stats.Accepted, BytesIn: stats.BytesIn, BytesOut: stats.BytesOut,
		Open: len(stats.Sockets), Groups: groups(stats.Sockets),
		Sort: v.sort, Desc: v.desc, Query: v.query, Limit: v.limit,
		History: s.columns(),
	}
	if !stats.Started.IsZero() {
		r.Uptime = now.Sub(stats.Started).Seconds()
	}
	r.RateIn, r.RateOut = s.total().fields()
	if stats.Run != nil {
		run := newRun(now, stats.Run)
		r.Run = &run
	}
	for i := range stats.Recent[:min(len(stats.Recent), maxRecent)] {
		r.Recent = append(r.Recent, newRun(now, &stats.Recent[i]))
	}
	sockets := make([]Socket, len(stats.Sockets))
	for i := range stats.Sockets {
		sockets[i] = newSocket(now, &stats.Sockets[i], s)
	}
	r.Sockets, r.Matched, r.Pages = v.choose(sockets)
	r.Page = v.page
	return r
}

func newRun(now time.Time, info *bridge.RunInfo) Run {
	end := info.Ended
	if end.IsZero() {
		end = now
	}
	return Run{
		ID: info.ID, Script: printable(info.Script), Started: info.Started, Duration: end.Sub(info.Started).Seconds(),
		ExitStatus: info.ExitStatus, Error: printable(info.Err),
	}
}

func newSocket(now time.Time, info *resources.Info, s *sampler) Socket {
	socket := Socket{
		Handle: uint64(info.Handle), Transport: printable(string(info.Transport)), Kind: info.Kind.String(),
		State: state(info), FD: info.FD, Local: printable(info.Local), Remote: printable(info.Remote),
		Age: max(now.Sub(info.Created).Seconds(), 0), BytesIn: info.BytesIn, BytesOut: info.BytesOut,
	}
	socket.RateIn, socket.RateOut = s.sockets[info.Handle].rate.fields()
	return socket
}

func (r *rate) fields() (in, out *float64) {
	if r == nil {
		return nil, nil
	}
	return &r.in, &r.out
}

func state(info *resources.Info) string {
	state := ""
	switch {
	case info.Kind == resources.KindUnbound:
		state = "unbound"
	case info.FD < 0 && !info.Virtual:
		state = "closing"
	case info.Kind == resources.KindListener:
		state = "listening"
	case info.Kind == resources.KindBound:
		state = "bound"
	case info.Kind == resources.KindPair:
		state = "paired"
	case info.Accepted:
		state = "accepted"
	default:
		state = "dialled"
	}
	if info.Persistent {
		state += ", persistent"
	}
	if info.Virtual {
		state += ", virtual"
	}
	return state
}

// groups counts, the largest group first.
func groups(sockets []resources.Info) []Group {
	type key struct {
		transport resources.Transport
		kind      resources.Kind
	}
	counts := make(map[key]int)
	for i := range sockets {
		counts[key{sockets[i].Transport, sockets[i].Kind}]++
	}
	list := make([]Group, 0, len(counts))
	for k, n := range counts {
		list = append(list, Group{Transport: printable(string(k.transport)), Kind: k.kind.String(), Open: n})
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Open, a.Open), cmp.Compare(a.Transport, b.Transport), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}

// columns gives the samples for the graphs.
func (s *sampler) columns() History {
	n := len(s.history)
	h := History{Time: make([]int64, n), Open: make([]int, n), RateIn: make([]*float64, n), RateOut: make([]*float64, n)}
	for i := range s.history {
		h.Time[i], h.Open[i] = s.history[i].time.UnixMilli(), s.history[i].open
		h.RateIn[i], h.RateOut[i] = s.history[i].rate.fields()
	}
	return h
}
