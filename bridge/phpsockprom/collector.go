package phpsockprom

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/phpsock/phpsock/bridge"
)

var (
	info = prometheus.NewDesc("phpsock_info", "The engine; always 1.", []string{"php_version"}, nil)

	startTime = prometheus.NewDesc("phpsock_start_time_seconds",
		"When the engine came up, in seconds since 1970.", nil, nil)
	draining = prometheus.NewDesc("phpsock_draining",
		"Whether the engine accepts no new connections and asks scripts to end.", nil, nil)

	runs       = prometheus.NewDesc("phpsock_runs_total", "Runs of scripts that have begun.", nil, nil)
	runsActive = prometheus.NewDesc("phpsock_runs_active", "Runs of scripts that are under way.", nil, nil)

	socketsOpen = prometheus.NewDesc("phpsock_sockets_open",
		"Sockets that are open.", []string{"transport", "kind"}, nil)
	socketsOpened = prometheus.NewDesc("phpsock_sockets_opened_total",
		"Sockets that were opened or accepted.", nil, nil)
	connectionsAccepted = prometheus.NewDesc("phpsock_connections_accepted_total",
		"Connections that were accepted.", nil, nil)
	bytesTotal = prometheus.NewDesc("phpsock_bytes_total",
		"Bytes that all sockets have received (in) and sent (out).", []string{"direction"}, nil)
)

// NewCollector makes a collector of an engine's [bridge.Stats]. The source is an
// [*bridge.Engine] as a rule.
func NewCollector(source bridge.StatsSource) prometheus.Collector {
	return collector{source}
}

type collector struct{ source bridge.StatsSource }

func (collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		info, startTime, draining, runs, runsActive, socketsOpen, socketsOpened, connectionsAccepted, bytesTotal,
	} {
		ch <- desc
	}
}

func (c collector) Collect(ch chan<- prometheus.Metric) {
	stats := c.source.Stats()
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	counter := func(desc *prometheus.Desc, value uint64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	gauge(info, 1, label(stats.Version))
	if !stats.Started.IsZero() {
		gauge(startTime, float64(stats.Started.UnixNano())/float64(time.Second))
	}
	gauge(draining, number(stats.Draining))
	counter(runs, stats.Runs)
	gauge(runsActive, number(stats.Run != nil))
	counter(socketsOpened, stats.Opened)
	counter(connectionsAccepted, stats.Accepted)
	counter(bytesTotal, stats.BytesIn, "in")
	counter(bytesTotal, stats.BytesOut, "out")

	open := make(map[[2]string]int)
	for i := range stats.Sockets {
		s := &stats.Sockets[i]
		open[[2]string{string(s.Transport), s.Kind.String()}]++
	}
	for labels, n := range open {
		gauge(socketsOpen, float64(n), label(labels[0]), labels[1])
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// label makes a value that Prometheus takes: anything else would spoil the scrape.
func label(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
