package bridge

import "strings"

// commandLineINI are the settings of PHP's command line that no php.ini can change.
const commandLineINI = "html_errors=0\n" +
	"register_argc_argv=1\n" +
	"implicit_flush=1\n" +
	"output_buffering=0\n" +
	"max_execution_time=0\n" +
	"max_input_time=-1\n"

// iniEntries writes settings as a php.ini, as php -d does: a value that begins with
// neither a letter, a digit nor a quote is quoted; a name alone is switched on.
func iniEntries(settings []string, ownProcess bool) string {
	var b strings.Builder
	b.WriteString(commandLineINI)
	if !ownProcess {
		// Some builds end the process when a script wants twice its memory_limit at once.
		b.WriteString("memory_hard_limit_percent=1000000\n")
	}
	for _, s := range settings {
		name, value, ok := strings.Cut(s, "=")
		switch {
		case !ok:
			b.WriteString(name + "=1\n")
		case value == "" || isPlain(value[0]):
			b.WriteString(name + "=" + value + "\n")
		default:
			b.WriteString(name + `="` + value + "\"\n")
		}
	}
	return b.String()
}

func isPlain(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '"' || c == '\''
}
