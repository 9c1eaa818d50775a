package ssl

import "strconv"

// Codes of OpenSSL's library 20, "SSL routines". An internal error has a flag in it.
const (
	sslRoutines    = 0x0A000000
	noSharedCipher = 0x0A0000C1
	internalError  = 0x0A0C0103
)

// receivedAlert is the reason for an alert of the peer, whose number is that of the
// alert and 1000. Those that OpenSSL has no text for have the number as text.
func receivedAlert(alert uint8) Reason {
	number := 1000 + uint32(alert)
	text := alertTexts(alert)
	if text == "" {
		text = "reason(" + strconv.Itoa(int(number)) + ")"
	}
	return Reason{sslRoutines | number, text}
}

func alertTexts(alert uint8) string {
	switch alert {
	case 10:
		return "sslv3 alert unexpected message"
	case 20:
		return "sslv3 alert bad record mac"
	case 21:
		return "tlsv1 alert decryption failed"
	case 22:
		return "tlsv1 alert record overflow"
	case 30:
		return "sslv3 alert decompression failure"
	case 40:
		return "sslv3 alert handshake failure"
	case 41:
		return "sslv3 alert no certificate"
	case 42:
		return "sslv3 alert bad certificate"
	case 43:
		return "sslv3 alert unsupported certificate"
	case 44:
		return "sslv3 alert certificate revoked"
	case 45:
		return "sslv3 alert certificate expired"
	case 46:
		return "sslv3 alert certificate unknown"
	case 47:
		return "sslv3 alert illegal parameter"
	case 48:
		return "tlsv1 alert unknown ca"
	case 49:
		return "tlsv1 alert access denied"
	case 50:
		return "tlsv1 alert decode error"
	case 51:
		return "tlsv1 alert decrypt error"
	case 60:
		return "tlsv1 alert export restriction"
	case 70:
		return "tlsv1 alert protocol version"
	case 71:
		return "tlsv1 alert insufficient security"
	case 80:
		return "tlsv1 alert internal error"
	case 86:
		return "tlsv1 alert inappropriate fallback"
	case 90:
		return "tlsv1 alert user cancelled"
	case 100:
		return "tlsv1 alert no renegotiation"
	case 109:
		return "tlsv13 alert missing extension"
	case 110:
		return "tlsv1 unsupported extension"
	case 111:
		return "tlsv1 certificate unobtainable"
	case 112:
		return "tlsv1 unrecognized name"
	case 113:
		return "tlsv1 bad certificate status response"
	case 114:
		return "tlsv1 bad certificate hash value"
	case 115:
		return "tlsv1 alert unknown psk identity"
	case 116:
		return "tlsv13 alert certificate required"
	case 120:
		return "tlsv1 alert no application protocol"
	}
	return ""
}

// sentAlert is the reason for what this side told the peer in an alert, where
// crypto/tls says no more than that.
func sentAlert(alert uint8) Reason {
	switch alert {
	case 10:
		return Reason{0x0A0000F4, "unexpected message"}
	case 20:
		return Reason{0x0A000119, "decryption failed or bad record mac"}
	case 22:
		return Reason{0x0A000092, "data length too long"}
	case 40:
		return Reason{0x0A0000E5, "ssl handshake failure"}
	case 47:
		return Reason{0x0A00006E, "bad extension"}
	case 50:
		return Reason{0x0A00009F, "length mismatch"}
	case 51:
		return Reason{0x0A000095, "digest check failed"}
	case 70:
		return Reason{0x0A000102, "unsupported protocol"}
	case 86:
		return Reason{0x0A000175, "inappropriate fallback"}
	case 100:
		return Reason{0x0A000153, "no renegotiation"}
	case 110:
		return Reason{0x0A0000D9, "unsolicited extension"}
	case 120:
		return Reason{0x0A0000EB, "no application protocol"}
	}
	return Reason{internalError, "internal error"}
}
