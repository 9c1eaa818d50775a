package ssl

import "crypto/tls"

// The bits of PHP's STREAM_CRYPTO_METHOD_* and STREAM_CRYPTO_PROTO_* constants.
const (
	MethodClient int64 = 1 << iota
	MethodSSLv2
	MethodSSLv3
	MethodTLSv10
	MethodTLSv11
	MethodTLSv12
	MethodTLSv13
)

const (
	oldestMethod = MethodTLSv10 // crypto/tls has no SSLv3, nor has the OpenSSL of Debian
	newestMethod = MethodTLSv13
)

// Versions returns the versions of TLS that a crypto method and the options
// min_proto_version and max_proto_version (0: not given) allow.
//
// As in PHP only the lowest and the highest bit of the method count, holes between
// them do not; an option takes the place of its end of the method; and what leaves
// no version at all means TLS 1.3. The options need not be single bits: they are
// compared as numbers.
func Versions(method, minProto, maxProto int64) (minVersion, maxVersion uint16) {
	// PHP keeps all three in a C int.
	flags, first, last := int64(int32(method)), int64(int32(minProto)), int64(int32(maxProto))
	if first == 0 {
		first = lowest(flags)
	}
	if last == 0 {
		last = highest(flags)
	}
	var allowed int64
	for bit := oldestMethod; bit <= newestMethod; bit <<= 1 {
		if bit >= first && bit <= last {
			allowed |= bit
		}
	}
	return versionOf(lowest(allowed)), versionOf(highest(allowed))
}

func lowest(flags int64) int64 {
	for bit := oldestMethod; bit <= newestMethod; bit <<= 1 {
		if flags&bit != 0 {
			return bit
		}
	}
	return newestMethod
}

func highest(flags int64) int64 {
	for bit := newestMethod; bit >= oldestMethod; bit >>= 1 {
		if flags&bit != 0 {
			return bit
		}
	}
	return newestMethod
}

func versionOf(bit int64) uint16 {
	switch bit {
	case MethodTLSv10:
		return tls.VersionTLS10
	case MethodTLSv11:
		return tls.VersionTLS11
	case MethodTLSv12:
		return tls.VersionTLS12
	}
	return tls.VersionTLS13
}
