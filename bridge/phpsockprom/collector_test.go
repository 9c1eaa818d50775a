package phpsockprom

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

type source bridge.Stats

func (s *source) Stats() bridge.Stats { return bridge.Stats(*s) }

func TestCollector(t *testing.T) {
	s := &source{
		Version: "8.2.36", Started: time.Unix(1_700_000_000, 500_000_000), Runs: 7, Run: &bridge.RunInfo{ID: 7}, Draining: true,
		Opened: 12, Accepted: 9, BytesIn: 100, BytesOut: 1 << 40,
		Sockets: []resources.Info{
			{Handle: 1, Transport: resources.TCP, Kind: resources.KindListener},
			{Handle: 2, Transport: resources.TCP, Kind: resources.KindConn},
			{Handle: 3, Transport: resources.TCP, Kind: resources.KindConn},
			{Handle: 4, Transport: resources.Udg, Kind: resources.KindBound},
		},
	}
	c := NewCollector(s)
	require.NoError(t, testutil.CollectAndCompare(c, strings.NewReader(`
# HELP phpsock_bytes_total Bytes that all sockets have received (in) and sent (out).
# TYPE phpsock_bytes_total counter
phpsock_bytes_total{direction="in"} 100
phpsock_bytes_total{direction="out"} 1.099511627776e+12
# HELP phpsock_connections_accepted_total Connections that were accepted.
# TYPE phpsock_connections_accepted_total counter
phpsock_connections_accepted_total 9
# HELP phpsock_draining Whether the engine accepts no new connections and asks scripts to end.
# TYPE phpsock_draining gauge
phpsock_draining 1
# HELP phpsock_info The engine; always 1.
# TYPE phpsock_info gauge
phpsock_info{php_version="8.2.36"} 1
# HELP phpsock_runs_active Runs of scripts that are under way.
# TYPE phpsock_runs_active gauge
phpsock_runs_active 1
# HELP phpsock_runs_total Runs of scripts that have begun.
# TYPE phpsock_runs_total counter
phpsock_runs_total 7
# HELP phpsock_sockets_open Sockets that are open.
# TYPE phpsock_sockets_open gauge
phpsock_sockets_open{kind="bound",transport="udg"} 1
phpsock_sockets_open{kind="connection",transport="tcp"} 2
phpsock_sockets_open{kind="listener",transport="tcp"} 1
# HELP phpsock_sockets_opened_total Sockets that were opened or accepted.
# TYPE phpsock_sockets_opened_total counter
phpsock_sockets_opened_total 12
# HELP phpsock_start_time_seconds When the engine came up, in seconds since 1970.
# TYPE phpsock_start_time_seconds gauge
phpsock_start_time_seconds 1.7000000005e+09
`)))
	problems, err := testutil.CollectAndLint(c)
	require.NoError(t, err)
	require.Empty(t, problems)

	*s = source{} // closed
	require.Equal(t, 0, testutil.CollectAndCount(c, "phpsock_sockets_open", "phpsock_start_time_seconds"))
	require.NoError(t, testutil.CollectAndCompare(c, strings.NewReader(`
# HELP phpsock_draining Whether the engine accepts no new connections and asks scripts to end.
# TYPE phpsock_draining gauge
phpsock_draining 0
`), "phpsock_draining"))
}

func TestCollectorTakesAnyName(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(NewCollector(&source{
		Version: "8\xff", Sockets: []resources.Info{{Transport: "x\xfe\"\n", Kind: 200}},
	}))
	_, err := registry.Gather()
	require.NoError(t, err)
}
