package bridge

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// The wire format: how values cross between Go and C, in one piece of memory a call.
// value.c is its twin.
const (
	wireNull = iota
	wireFalse
	wireTrue
	wireInt
	wireFloat
	wireString
	wireArray
	wireResource
	wireStream
	wireAbsent
)

// Flags of a wireStream.
const (
	streamServer   = 1 << iota // bound
	streamAsync                // its descriptor is non-blocking
	streamVirtual              // its descriptor stands in for a socket that Go has
	streamFramed               // datagrams begin with the peer's name
	streamAccepted             // from a listener
)

// transports is in the order of C's enum bridge_transport.
var transports = [...]resources.Transport{
	resources.TCP, resources.UDP, resources.Unix, resources.Udg, resources.Mem, resources.Pair, resources.Descriptor,
}

var errWire = errors.New("bridge: malformed value from the engine")

// appendValue appends v; a stream that was never put into the socket table becomes false.
func appendValue(b []byte, v phpext.Value) []byte {
	switch v.Kind() {
	case phpext.KindBool:
		if v.Bool() {
			return append(b, wireTrue)
		}
		return append(b, wireFalse)
	case phpext.KindInt:
		return binary.LittleEndian.AppendUint64(append(b, wireInt), uint64(v.Int()))
	case phpext.KindFloat:
		return binary.LittleEndian.AppendUint64(append(b, wireFloat), math.Float64bits(v.Float()))
	case phpext.KindString:
		return appendString(b, v.Text())
	case phpext.KindArray:
		b = binary.LittleEndian.AppendUint32(append(b, wireArray), uint32(v.Array().Len()))
		for k, e := range v.Array().All() {
			if k.IsString() {
				b = appendString(b, k.Text())
			} else {
				b = binary.LittleEndian.AppendUint64(append(b, wireInt), uint64(k.Int()))
			}
			b = appendValue(b, e)
		}
		return b
	case phpext.KindStream:
		return appendStream(b, v.Stream())
	}
	return append(b, wireNull)
}

func appendStream(b []byte, s *phpext.NewStream) []byte {
	if s == nil || s.Handle == 0 {
		return append(b, wireFalse)
	}
	var flags uint8
	if s.Server {
		flags |= streamServer
	}
	if s.Async {
		flags |= streamAsync
	}
	if s.Socket.Virtual() {
		flags |= streamVirtual
	}
	if s.Socket.Framed() {
		flags |= streamFramed
	}
	if s.Accepted {
		flags |= streamAccepted
	}
	b = binary.LittleEndian.AppendUint64(append(b, wireStream), uint64(s.Handle))
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(s.Socket.FD())))
	b = append(b, uint8(slices.Index(transports[:], s.Socket.Transport())), flags)
	other, cookie := s.Socket.OtherEnd()
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(other)))
	b = binary.LittleEndian.AppendUint64(b, cookie)
	return appendText(b, s.Target)
}

func appendString(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint64(append(b, wireString), uint64(len(s)))
	return append(b, s...)
}

// appendText appends a text that is not a value of its own.
func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// wireReader decodes what C has written. Strings are copied.
type wireReader struct {
	b           []byte
	err         error
	noResources bool // they are over with the run: null instead
}

func (r *wireReader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.err, r.b = errWire, nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *wireReader) u8() uint8 {
	if p := r.take(1); p != nil {
		return p[0]
	}
	return wireNull
}

func (r *wireReader) u32() uint32 {
	if p := r.take(4); p != nil {
		return binary.LittleEndian.Uint32(p)
	}
	return 0
}

func (r *wireReader) u64() uint64 {
	if p := r.take(8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

func (r *wireReader) text() string { return string(r.take(uint64(r.u32()))) }

// value returns the next value; absent says that it is an argument left out.
func (r *wireReader) value() (v phpext.Value, absent bool) {
	switch r.u8() {
	case wireFalse:
		return phpext.Bool(false), false
	case wireTrue:
		return phpext.Bool(true), false
	case wireInt:
		return phpext.Int(int64(r.u64())), false
	case wireFloat:
		return phpext.Float(math.Float64frombits(r.u64())), false
	case wireString:
		return phpext.String(string(r.take(r.u64()))), false
	case wireArray:
		return r.array(), false
	case wireResource:
		resource := &phpext.Resource{Type: r.text(), ID: int64(r.u64()), Handle: resources.Handle(r.u64())}
		if r.noResources {
			return phpext.Null(), false
		}
		return phpext.ResourceValue(resource), false
	case wireAbsent:
		return phpext.Null(), true
	}
	return phpext.Null(), false
}

func (r *wireReader) array() phpext.Value {
	a := phpext.NewArray()
	for n := r.u32(); n > 0 && r.err == nil; n-- {
		key, _ := r.value()
		v, _ := r.value()
		if key.Kind() == phpext.KindString {
			a.Set(phpext.StringKey(key.Text()), v)
		} else {
			a.Set(phpext.IntKey(key.Int()), v)
		}
	}
	return phpext.ArrayValue(a)
}
