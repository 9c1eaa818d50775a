package livepage

import (
	"encoding/json"
	"html"
	"image"
	"image/png"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// body gives what stands in the body of the table with that id, as rows of cells.
func body(t *testing.T, dom, id string) [][]string {
	t.Helper()
	table := regexp.MustCompile(`(?s)<table id="` + id + `">.*?<tbody>(.*?)</tbody>`).FindStringSubmatch(dom)
	require.NotNil(t, table, "no table %s in %s", id, dom)
	var rows [][]string
	for _, row := range regexp.MustCompile(`(?s)<tr>(.*?)</tr>`).FindAllStringSubmatch(table[1], -1) {
		var cells []string
		for _, cell := range regexp.MustCompile(`(?s)<t[dh][^>]*>(.*?)</t[dh]>`).FindAllStringSubmatch(row[1], -1) {
			cells = append(cells, html.UnescapeString(regexp.MustCompile(`^<bdi>|</bdi>$`).ReplaceAllString(cell[1], "")))
		}
		rows = append(rows, cells)
	}
	return rows
}

// path gives the points of a line in a graph, as "M1 2" for the first of a piece and
// "L3 4" for the others.
func path(t *testing.T, dom, line string) []string {
	t.Helper()
	d := regexp.MustCompile(`<path class="` + line + `" d="([^"]*)"`).FindStringSubmatch(dom)
	require.NotNil(t, d, "no line %s in %s", line, dom)
	return regexp.MustCompile(`[ML][^ML]+`).FindAllString(d[1], -1)
}

func TestBrowserShowsEngine(t *testing.T) {
	hostile := `</td><script>document.title="forged"</script><img src=x onerror=alert(1)>`
	f := busy(10_000)
	f.stats.Sockets[1].Local, f.stats.Sockets[1].Remote = hostile, "\x00abstract\xff\u202e"
	f.stats.Run.Script = "/srv/" + hostile + ".php"
	f.stats.Recent[0].Err = hostile
	s := serve(t, "/some/prefix/live", f.handler())
	dom := browse(t, "8000", s.URL+"/some/prefix/live", "--dump-dom")

	sockets := body(t, dom, "sockets")
	require.Len(t, sockets, 100)
	require.Equal(t, []string{"1", "tcp", "listener", "listening", "127.0.0.1:8080", ""}, sockets[0][:6])
	require.Equal(t, []string{"2", "tcp", "connection", "accepted", hostile, `\x00abstract\xff\u202e`}, sockets[1][:6])
	require.Regexp(t, `^\d+ s$`, sockets[1][6])
	require.Regexp(t, `^[\d.]+ kB$`, sockets[1][8])
	require.Regexp(t, `^[\d.]+ kB/s$`, sockets[1][10])
	require.Contains(t, dom, "1 to 100 of 10,000 sockets")
	require.Contains(t, dom, "9,999 tcp connection · 1 tcp listener")
	require.Contains(t, dom, "<title>10,000 sockets · phpsock</title>")

	runs := body(t, dom, "runs")
	require.Len(t, runs, 3)
	require.Equal(t, []string{"3", "/srv/" + hostile + ".php"}, runs[0][:2])
	require.Equal(t, "running", runs[0][4])
	require.Equal(t, hostile, runs[1][4])
	require.Equal(t, []string{"1", "code given as text", "ended"}, []string{runs[2][0], runs[2][1], runs[2][4]})
	require.Contains(t, dom, "PHP 8.2.36 · running ")

	for _, line := range []string{"in", "out", "open"} {
		points := path(t, dom, line)
		require.Greater(t, len(points), 3, "%s is refreshed every second", line)
		require.True(t, strings.HasPrefix(points[0], "M"))
		for _, point := range points[1:] {
			require.Regexp(t, `^L[\d.]+ [\d.]+$`, point)
		}
	}
	require.Regexp(t, `aria-label="Bytes per second: [\d.]+ MB/s in and [\d.]+ MB/s out, at most`, dom)
	require.Contains(t, dom, `aria-label="Open sockets: 10,000, at most 10,000"`)

	for _, request := range s.requests() {
		require.Regexp(t, `^GET /some/prefix/live(\?(file=|format=json).*)?$`, request, "no icon, nothing from elsewhere")
	}
}

func TestBrowserShowsViewOfAddress(t *testing.T) {
	s := serve(t, "/live/", busy(500).handler())
	dom := browse(t, "3000", s.URL+"/live/?sort=remote&desc=1&q=10.0.0.+TCP&limit=20&page=2", "--dump-dom")
	sockets := body(t, dom, "sockets")
	require.Len(t, sockets, 20)
	require.Equal(t, "10.0.0.81:20080", sockets[0][5], "after 9, 99 to 90, 8 and 89 to 82")
	require.Contains(t, dom, "21 to 40 of 249 that match, 500 in all")
	require.Equal(t, 1, strings.Count(dom, "aria-sort="))
	require.Regexp(t, `data-sort="remote" aria-sort="descending"`, dom)
}

func TestBrowserShowsIdleEngine(t *testing.T) {
	s := serve(t, "/", newFake().handler())
	dom := browse(t, "3000", s.URL, "--dump-dom")
	require.Equal(t, [][]string{{"No socket is open."}}, body(t, dom, "sockets"))
	require.Equal(t, [][]string{{"No script has run."}}, body(t, dom, "runs"))
	require.Contains(t, dom, "PHP 8.2.36 · idle")
	require.NotEmpty(t, path(t, dom, "open"))
}

// The page says so where it has no fresh numbers, and goes on when there are some.
func TestBrowserOutlivesFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fails func(n int32) bool
		want  string
	}{
		"for good":    {func(n int32) bool { return n > 3 }, "No fresh numbers: the server says 503 Service Unavailable"},
		"temporarily": {func(n int32) bool { return n == 2 }, `<p id="problem" role="alert"></p>`},
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int32
			page := busy(10).handler()
			s := serve(t, "/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("format") == "json" && c.fails(n.Add(1)) {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				page.ServeHTTP(w, r)
			}))
			dom, _ := open(t, "8000", s.URL, "--dump-dom") // the console has the 503
			require.Contains(t, dom, c.want)
			require.Len(t, body(t, dom, "sockets"), 10, "the last numbers stay")
			require.Greater(t, n.Load(), int32(4))
		})
	}
}

