package livepage

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

func fetch(t *testing.T, h http.Handler, target string) *Report {
	t.Helper()
	w := get(h, target)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	var r Report
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &r))
	return &r
}

func TestHandlerFiles(t *testing.T) {
	h := Handler(newFake())
	for target, contentType := range map[string]string{
		"/":                       "text/html; charset=utf-8",
		"/any/prefix":             "text/html; charset=utf-8",
		"/any/prefix/":            "text/html; charset=utf-8",
		"/?sort=age&desc=1":       "text/html; charset=utf-8",
		"/?format=html":           "text/html; charset=utf-8",
		"/p?file=page.css":        "text/css; charset=utf-8",
		"/p?file=page.js":         "text/javascript; charset=utf-8",
		"/p?file=graph.js&x":      "text/javascript; charset=utf-8",
		"/p?file=format.js":       "text/javascript; charset=utf-8",
		"/p?format=json&file=nil": "application/json",
	} {
		w := get(h, target)
		require.Equal(t, http.StatusOK, w.Code, target)
		require.Equal(t, contentType, w.Header().Get("Content-Type"), target)
		require.NotEmpty(t, w.Body.Bytes(), target)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		require.Equal(t, contentSecurityPolicy, w.Header().Get("Content-Security-Policy"))
	}
	for _, name := range []string{"handler.go", "../doc.go", "/etc/passwd", "page"} {
		require.Equal(t, http.StatusNotFound, get(h, "/?file="+name).Code, name)
	}
}

func TestHandlerMethods(t *testing.T) {
	h := Handler(newFake())
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		require.Equal(t, http.StatusMethodNotAllowed, w.Code)
		require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	}
	server := httptest.NewServer(h)
	defer server.Close()
	response, err := http.Head(server.URL)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
}

func TestHandlerKeepsPolicyOfHost(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Security-Policy", "default-src 'self'")
	Handler(newFake()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, []string{"default-src 'self'"}, w.Header().Values("Content-Security-Policy"))
}

// What the policy forbids would only be seen by those who open the page.
func TestPageAsksForNothingElse(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)(https?:)?//[a-z][^\s"']*\.[a-z][^\s"']*|@import|url\(`)
	inline := regexp.MustCompile(`(?i)<style|<script(>|[^>]*>[^<])|\sstyle=|\son[a-z]+=|javascript:|innerHTML|insertAdjacentHTML|eval\(`)
	for name := range contentTypes {
		content, err := embedded.ReadFile(name)
		require.NoError(t, err)
		for _, address := range foreign.FindAllString(string(content), -1) {
			require.Equal(t, "http://www.w3.org/2000/svg", address, "only the name of SVG")
		}
		require.Empty(t, inline.FindAllString(string(content), -1), name)
	}
}

func TestHandlerConcurrently(t *testing.T) {
	h := busy(50).handler()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				get(h, "/?format=json&sort=rate_in&q=tcp")
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, len(fetch(t, h, "/?format=json").History.Time), 161)
}

func TestHandlerOfEngine(t *testing.T) {
	// Until there is an engine, or after it was closed, there may be nothing at all.
	r := fetch(t, Handler(emptySource{}), "/?format=json")
	require.Zero(t, r.Uptime)
	require.Zero(t, r.Open)
	require.NotNil(t, r.Sockets)
	require.NotNil(t, r.Recent)
	require.NotNil(t, r.Groups)
	require.WithinDuration(t, time.Now(), r.Now, time.Hour)
}

type emptySource struct{}

func (emptySource) Stats() bridge.Stats { return bridge.Stats{} }

func TestReportOfManySockets(t *testing.T) {
	h := busy(10_000).handler()
	w := get(h, "/?format=json")
	require.Less(t, w.Body.Len(), 50_000, "readable for a browser, every second")

	r := fetch(t, h, "/?format=json&limit=250&page=40&sort=handle")
	require.Equal(t, []int{10_000, 10_000, 40, 40, 250}, []int{r.Open, r.Matched, r.Page, r.Pages, len(r.Sockets)})
	require.EqualValues(t, 10_000, r.Sockets[249].Handle)
	require.Equal(t, []Group{{"tcp", "connection", 9999}, {"tcp", "listener", 1}}, r.Groups)

	r = fetch(t, h, "/?format=json&q=listener")
	require.Equal(t, []int{10_000, 1, 1, 1}, []int{r.Open, r.Matched, r.Pages, len(r.Sockets)})
	require.Equal(t, resources.KindListener.String(), r.Sockets[0].Kind)
}
