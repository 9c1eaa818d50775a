package phpt

import (
	"os"
	"slices"
	"strings"
)

// defaults are the settings that run-tests.php gives every test: errors are printed as plain text, all of them, and
// nothing of the machine's configuration changes an output.
var defaults = []Setting{
	{"output_handler", ""}, {"open_basedir", ""}, {"disable_functions", ""}, {"output_buffering", "Off"},
	{"error_reporting", "32767"}, {"display_errors", "1"}, {"display_startup_errors", "1"}, {"log_errors", "0"},
	{"html_errors", "0"}, {"track_errors", "0"}, {"report_memleaks", "1"}, {"report_zend_debug", "0"},
	{"docref_root", ""}, {"docref_ext", ".html"}, {"error_prepend_string", ""}, {"error_append_string", ""},
	{"auto_prepend_file", ""}, {"auto_append_file", ""}, {"ignore_repeated_errors", "0"}, {"precision", "14"},
	{"serialize_precision", "-1"}, {"memory_limit", "128M"}, {"opcache.fast_shutdown", "0"},
	{"opcache.file_update_protection", "0"}, {"opcache.revalidate_freq", "0"}, {"opcache.jit_hot_loop", "1"},
	{"opcache.jit_hot_func", "1"}, {"opcache.jit_hot_return", "1"}, {"opcache.jit_hot_side_exit", "1"},
	{"zend.assertions", "1"}, {"zend.exception_ignore_args", "0"}, {"zend.exception_string_param_max_len", "15"},
	{"short_open_tag", "0"},
}

// Defaults gives the settings that every case runs under unless its INI section says otherwise. The map is the
// caller's.
func Defaults() map[string]string {
	ini := make(map[string]string, len(defaults))
	for _, s := range defaults {
		ini[s.Name] = s.Value
	}
	return ini
}

// repeatable settings add up instead of replacing each other.
func repeatable(name string) bool { return name == "extension" || name == "zend_extension" }

// settings reads an INI section.
func settings(section, pwd string) []Setting {
	section = strings.NewReplacer("{PWD}", pwd, "{TMP}", os.TempDir()).Replace(section)
	var list []Setting
	for _, line := range strings.FieldsFunc(section, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if name, value, ok := strings.Cut(line, "="); ok {
			list = append(list, Setting{trim(name), trim(value)})
		}
	}
	return list
}

// environment reads an ENV section.
func environment(section, pwd string) []string {
	var list []string
	for line := range strings.Lines(strings.ReplaceAll(section, "{PWD}", pwd)) {
		if name, value, ok := strings.Cut(trim(line), "="); ok && name != "" {
			list = append(list, name+"="+value)
		}
	}
	return list
}

// overlay gives the settings in order, the last one of a name winning in the place of the first.
func overlay(lists ...[]Setting) []Setting {
	var out []Setting
	for _, s := range slices.Concat(lists...) {
		i := slices.IndexFunc(out, func(o Setting) bool { return o.Name == s.Name })
		if i < 0 || repeatable(s.Name) {
			out = append(out, s)
		} else {
			out[i].Value = s.Value
		}
	}
	return out
}

// params writes settings as a php command line takes them.
func params(list []Setting) []string {
	var args []string
	for _, s := range list {
		args = append(args, "-d", s.Name+"="+s.Value)
	}
	return args
}