// What people do with the page. A page around it does it with the keyboard's and the
// mouse's events and prints what came out.
func TestBrowserInteraction(t *testing.T) {
	f := busy(300)
	f.stats.Sockets[7].Transport = resources.Unix
	mux := http.NewServeMux()
	mux.Handle("/live", f.handler())
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		script, err := os.ReadFile("testdata/interaction.html")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(script)
	})
	s := serve(t, "/", mux)
	dom := browse(t, "60000", s.URL, "--dump-dom")
	found := regexp.MustCompile(`(?s)<pre id="result">(.*?)</pre>`).FindStringSubmatch(dom)
	require.NotNil(t, found, dom)
	var steps map[string]struct {
		First, Last, Shown, Sort, Address, Announced, Pressed, Key string
		Rows, Fetches                                              int
		Same                                                       bool
	}
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &steps), found[1])

	start := steps["start"]
	require.Equal(t, []any{"1", 100, "handle ascending"}, []any{start.First, start.Rows, start.Sort})
	age := steps["sort by age"]
	require.Equal(t, []any{"300", "age descending", "?sort=age&desc=1"}, []any{age.First, age.Sort, age.Address})
	again := steps["sort by age again"]
	require.Equal(t, []any{"1", "age ascending", "?sort=age"}, []any{again.First, again.Sort, again.Address})
	next := steps["next page"]
	require.Equal(t, []any{"101", "200", "101 to 200 of 300 sockets"}, []any{next.First, next.Last, next.Shown})
	filter := steps["filter"]
	require.Equal(t, []any{"8", 1, "1 to 1 of 1 that match, 300 in all"}, []any{filter.First, filter.Rows, filter.Shown})
	require.Equal(t, filter.Shown, filter.Announced, "for those who cannot see it")
	require.Equal(t, "?sort=age&q=unix", filter.Address, "back on the first page")
	nothing := steps["filter without match"]
	require.Equal(t, []any{"No socket matches the filter.", "0 that match, 300 in all"}, []any{nothing.First, nothing.Shown})
	require.Equal(t, 25, steps["fewer rows"].Rows)
	require.True(t, steps["refresh"].Same, "a refresh leaves rows and selection alone")
	require.Equal(t, "true", steps["pause"].Pressed)
	require.Zero(t, steps["pause"].Fetches)
	require.Equal(t, "false", steps["go on"].Pressed)
	require.Positive(t, steps["go on"].Fetches)
	require.Regexp(t, `^300 open, \d+ s ago$`, steps["point at graph"].Key)
	require.Equal(t, "300 open", steps["point elsewhere"].Key)
}

func TestBrowserDraws(t *testing.T) {
	for name, c := range map[string]struct {
		option string
		in     [3]int // colour of the line "in"
		dark   bool
	}{
		"light": {"--blink-settings=preferredColorScheme=1", [3]int{0x0b, 0x5c, 0xad}, false},
		"dark":  {"--blink-settings=preferredColorScheme=0", [3]int{0x6c, 0xb2, 0xff}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := busy(2000)
			f.stats.Recent = f.stats.Recent[:1]
			h := f.handler()
			for range 120 {
				fetch(t, h, "/?format=json&limit=1")
			}
			s := serve(t, "/", h)
			file := keep(t, name+".png")
			browse(t, "5000", s.URL, "--window-size=1300,1000", "--screenshot="+file, c.option)
			shot, err := os.Open(file)
			require.NoError(t, err)
			defer shot.Close()
			picture, err := png.Decode(shot)
			require.NoError(t, err)
			require.Equal(t, image.Pt(1300, 1000), picture.Bounds().Size())
			line, dark := 0, 0
			for y := range 1000 {
				for x := range 1300 {
					r, g, b, _ := picture.At(x, y).RGBA()
					if near(r, c.in[0]) && near(g, c.in[1]) && near(b, c.in[2]) {
						line++
					}
					if r+g+b < 3*0x4000 {
						dark++
					}
				}
			}
			require.Greater(t, line, 400, "the graph is not there")
			require.Equal(t, c.dark, dark > 1300*1000/2, "%d dark pixels", dark)
			require.Greater(t, min(dark, 1300*1000-dark), 10_000, "the page is empty")
		})
	}
}

func near(have uint32, want int) bool {
	difference := int(have>>8) - want
	return -12 <= difference && difference <= 12
}

var _ bridge.StatsSource = (*fake)(nil)
