package bridge

import (
	"encoding/binary"

	"github.com/phpsock/phpsock/phpext"
)

// What a finished call asks of C, in this order: effects, then a throw or the value.
// call.c reads it.
const (
	replyEnd = iota
	replySetRef
	replyError
	replyThrow
	replyFailedStream
	replyNoDefaultContext
	replyClose
)

// bareError is a bit of the level of an error without the function's name.
const bareError = 1 << 31

// appendReply encodes a finished outcome.
func appendReply(b []byte, o phpext.Outcome) []byte {
	if o.FailedStream {
		b = append(b, replyFailedStream)
	}
	for _, e := range o.Effects {
		switch e.Kind {
		case phpext.EffectSetRef:
			b = binary.LittleEndian.AppendUint32(append(b, replySetRef), uint32(e.Param))
			b = appendValue(b, e.Value)
		case phpext.EffectError:
			level := uint32(e.Level)
			if e.Bare {
				level |= bareError
			}
			b = binary.LittleEndian.AppendUint32(append(b, replyError), level)
			b = appendText(b, e.Text)
		case phpext.EffectClose:
			b = binary.LittleEndian.AppendUint32(append(b, replyClose), uint32(e.Param))
		}
	}
	if o.Throw != nil {
		b = binary.LittleEndian.AppendUint32(append(b, replyThrow), uint32(o.Throw.Arg))
		return appendText(appendText(b, o.Throw.Class), o.Throw.Message)
	}
	if s := o.Value.Stream(); s != nil && s.NoDefaultContext {
		b = append(b, replyNoDefaultContext)
	}
	return appendValue(append(b, replyEnd), o.Value)
}
