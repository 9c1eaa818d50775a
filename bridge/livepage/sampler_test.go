package livepage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// step is the state of an engine so many seconds after the start, with what one socket
// has received.
type step struct {
	at     time.Duration
	in     uint64
	socket uint64
}

func take(s *sampler, steps ...step) {
	for _, step := range steps {
		s.take(epoch.Add(step.at), &bridge.Stats{
			Started: epoch, BytesIn: step.in, BytesOut: 2 * step.in,
			Sockets: []resources.Info{{Handle: 1, BytesIn: step.socket, BytesOut: 3 * step.socket}},
		})
	}
}

func TestSamplerRates(t *testing.T) {
	const s = time.Second
	for name, c := range map[string]struct {
		steps         []step
		total, socket *rate
	}{
		"nothing to compare with": {[]step{{0, 10, 10}}, nil, nil},
		"two seconds":             {[]step{{0, 10, 10}, {2 * s, 30, 20}}, &rate{10, 20}, &rate{5, 15}},
		"asked twice at once":     {[]step{{0, 10, 10}, {2 * s, 30, 20}, {2*s + s/2, 99, 99}}, &rate{10, 20}, &rate{5, 15}},
		"standing still":          {[]step{{0, 10, 10}, {s, 10, 10}}, &rate{}, &rate{}},
		"backwards":               {[]step{{0, 10, 10}, {s, 9, 9}}, &rate{}, &rate{}},
		"nobody looked":           {[]step{{0, 10, 10}, {11 * s, 30, 20}}, nil, nil},
		"somebody looks again":    {[]step{{0, 10, 10}, {11 * s, 30, 20}, {12 * s, 31, 22}}, &rate{1, 2}, &rate{2, 6}},
	} {
		t.Run(name, func(t *testing.T) {
			var sampler sampler
			take(&sampler, c.steps...)
			require.Equal(t, c.total, sampler.total())
			require.Equal(t, c.socket, sampler.sockets[1].rate)
		})
	}
}

func TestSamplerForgetsClosedSockets(t *testing.T) {
	var s sampler
	take(&s, step{0, 0, 0})
	s.take(epoch.Add(time.Second), &bridge.Stats{Started: epoch, Sockets: []resources.Info{{Handle: 2, BytesIn: 7}}})
	require.Len(t, s.sockets, 1)
	require.Equal(t, &rate{in: 7}, s.sockets[2].rate, "all that a new socket has came since")
}

func TestSamplerBeginsAnewWithAnotherEngine(t *testing.T) {
	var s sampler
	take(&s, step{0, 10, 10}, step{time.Second, 20, 20})
	s.take(epoch.Add(2*time.Second), &bridge.Stats{Started: epoch.Add(2 * time.Second)})
	require.Len(t, s.history, 1)
	require.Nil(t, s.total())
}

func TestSamplerHistoryIsBounded(t *testing.T) {
	var s sampler
	for i := range 2 * historyLen {
		take(&s, step{time.Duration(i) * time.Second, uint64(i), 0})
	}
	require.Len(t, s.history, historyLen)
	h := s.columns()
	require.Equal(t, epoch.Add((2*historyLen-1)*time.Second).UnixMilli(), h.Time[historyLen-1])
	require.Equal(t, epoch.Add(historyLen*time.Second).UnixMilli(), h.Time[0])
	require.EqualValues(t, 1, *h.RateIn[0])
	require.EqualValues(t, 2, *h.RateOut[historyLen-1])
	require.Equal(t, 1, h.Open[0])
}
