package bridge_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

func TestWorkingDirectory(t *testing.T) {
	e := start(t, bridge.Config{})
	host, err := os.Getwd()
	require.NoError(t, err)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))

	tests := []struct {
		name string
		r    bridge.Request
		want string
	}{
		{"the host's", bridge.Request{Code: `echo getcwd();`}, host},
		{"its own", bridge.Request{Code: `echo getcwd();`, Dir: dir}, dir},
		{"chdir", bridge.Request{Code: `chdir('sub'); touch('made'); echo getcwd();`, Dir: dir}, dir + "/sub"},
		{"of children", bridge.Request{Code: `chdir('sub'); echo trim(shell_exec('pwd')), file_exists('made') ? '' : '?';`, Dir: dir}, dir + "/sub"},
		{"in a shutdown function", bridge.Request{Code: `chdir('sub'); register_shutdown_function(function () { echo getcwd(); });`, Dir: dir}, dir + "/sub"},
		{"after chdir", bridge.Request{Code: `echo getcwd();`}, host},
		{"of included files", bridge.Request{Code: `file_put_contents('inc.php', '<?php return 7;'); chdir('sub'); echo include '../inc.php';`, Dir: dir}, "7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, _, err := run(t, e, tt.r)
			require.NoError(t, err)
			require.Equal(t, tt.want, out)
			now, err := os.Getwd()
			require.NoError(t, err)
			require.Equal(t, host, now)
			link, err := os.Readlink("/proc/self/cwd")
			require.NoError(t, err)
			require.Equal(t, host, link)
		})
	}
	t.Chdir(dir)
	require.Equal(t, dir, output(t, e, `echo getcwd();`), "the host moved, the next run with it")
}

func TestRelativeScript(t *testing.T) {
	e := start(t, bridge.Config{})
	file := writeFile(t, "main.php", "<?php echo __DIR__, ' ', (include 'part.php');")
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "part.php"), []byte("<?php return 'part';"), 0o600))
	out, _, err := run(t, e, bridge.Request{File: file})
	require.NoError(t, err)
	require.Equal(t, dir+" part", out, "include looks beside the script")
}

func TestEnvironment(t *testing.T) {
	e := start(t, bridge.Config{})
	t.Setenv("BRIDGE_INHERITED", "old")
	t.Setenv("BRIDGE_LATE", "late")
	env := map[string]string{"BRIDGE_INHERITED": "new", "BRIDGE_ADDED": "a=b c", "BRIDGE_EMPTY": ""}
	const show = `echo json_encode([getenv('BRIDGE_INHERITED'), getenv('BRIDGE_ADDED'), getenv('BRIDGE_EMPTY'), getenv('BRIDGE_LATE'),
		$_SERVER['BRIDGE_ADDED'] ?? null, trim(shell_exec('echo "$BRIDGE_INHERITED$BRIDGE_ADDED"')), isset(getenv()['BRIDGE_ADDED'])]);`
	out, _, err := run(t, e, bridge.Request{Code: show, Env: env})
	require.NoError(t, err)
	require.Equal(t, `["new","a=b c","","late","a=b c","newa=b c",true]`, out)
	require.Equal(t, `["old",false,false,"late",null,"old",false]`, output(t, e, show), "the variables outlived the run")
	require.Equal(t, "old", os.Getenv("BRIDGE_INHERITED"))

	// What a script puts there itself is gone as well.
	require.Equal(t, "1", output(t, e, `putenv('BRIDGE_INHERITED=mine'); putenv('BRIDGE_ADDED=1'); putenv('BRIDGE_LATE'); echo getenv('BRIDGE_ADDED');`))
	require.Equal(t, `["old",false,false,"late",null,"old",false]`, output(t, e, show))

	_, _, err = run(t, e, bridge.Request{Code: `putenv('BRIDGE_ADDED=mine'); nowhere();`, Env: env})
	require.Error(t, err)
	require.Equal(t, `["old",false,false,"late",null,"old",false]`, output(t, e, show))
}

func TestUmask(t *testing.T) {
	host := syscall.Umask(0o027)
	defer syscall.Umask(host)
	e := start(t, bridge.Config{})
	require.Equal(t, "27", output(t, e, `echo decoct(umask()); umask(0);`))
	require.Equal(t, "27", output(t, e, `echo decoct(umask());`), "umask outlived the run")
	now := syscall.Umask(0o027)
	require.Equal(t, 0o027, now, "the host's umask changed")
	_, _, err := run(t, e, bridge.Request{Code: `umask(0); nowhere();`})
	require.Error(t, err)
	require.Equal(t, "27", output(t, e, `echo decoct(umask());`))
}

func TestRunSettings(t *testing.T) {
	e := start(t, bridge.Config{INI: []string{"precision=9"}})
	ini := map[string]string{"precision": "5", "user_agent": "a;b", "memory_limit": "64M", "no.such": "x", "disable_functions": "strlen"}
	const show = `echo ini_get('precision'), ' ', ini_get('user_agent'), ' ', 1/3;`
	out, _, err := run(t, e, bridge.Request{Code: show, INI: ini})
	require.NoError(t, err)
	require.Equal(t, "5 a;b 0.33333", out)
	require.Equal(t, "9  0.333333333", output(t, e, show), "the settings outlived the run")
	require.Equal(t, "5", output(t, e, `ini_set('precision', 5); echo ini_get('precision');`))
	require.Equal(t, "9", output(t, e, `echo ini_get('precision');`))

	// Settings of a php.ini alone: the host may, the script may not.
	out, _, err = run(t, e, bridge.Request{Code: `var_dump(ini_set('allow_url_fopen', '1')); echo ini_get('allow_url_fopen');`,
		INI: map[string]string{"allow_url_fopen": "0"}})
	require.NoError(t, err)
	require.Equal(t, "bool(false)\n0", out)

	prepend := writeFile(t, "prepend.php", "<?php echo 'first ';")
	out, _, err = run(t, e, bridge.Request{File: writeFile(t, "main.php", "<?php echo 'main ';"),
		INI: map[string]string{"auto_prepend_file": prepend, "auto_append_file": prepend}})
	require.NoError(t, err)
	require.Equal(t, "first main first ", out)

	log := filepath.Join(t.TempDir(), "log")
	out, _, err = run(t, e, bridge.Request{Code: `error_log('hello');`, INI: map[string]string{"error_log": log}})
	require.NoError(t, err)
	require.Empty(t, out)
	written, err := os.ReadFile(log)
	require.NoError(t, err)
	require.Contains(t, string(written), "hello")
	requireClean(t, e)
}

// Closing what looks like the process's own streams must not close them.
func TestStandardStreams(t *testing.T) {
	e := start(t, bridge.Config{})
	before := descriptors(t)
	for range 3 {
		require.Equal(t, "ok", output(t, e, `foreach ([STDIN, STDOUT, STDERR] as $s) fclose($s); echo 'ok';`))
		require.Equal(t, "ok", output(t, e, `foreach (['stdin', 'stdout', 'stderr'] as $s) fclose(fopen("php://$s", 'r')); echo 'ok';`))
	}
	after := descriptors(t)
	for _, fd := range []string{"0", "1", "2"} {
		require.Equal(t, before[fd], after[fd])
	}
}

// descriptors returns what the process has open, by number.
func descriptors(t testing.TB) map[string]string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	open := make(map[string]string)
	for _, entry := range entries {
		target, err := os.Readlink("/proc/self/fd/" + entry.Name())
		if err == nil && !strings.HasSuffix(target, "/fd") { // that is the listing itself
			open[entry.Name()] = target
		}
	}
	return open
}
