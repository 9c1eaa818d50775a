package ssl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestProtocols(t *testing.T) {
	long := strings.Repeat("a", 255)
	tests := []struct {
		name, list     string
		client, server []string
		ok             bool
	}{
		{"one", "h2", []string{"h2"}, []string{"h2"}, true},
		{"two", "h2,http/1.1", []string{"h2", "http/1.1"}, []string{"h2", "http/1.1"}, true},
		{"a space is part of it", "h2, http/1.1", []string{"h2", " http/1.1"}, []string{"h2", " http/1.1"}, true},
		{"NUL", "h2\x00,http/1.1", []string{"h2"}, []string{"h2"}, true},
		{"none", "", nil, nil, true},
		{"an empty one", "h2,,foo", nil, []string{"h2", "foo"}, true},
		{"an empty one at the end", "h2,", nil, []string{"h2"}, true},
		{"longest", long, []string{long}, []string{long}, true},
		{"too long", long + "a", nil, nil, false},
		{"too long, later", "h2," + long + "a,foo", nil, nil, false},
		{"all too long", strings.Repeat("abcd,", 13107), nil, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := ssl.Protocols(tt.list, false)
			require.Equal(t, tt.ok, ok)
			require.Equal(t, tt.client, got)
			got, ok = ssl.Protocols(tt.list, true)
			require.Equal(t, tt.ok, ok)
			require.Equal(t, tt.server, got)
		})
	}
}

func TestSelectProtocol(t *testing.T) {
	list := func(s string) []string { return strings.Split(s, ",") }
	require.Equal(t, "h2", ssl.SelectProtocol(list("h2,http/1.1"), list("http/1.1,h2")))
	require.Equal(t, "http/1.1", ssl.SelectProtocol(list("foo,http/1.1"), list("http/1.1,h2")))
	require.Equal(t, "", ssl.SelectProtocol(list("foo"), list("h2")))
	require.Equal(t, "", ssl.SelectProtocol(list("H2"), list("h2")))
	require.Equal(t, "", ssl.SelectProtocol(list(""), list("")))
	require.Equal(t, "", ssl.SelectProtocol(nil, nil))
}

func FuzzProtocols(f *testing.F) {
	for _, list := range []string{"", "h2", "h2,http/1.1", ",", "a\x00b", strings.Repeat("a", 256)} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		client, ok := ssl.Protocols(list, false)
		server, serverOK := ssl.Protocols(list, true)
		require.Equal(t, serverOK, ok)
		given, _, _ := strings.Cut(list, "\x00")
		for _, name := range server {
			require.NotEmpty(t, name)
			require.LessOrEqual(t, len(name), 255)
			require.Contains(t, strings.Split(given, ","), name)
		}
		if client != nil {
			require.Equal(t, server, client)
			require.Equal(t, given, strings.Join(client, ","))
		}
		if len(server) != 0 {
			require.Equal(t, server[0], ssl.SelectProtocol(server, slices.Clone(server)))
		}
	})
}
