package livepage

import (
	"strconv"
	"strings"
)

// printable makes text of a name that may hold any bytes: what cannot be printed, or
// changes how its surroundings are printed, is escaped as in Go, and so is the backslash.
// No two names look alike, and a name without any of these stays as it is.
func printable(name string) string {
	quoted := strconv.Quote(name)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
