package livepage

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultLimit = 100
	maxLimit     = 1000
)

// view says which sockets are to be seen, and in what order.
type view struct {
	sort  string // a key of columns
	desc  bool
	query string
	limit int
	page  int // from 1 on
}

// columns compare two sockets by one of their fields.
var columns = map[string]func(a, b *Socket) int{
	"handle":    func(a, b *Socket) int { return cmp.Compare(a.Handle, b.Handle) },
	"transport": func(a, b *Socket) int { return cmp.Compare(a.Transport, b.Transport) },
	"kind":      func(a, b *Socket) int { return cmp.Compare(a.Kind, b.Kind) },
	"state":     func(a, b *Socket) int { return cmp.Compare(a.State, b.State) },
	"local":     func(a, b *Socket) int { return cmp.Compare(a.Local, b.Local) },
	"remote":    func(a, b *Socket) int { return cmp.Compare(a.Remote, b.Remote) },
	"age":       func(a, b *Socket) int { return cmp.Compare(a.Age, b.Age) },
	"bytes_in":  func(a, b *Socket) int { return cmp.Compare(a.BytesIn, b.BytesIn) },
	"bytes_out": func(a, b *Socket) int { return cmp.Compare(a.BytesOut, b.BytesOut) },
	"rate_in":   func(a, b *Socket) int { return compareRates(a.RateIn, b.RateIn) },
	"rate_out":  func(a, b *Socket) int { return compareRates(a.RateOut, b.RateOut) },
}

// compareRates puts what is not known below everything.
func compareRates(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// parseView reads the parameters. What makes no sense is as if it were missing; the
// report tells what was understood.
func parseView(query url.Values) view {
	v := view{sort: query.Get("sort"), query: query.Get("q"), limit: defaultLimit, page: 1}
	if columns[v.sort] == nil {
		v.sort = "handle"
	}
	v.desc, _ = strconv.ParseBool(query.Get("desc"))
	if n, err := strconv.Atoi(query.Get("limit")); err == nil {
		v.limit = min(max(n, 1), maxLimit)
	}
	if n, err := strconv.Atoi(query.Get("page")); err == nil {
		v.page = max(n, 1)
	}
	return v
}

// choose filters and sorts the sockets, which it may reorder, and cuts a page out of
// them. matched is how many there are on all pages; the view's page becomes one that
// exists.
func (v *view) choose(sockets []Socket) (chosen []Socket, matched, pages int) {
	if words := strings.Fields(strings.ToLower(v.query)); len(words) > 0 {
		sockets = slices.DeleteFunc(sockets, func(s Socket) bool { return !s.has(words) })
	}
	compare := columns[v.sort]
	slices.SortFunc(sockets, func(a, b Socket) int {
		order := compare(&a, &b)
		if v.desc {
			order = -order
		}
		if order == 0 {
			return cmp.Compare(a.Handle, b.Handle)
		}
		return order
	})
	matched = len(sockets)
	pages = max((matched+v.limit-1)/v.limit, 1)
	v.page = min(v.page, pages)
	start := (v.page - 1) * v.limit
	return sockets[start:min(start+v.limit, matched)], matched, pages
}

// has tells whether all the words, in lower case, are in what the page shows.
func (s *Socket) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{
		strconv.FormatUint(s.Handle, 10), s.Transport, s.Kind, s.State, s.Local, s.Remote,
	}, "\n"))
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
