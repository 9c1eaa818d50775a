package resources

import "sync"

// Sizes of a pump's buffers in bytes.
const (
	frameSize   = 64        // of the name before a framed datagram
	maxDatagram = 1<<16 - 1 // of udp; a longer one cannot be
	largeBuffer = maxDatagram + 1 + frameSize
	hugeBuffer  = 1 << 18 // holds what Linux takes as one message of a unix socket
	smallBuffer = 1 << 12
	piece       = 1 << 14 // written to a connection at a time
)

var largeBuffers = sync.Pool{New: func() any { return new([largeBuffer]byte) }}

// buffer is one direction's room in a pump. Ten thousand idle connections must
// not cost a large buffer each, so those come from a pool and go back.
type buffer struct {
	data     []byte // as given out last
	small    []byte
	huge     []byte
	array    *[largeBuffer]byte
	messages bool // must fit
	full     bool // the last read filled all that there was
}

func newBuffer(messages bool, t Transport) *buffer {
	b := &buffer{messages: messages}
	if messages && t != UDP {
		b.huge = make([]byte, hugeBuffer)
	}
	return b
}

// large gives a large buffer, of at most limit bytes of a stream where that is
// not 0.
func (b *buffer) large(limit int) []byte {
	if b.huge != nil {
		b.data = b.huge
		return b.data
	}
	if b.array == nil {
		b.array = largeBuffers.Get().(*[largeBuffer]byte)
	}
	return b.cut(b.array[:], limit)
}

// adaptive gives a small buffer, or a large one as long as reads fill it.
func (b *buffer) adaptive(limit int) []byte {
	if b.full || b.messages {
		return b.large(limit)
	}
	b.release()
	if b.small == nil {
		b.small = make([]byte, smallBuffer)
	}
	return b.cut(b.small, limit)
}

func (b *buffer) cut(data []byte, limit int) []byte {
	if limit > 0 && limit < len(data) && !b.messages {
		data = data[:limit]
	}
	b.data = data
	return data
}

// filled tells how much was read, which decides on the next size.
func (b *buffer) filled(n int) { b.full = n >= min(len(b.data), smallBuffer) }

// release gives back what is from the pool.
func (b *buffer) release() {
	if b.array != nil {
		largeBuffers.Put(b.array)
		b.array = nil
	}
}
