package phpsockprom

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources"
)

var (
	tcp     = resources.Info{Transport: resources.TCP, Kind: resources.KindConn}
	refused = &resources.Error{Op: "connect", Errno: syscall.ECONNREFUSED, Text: "Connection refused"}
	denied  = &resources.Error{Op: "bind", Errno: syscall.EACCES, Text: "not here"}
)

func TestEventsCount(t *testing.T) {
	e := NewEvents()
	for _, event := range []resources.Event{
		{Kind: resources.EventListen, Info: resources.Info{Transport: resources.Unix, Kind: resources.KindListener}},
		{Kind: resources.EventListen, Info: tcp, Err: &resources.Error{Op: "bind", Errno: syscall.EADDRINUSE}},
		{Kind: resources.EventAccept, Info: tcp},
		{Kind: resources.EventAccept, Info: tcp},
		{Kind: resources.EventAccept, Info: tcp, Err: syscall.ECONNABORTED},
		{Kind: resources.EventDial, Info: tcp, Duration: 2 * time.Millisecond},
		{Kind: resources.EventDial, Info: tcp, Duration: time.Minute, Err: fmt.Errorf("wrapped: %w", refused)},
		{Kind: resources.EventDial, Info: tcp, Err: &resources.Error{Op: "resolve"}},
		{Kind: resources.EventHandshake, Info: tcp, Duration: 3 * time.Millisecond},
		{Kind: resources.EventHandshake, Info: tcp, Duration: time.Second, Err: errors.New("certificate verify failed")},
		{Kind: resources.EventClose, Info: tcp, Duration: 30 * time.Second},
		{Kind: resources.EventClose, Info: tcp, Duration: 2 * time.Second, Err: syscall.Errno(999)},
		{Kind: resources.EventClose, Info: resources.Info{Transport: resources.TCP, Kind: resources.KindListener}, Duration: time.Hour},
		{Kind: resources.EventRefuse, Info: tcp, Err: denied},
		{Kind: resources.EventRefuse, Info: resources.Info{Transport: resources.UDP}, Err: &resources.Error{Op: "sendto"}},
		{Kind: resources.EventRefuse, Info: tcp, Err: errors.New("no")},
		{Kind: resources.EventRefuse, Info: tcp, Err: refused},
		{Kind: resources.EventLimit, Err: syscall.EMFILE},
		{Kind: resources.EventLimit, Err: syscall.EMFILE},
		{Kind: resources.EventLimit},
		{Kind: 99},
	} {
		e.Observe(event)
	}
	require.NoError(t, testutil.CollectAndCompare(e, strings.NewReader(`
# HELP phpsock_accepts_total Connections that were accepted, or failed to be.
# TYPE phpsock_accepts_total counter
phpsock_accepts_total{result="error",transport="tcp"} 1
phpsock_accepts_total{result="ok",transport="tcp"} 2
# HELP phpsock_dials_total Connections that were dialled, or failed to be.
# TYPE phpsock_dials_total counter
phpsock_dials_total{result="error",transport="tcp"} 2
phpsock_dials_total{result="ok",transport="tcp"} 1
# HELP phpsock_errors_total What failed, refusals and limits apart.
# TYPE phpsock_errors_total counter
phpsock_errors_total{errno="999",event="close"} 1
phpsock_errors_total{errno="EADDRINUSE",event="listen"} 1
phpsock_errors_total{errno="ECONNABORTED",event="accept"} 1
phpsock_errors_total{errno="ECONNREFUSED",event="dial"} 1
phpsock_errors_total{errno="none",event="dial"} 1
phpsock_errors_total{errno="none",event="handshake"} 1
# HELP phpsock_limit_hits_total How often a limit was reached, by what the script was told.
# TYPE phpsock_limit_hits_total counter
phpsock_limit_hits_total{errno="EMFILE"} 2
phpsock_limit_hits_total{errno="none"} 1
# HELP phpsock_listens_total Servers that were bound, or failed to.
# TYPE phpsock_listens_total counter
phpsock_listens_total{result="error",transport="tcp"} 1
phpsock_listens_total{result="ok",transport="unix"} 1
# HELP phpsock_refusals_total Operations that the policy refused.
# TYPE phpsock_refusals_total counter
phpsock_refusals_total{operation="dial",transport="tcp"} 1
phpsock_refusals_total{operation="listen",transport="tcp"} 1
phpsock_refusals_total{operation="other",transport="tcp"} 1
phpsock_refusals_total{operation="send",transport="udp"} 1
`), "phpsock_accepts_total", "phpsock_dials_total", "phpsock_errors_total", "phpsock_limit_hits_total",
		"phpsock_listens_total", "phpsock_refusals_total"))

	require.NoError(t, testutil.CollectAndCompare(e, strings.NewReader(`
# HELP phpsock_connection_age_seconds How old connections were at their end.
# TYPE phpsock_connection_age_seconds histogram
phpsock_connection_age_seconds_bucket{transport="tcp",le="0.001"} 0
phpsock_connection_age_seconds_bucket{transport="tcp",le="0.01"} 0
phpsock_connection_age_seconds_bucket{transport="tcp",le="0.1"} 0
phpsock_connection_age_seconds_bucket{transport="tcp",le="1"} 0
phpsock_connection_age_seconds_bucket{transport="tcp",le="10"} 1
phpsock_connection_age_seconds_bucket{transport="tcp",le="60"} 2
phpsock_connection_age_seconds_bucket{transport="tcp",le="600"} 2
phpsock_connection_age_seconds_bucket{transport="tcp",le="3600"} 2
phpsock_connection_age_seconds_bucket{transport="tcp",le="21600"} 2
phpsock_connection_age_seconds_bucket{transport="tcp",le="86400"} 2
phpsock_connection_age_seconds_bucket{transport="tcp",le="+Inf"} 2
phpsock_connection_age_seconds_sum{transport="tcp"} 32
phpsock_connection_age_seconds_count{transport="tcp"} 2
`), "phpsock_connection_age_seconds"))
	require.Equal(t, 2, testutil.CollectAndCount(e, "phpsock_dial_duration_seconds"), "ok and error")
	require.Equal(t, 2, testutil.CollectAndCount(e, "phpsock_handshake_duration_seconds"))

	problems, err := testutil.CollectAndLint(e)
	require.NoError(t, err)
	require.Empty(t, problems)
}

// Both collectors go into one registry, and events come from anywhere.
func TestEventsConcurrently(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	events := NewEvents()
	registry.MustRegister(events, NewCollector(&source{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				events.Observe(resources.Event{Kind: resources.EventDial, Info: tcp})
			}
			_, err := registry.Gather()
			require.NoError(t, err)
		})
	}
	wg.Wait()
	require.EqualValues(t, 800, testutil.ToFloat64(events.dials))
}

func BenchmarkEvents(b *testing.B) {
	e := NewEvents()
	b.ReportAllocs()
	for b.Loop() {
		e.Observe(resources.Event{Kind: resources.EventAccept, Info: tcp})
	}
}
