package phpext

import (
	"math"
	"strings"
)

// Flags of the stream functions, with PHP's values on Linux.
const (
	StreamClientPersistent   = 1
	StreamClientAsyncConnect = 2
	StreamClientConnect      = 4
	StreamServerBind         = 4
	StreamServerListen       = 8
	FileNoDefaultContext     = 16
	StreamOOB                = 1
	StreamPeek               = 2
	StreamShutRD             = 0
	StreamShutWR             = 1
	StreamShutRDWR           = 2
)

// constants are PHP's constants that a default value in a prototype may name.
var constants = map[string]Value{
	"STREAM_CLIENT_PERSISTENT":    Int(StreamClientPersistent),
	"STREAM_CLIENT_ASYNC_CONNECT": Int(StreamClientAsyncConnect),
	"STREAM_CLIENT_CONNECT":       Int(StreamClientConnect),
	"STREAM_SERVER_BIND":          Int(StreamServerBind),
	"STREAM_SERVER_LISTEN":        Int(StreamServerListen),
	"FILE_NO_DEFAULT_CONTEXT":     Int(FileNoDefaultContext),
	"STREAM_OOB":                  Int(StreamOOB),
	"STREAM_PEEK":                 Int(StreamPeek),
	"STREAM_SHUT_RD":              Int(StreamShutRD),
	"STREAM_SHUT_WR":              Int(StreamShutWR),
	"STREAM_SHUT_RDWR":            Int(StreamShutRDWR),
	"STREAM_PF_UNIX":              Int(1),
	"STREAM_PF_INET":              Int(2),
	"STREAM_PF_INET6":             Int(10),
	"STREAM_SOCK_STREAM":          Int(1),
	"STREAM_SOCK_DGRAM":           Int(2),
	"STREAM_SOCK_RAW":             Int(3),
	"STREAM_SOCK_RDM":             Int(4),
	"STREAM_SOCK_SEQPACKET":       Int(5),
	"STREAM_IPPROTO_IP":           Int(0),
	"STREAM_IPPROTO_ICMP":         Int(1),
	"STREAM_IPPROTO_TCP":          Int(6),
	"STREAM_IPPROTO_UDP":          Int(17),
	"STREAM_IPPROTO_RAW":          Int(255),
	"PHP_INT_MAX":                 Int(math.MaxInt64),
	"PHP_INT_MIN":                 Int(math.MinInt64),
	"PHP_INT_SIZE":                Int(8),
	"PHP_FLOAT_EPSILON":           Float(0x1p-52),
	"PHP_FLOAT_MAX":               Float(math.MaxFloat64),
	"PHP_FLOAT_MIN":               Float(0x1p-1022),
	"PHP_EOL":                     String("\n"),
	"INF":                         Float(math.Inf(1)),
	"NAN":                         Float(math.NaN()),
	"E_ERROR":                     Int(1),
	"E_WARNING":                   Int(int64(Warning)),
	"E_NOTICE":                    Int(int64(Notice)),
	"E_DEPRECATED":                Int(int64(Deprecated)),
	"E_ALL":                       Int(32767),
	"SEEK_SET":                    Int(0),
	"SEEK_CUR":                    Int(1),
	"SEEK_END":                    Int(2),
	"LOCK_SH":                     Int(1),
	"LOCK_EX":                     Int(2),
	"LOCK_UN":                     Int(3),
	"COUNT_NORMAL":                Int(0),
	"COUNT_RECURSIVE":             Int(1),
	"SORT_REGULAR":                Int(0),
	"SORT_NUMERIC":                Int(1),
	"SORT_STRING":                 Int(2),
}

// constant returns the constant of that name; as in PHP only null, true and false may
// be written in any case.
func constant(name string) (Value, bool) {
	switch strings.ToLower(name) {
	case "null":
		return Null(), true
	case "true":
		return Bool(true), true
	case "false":
		return Bool(false), true
	}
	v, ok := constants[name]
	return v, ok
}
