package livepage

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseView(t *testing.T) {
	for query, want := range map[string]view{
		"":                            {"handle", false, "", 100, 1},
		"sort=age&desc=1":             {"age", true, "", 100, 1},
		"sort=nonsense&desc=nonsense": {"handle", false, "", 100, 1},
		"q=tcp+80&limit=5&page=3":     {"handle", false, "tcp 80", 5, 3},
		"limit=0&page=0":              {"handle", false, "", 1, 1},
		"limit=-1&page=-7":            {"handle", false, "", 1, 1},
		"limit=99999&page=99999":      {"handle", false, "", 1000, 99999},
		"limit=x&page=x":              {"handle", false, "", 100, 1},
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		require.Equal(t, want, parseView(values), query)
	}
}

func sample3() []Socket {
	fast, slow := 10., 2.
	return []Socket{
		{Handle: 1, Transport: "tcp", Kind: "listener", State: "listening", Local: "127.0.0.1:80", Age: 30},
		{Handle: 2, Transport: "tcp", Kind: "connection", State: "accepted", Local: "127.0.0.1:80", Remote: "10.0.0.1:9",
			Age: 20, BytesIn: 5, BytesOut: 1, RateIn: &slow, RateOut: &slow},
		{Handle: 3, Transport: "unix", Kind: "connection", State: "dialled", Remote: "/run/Db", Age: 10,
			BytesIn: 3, BytesOut: 3, RateIn: &fast, RateOut: &slow},
	}
}

func handles(sockets []Socket) []uint64 {
	list := []uint64{}
	for _, s := range sockets {
		list = append(list, s.Handle)
	}
	return list
}

func TestChooseSorts(t *testing.T) {
	for sort, want := range map[string][2][]uint64{
		"handle":    {{1, 2, 3}, {3, 2, 1}},
		"transport": {{1, 2, 3}, {3, 1, 2}}, // equal ones by handle, always
		"kind":      {{2, 3, 1}, {1, 2, 3}},
		"state":     {{2, 3, 1}, {1, 3, 2}},
		"local":     {{3, 1, 2}, {1, 2, 3}},
		"remote":    {{1, 3, 2}, {2, 3, 1}},
		"age":       {{3, 2, 1}, {1, 2, 3}},
		"bytes_in":  {{1, 3, 2}, {2, 3, 1}},
		"bytes_out": {{1, 2, 3}, {3, 2, 1}},
		"rate_in":   {{1, 2, 3}, {3, 2, 1}},
		"rate_out":  {{1, 2, 3}, {2, 3, 1}},
	} {
		require.Contains(t, columns, sort)
		for i, desc := range []bool{false, true} {
			v := view{sort: sort, desc: desc, limit: 10, page: 1}
			chosen, _, _ := v.choose(sample3())
			require.Equal(t, want[i], handles(chosen), "%s %v", sort, desc)
		}
	}
}

func TestChooseFilters(t *testing.T) {
	for query, want := range map[string][]uint64{
		"":               {1, 2, 3},
		"  ":             {1, 2, 3},
		"tcp":            {1, 2},
		"TCP accepted":   {2},
		"accepted tcp":   {2},
		"/RUN/db":        {3},
		"10.0.0.1":       {2},
		"tcp unix":       {},
		"listening\ntcp": {1},
		"9\n":            {2},
	} {
		v := view{sort: "handle", query: query, limit: 10, page: 1}
		chosen, matched, pages := v.choose(sample3())
		require.Equal(t, want, handles(chosen), "%q", query)
		require.Equal(t, len(want), matched)
		require.Equal(t, 1, pages)
	}
}

func TestChoosePages(t *testing.T) {
	for page, want := range map[int][]uint64{1: {1, 2}, 2: {3}, 3: {3}, 1 << 60: {3}} {
		v := view{sort: "handle", limit: 2, page: page}
		chosen, matched, pages := v.choose(sample3())
		require.Equal(t, want, handles(chosen))
		require.Equal(t, []int{3, 2, min(page, 2)}, []int{matched, pages, v.page})
	}
	v := view{sort: "handle", limit: 2, page: 4}
	chosen, matched, pages := v.choose(nil)
	require.Empty(t, chosen)
	require.Equal(t, []int{0, 1, 1}, []int{matched, pages, v.page})
}
