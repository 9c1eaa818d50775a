package livepage

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

func TestReportOfEngine(t *testing.T) {
	f := busy(3)
	f.stats.Draining = true
	r := fetch(t, f.handler(), "/?format=json")
	require.Equal(t, "8.2.36", r.Version)
	require.True(t, r.Draining)
	require.Equal(t, epoch.Add(time.Second), r.Now)
	require.EqualValues(t, 26*3600+1, r.Uptime)
	require.EqualValues(t, 3, r.Runs)
	require.Equal(t, Run{ID: 3, Script: "/srv/app/server.php", Started: epoch.Add(-90 * time.Second), Duration: 91}, *r.Run)
	require.Len(t, r.Recent, 2)
	require.Equal(t, 255, r.Recent[0].ExitStatus)
	require.Contains(t, r.Recent[0].Error, "undefined function")
	require.InDelta(t, 0.03, r.Recent[1].Duration, 1e-9)
	require.EqualValues(t, 3, r.Opened)
	require.EqualValues(t, 2, r.Accepted)
	require.EqualValues(t, 6000, r.BytesOut)
	require.Nil(t, r.RateOut, "one sample makes no rate")
}

func TestReportCutsRecentRuns(t *testing.T) {
	f := newFake()
	f.stats.Recent = make([]bridge.RunInfo, 3*maxRecent)
	require.Len(t, fetch(t, f.handler(), "/?format=json").Recent, maxRecent)
}

func TestReportOfSocket(t *testing.T) {
	f := newFake(resources.Info{
		Handle: 9, Transport: resources.TCP, Kind: resources.KindConn, FD: 12, Local: "127.0.0.1:80", Remote: "[::1]:4000",
		Created: epoch.Add(-time.Minute), Accepted: true, BytesIn: 5, BytesOut: 1 << 60,
	})
	require.Equal(t, []Socket{{
		Handle: 9, Transport: "tcp", Kind: "connection", State: "accepted", FD: 12, Local: "127.0.0.1:80", Remote: "[::1]:4000",
		Age: 61, BytesIn: 5, BytesOut: 1 << 60,
	}}, fetch(t, f.handler(), "/?format=json").Sockets)
}

func TestState(t *testing.T) {
	for want, info := range map[string]resources.Info{
		"unbound":                      {Kind: resources.KindUnbound, FD: -1},
		"listening":                    {Kind: resources.KindListener},
		"bound":                        {Kind: resources.KindBound},
		"paired":                       {Kind: resources.KindPair},
		"accepted":                     {Kind: resources.KindConn, Accepted: true},
		"dialled":                      {Kind: resources.KindConn},
		"closing":                      {Kind: resources.KindConn, FD: -1},
		"listening, virtual":           {Kind: resources.KindListener, Virtual: true},
		"dialled, persistent":          {Kind: resources.KindConn, Persistent: true},
		"dialled, persistent, virtual": {Kind: resources.KindConn, FD: -1, Persistent: true, Virtual: true},
	} {
		require.Equal(t, want, state(&info))
	}
}

func TestPrintable(t *testing.T) {
	for name, want := range map[string]string{
		"":                           "",
		"127.0.0.1:80":               "127.0.0.1:80",
		"/run/über.sock":             "/run/über.sock",
		`/run/"x"'<b>&`:              `/run/"x"'<b>&`,
		"\x00abstract":               `\x00abstract`,
		`\x00abstract`:               `\\x00abstract`,
		`\"`:                         `\\"`,
		"/a\nb\t\x1b[31m":            `/a\nb\t\x1b[31m`,
		"/\xff\xfe":                  `/\xff\xfe`,
		"/\u202egpj.exe":             `/\u202egpj.exe`, // would turn what follows around
		"/zero\u200bwidth":           `/zero\u200bwidth`,
		"/" + strings.Repeat("é", 3): "/ééé",
	} {
		require.Equal(t, want, printable(name))
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a", "b")
	f.Add("\x00", `\x00`)
	f.Add("\xff", "\ufffd")
	f.Add(`\"`, `"`)
	f.Fuzz(func(t *testing.T, a, b string) {
		require.Equal(t, a == b, printable(a) == printable(b), "%q %q", a, b)
		var again string
		text, err := json.Marshal(printable(a))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &again))
		require.Equal(t, printable(a), again, "JSON keeps it as it is")
	})
}
