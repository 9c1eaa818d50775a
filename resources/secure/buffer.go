package secure

import "sync"

// Buffers come from pools, so that a session that has nothing under way holds none.

const (
	headerLen = 5 // of a TLS record
	maxPlain  = 16 << 10
	// overhead is more than the header, nonce, padding and tag of a record.
	overhead = 256
	// oneRecord is room for the largest record that is allowed, bulk for many.
	oneRecord = headerLen + maxPlain + 2048
	bulk      = maxWrite + maxWrite/maxPlain*overhead
	// maxWrite is how much plaintext is encrypted at a time.
	maxWrite = 64 << 10
)

var (
	oneRecords = sync.Pool{New: func() any { return new([oneRecord]byte) }}
	bulks      = sync.Pool{New: func() any { return new([bulk]byte) }}
)

func newBuffer(large bool) []byte {
	if large {
		return bulks.Get().(*[bulk]byte)[:]
	}
	return oneRecords.Get().(*[oneRecord]byte)[:]
}

// freeBuffer takes a buffer of newBuffer back, in its whole length. Any other is left to
// the garbage collector.
func freeBuffer(b []byte) {
	switch len(b) {
	case oneRecord:
		oneRecords.Put((*[oneRecord]byte)(b))
	case bulk:
		bulks.Put((*[bulk]byte)(b))
	}
}
