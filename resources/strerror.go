package resources

import (
	"strconv"
	"syscall"
)

// Strerror gives the text of an errno as glibc's strerror does in the C locale,
// which is what PHP shows: "Address already in use", "Success" for 0 and
// "Unknown error 999" for numbers that Linux does not use. Go's own texts
// differ ("address already in use").
func Strerror(errno syscall.Errno) string {
	if errno < syscall.Errno(len(errnoTexts)) {
		if text := errnoTexts[errno]; text != "" {
			return text
		}
	}
	return "Unknown error " + strconv.Itoa(int(int32(errno)))
}
