package resources

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A socket that comes and goes, beside so many others.
func BenchmarkTableInsertRemove(b *testing.B) {
	benchmarkTable(b, func(b *testing.B, table *Table, _ []Handle) {
		for b.Loop() {
			h := table.Insert(Adopted(TCP, -1, "127.0.0.1:1", "127.0.0.1:2", time.Time{}))
			if !table.Remove(h) {
				b.Fatal("not there")
			}
		}
	})
}

func BenchmarkTableLookupAmong(b *testing.B) {
	benchmarkTable(b, func(b *testing.B, table *Table, handles []Handle) {
		for i := 0; b.Loop(); i++ {
			if _, ok := table.Lookup(handles[i%len(handles)]); !ok {
				b.Fatal("not there")
			}
		}
	})
}

// All of them, for a page or metrics.
func BenchmarkTableList(b *testing.B) {
	benchmarkTable(b, func(b *testing.B, table *Table, handles []Handle) {
		for b.Loop() {
			if len(table.List()) != len(handles) {
				b.Fatal("not all")
			}
		}
	})
}

func benchmarkTable(b *testing.B, run func(*testing.B, *Table, []Handle)) {
	for _, n := range []int{1, 1000, 10000} {
		b.Run(fmt.Sprintf("of %d", n), func(b *testing.B) {
			table := NewTable()
			var handles []Handle
			for range n {
				handles = append(handles, table.Insert(Adopted(TCP, -1, "127.0.0.1:1", "127.0.0.1:2", time.Time{})))
			}
			b.ReportAllocs()
			run(b, table, handles)
		})
	}
}

// An address as a script writes it, to what the system takes, but for names that have to
// be looked up.
func BenchmarkAddress(b *testing.B) {
	for _, address := range []string{"127.0.0.1:80", "tcp://192.0.2.1:8080", "udp://[2001:db8::1]:53", "tcp://2130706433:80"} {
		b.Run(address, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, target := SplitTransport(address)
				host, _, err := ParseHostPort(target)
				if _, ok := NumericHost(host); err != nil || !ok {
					b.Fatal("not read", err)
				}
			}
		})
	}
	b.Run("unix:///run/x.sock", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, target := SplitTransport("unix:///run/x.sock")
			if _, _, truncated := ParseUnixPath(target); truncated {
				b.Fatal("too long")
			}
		}
	})
}

// The name of a socket, as stream_socket_get_name() tells it.
func BenchmarkSockaddrName(b *testing.B) {
	raw := []byte{2, 0, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	require.Equal(b, "127.0.0.1:8080", SockaddrName(raw))
	b.ReportAllocs()
	for b.Loop() {
		SockaddrName(raw)
	}
}
