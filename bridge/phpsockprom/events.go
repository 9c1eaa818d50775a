package phpsockprom

import (
	"errors"
	"strconv"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// Events is a collector that counts events. Its method Observe is a
// [resources.Observer]: bridge.Config takes it as it is, or together with others by way
// of [resources.Observers].
type Events struct {
	listens, accepts, dials  *prometheus.CounterVec
	refusals, limits, errors *prometheus.CounterVec
	dialDuration             *prometheus.HistogramVec
	handshakeDuration        *prometheus.HistogramVec
	connectionAge            *prometheus.HistogramVec
	collectors               []prometheus.Collector
}

var (
	// From a connect on loopback to one that has been given up.
	dialBuckets = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 10, 60}
	// From one request to a worker that stays for days.
	ageBuckets = []float64{.001, .01, .1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600}
)

// NewEvents makes a collector that has seen no event.
func NewEvents() *Events {
	e := &Events{}
	e.listens = e.counter("phpsock_listens_total", "Servers that were bound, or failed to.", "transport", "result")
	e.accepts = e.counter("phpsock_accepts_total", "Connections that were accepted, or failed to be.", "transport", "result")
	e.dials = e.counter("phpsock_dials_total", "Connections that were dialled, or failed to be.", "transport", "result")
	e.refusals = e.counter("phpsock_refusals_total", "Operations that the policy refused.", "operation", "transport")
	e.limits = e.counter("phpsock_limit_hits_total", "How often a limit was reached, by what the script was told.", "errno")
	e.errors = e.counter("phpsock_errors_total", "What failed, refusals and limits apart.", "event", "errno")
	e.dialDuration = e.histogram("phpsock_dial_duration_seconds", "How long dialling took.", dialBuckets, "transport", "result")
	e.handshakeDuration = e.histogram("phpsock_handshake_duration_seconds", "How long TLS handshakes took.", dialBuckets, "result")
	e.connectionAge = e.histogram("phpsock_connection_age_seconds", "How old connections were at their end.", ageBuckets, "transport")
	return e
}

func (e *Events) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	e.collectors = append(e.collectors, c)
	return c
}

// histogram has buckets for every Prometheus, and fine ones for those that take native
// histograms.
func (e *Events) histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: buckets,
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
	}, labels)
	e.collectors = append(e.collectors, h)
	return h
}

// Describe implements [prometheus.Collector].
func (e *Events) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range e.collectors {
		c.Describe(ch)
	}
}

// Collect implements [prometheus.Collector].
func (e *Events) Collect(ch chan<- prometheus.Metric) {
	for _, c := range e.collectors {
		c.Collect(ch)
	}
}

// Observe counts an event.
func (e *Events) Observe(event resources.Event) {
	transport, result := label(string(event.Transport)), "ok"
	if event.Err != nil {
		result = "error"
	}
	switch event.Kind {
	case resources.EventListen:
		e.listens.WithLabelValues(transport, result).Inc()
	case resources.EventAccept:
		e.accepts.WithLabelValues(transport, result).Inc()
	case resources.EventDial:
		e.dials.WithLabelValues(transport, result).Inc()
		e.dialDuration.WithLabelValues(transport, result).Observe(event.Duration.Seconds())
	case resources.EventHandshake:
		e.handshakeDuration.WithLabelValues(result).Observe(event.Duration.Seconds())
	case resources.EventClose:
		if event.Info.Kind == resources.KindConn {
			e.connectionAge.WithLabelValues(transport).Observe(event.Duration.Seconds())
		}
	case resources.EventRefuse:
		e.refusals.WithLabelValues(operation(event.Err), transport).Inc()
		return
	case resources.EventLimit:
		e.limits.WithLabelValues(errnoName(event.Err)).Inc()
		return
	}
	if event.Err != nil {
		e.errors.WithLabelValues(event.Kind.String(), errnoName(event.Err)).Inc()
	}
}

// operation is what the policy was asked for, as the step that did not happen shows.
func operation(err error) string {
	var e *resources.Error
	if errors.As(err, &e) {
		switch e.Op {
		case "bind", "listen":
			return "listen"
		case "connect", "dial":
			return "dial"
		case "sendto", "send":
			return "send"
		}
	}
	return "other"
}

// errnoName is "ECONNREFUSED" and the like. There are a few hundred at most, so they are
// fit for a label.
func errnoName(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno == 0 {
		return "none"
	}
	if name := unix.ErrnoName(errno); name != "" {
		return name
	}
	return strconv.Itoa(int(errno))
}
