package livepage

import (
	"cmp"
	"embed"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/phpsock/phpsock/bridge"
)

//go:embed page.html page.css page.js graph.js format.js
var embedded embed.FS

// The page loads its files from its own address, as ?file=NAME, so that it does not
// matter where the handler was mounted and whether that ends in a slash.
var contentTypes = map[string]string{
	"page.html": "text/html; charset=utf-8",
	"page.css":  "text/css; charset=utf-8",
	"page.js":   "text/javascript; charset=utf-8",
	"graph.js":  "text/javascript; charset=utf-8",
	"format.js": "text/javascript; charset=utf-8",
}

// contentSecurityPolicy lets the page load its own files and numbers and nothing else.
// The data: is for the empty icon, without which browsers ask for one.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Handler serves the page of the source, which is an [*bridge.Engine] as a rule. It may
// be mounted under any path; what follows that path is of no importance. It answers GET
// and HEAD.
//
// With the parameter format=json the answer is a [Report]. These parameters say which
// sockets it has; the page takes them, too, so that a view has an address:
//
//	sort    the field of [Socket] to sort by; "handle" unless it is one
//	desc    1: the largest first
//	q       words; only sockets that have all of them in their handle, transport, kind,
//	        state or names, no matter in which case
//	limit   how many sockets a page has: 1 to 1000, normally 100
//	page    which page, from 1 on; the last one if there are fewer
//
// Rates are those between the last two times that somebody asked, at most once a second
// and with no more than ten seconds in between. Nothing is counted and nothing runs
// while nobody looks.
func Handler(source bridge.StatsSource) http.Handler {
	return &handler{source: source, now: time.Now}
}

type handler struct {
	source bridge.StatsSource
	now    func() time.Time

	mu      sync.Mutex
	sampler sampler
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	// A host with a policy of its own knows better.
	if header.Get("Content-Security-Policy") == "" {
		header.Set("Content-Security-Policy", contentSecurityPolicy)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	if query.Get("format") == "json" {
		header.Set("Content-Type", "application/json")
		// The client is gone where this fails.
		_ = json.NewEncoder(w).Encode(h.report(parseView(query)))
		return
	}
	file := cmp.Or(query.Get("file"), "page.html")
	contentType, ok := contentTypes[file]
	if !ok {
		http.NotFound(w, r)
		return
	}
	content, err := embedded.ReadFile(file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header.Set("Content-Type", contentType)
	_, _ = w.Write(content)
}

func (h *handler) report(v view) *Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	stats, now := h.source.Stats(), h.now()
	h.sampler.take(now, &stats)
	return newReport(now, &stats, &h.sampler, v)
}
