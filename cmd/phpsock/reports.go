package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// reports is the PHP code behind the options that run no script of the user's.
// $subject is the option's value, $file the script ("php://stdin" without one),
// and $host the line that -v gives to phpsock.
var reports = map[mode]string{
	modeVersion:   versionCode,
	modeInfo:      `phpinfo(INFO_ALL & ~INFO_CREDITS);`,
	modeModules:   modulesCode,
	modeINI:       iniCode,
	modeHighlight: `highlight_string(file_get_contents($file));`,
	modeStrip:     stripCode,
	modeFunction:  `$names = explode('::', $subject, 2); $class = isset($names[1]) ? 'Method' : 'Function';` + reflectCode,
	modeClass:     `$names = [$subject]; $class = 'Class';` + reflectCode,
	modeExtension: `$names = [$subject]; $class = 'Extension';` + reflectCode,
	modeZend:      `$names = [$subject]; $class = 'ZendExtension';` + reflectCode,
	modeExtInfo:   extInfoCode,
}

// The engine's own lines and the build date are only to be had from phpinfo().
const versionCode = `
ob_start();
phpinfo(INFO_GENERAL);
$info = ob_get_clean();
preg_match('/^Build Date => (.*)$/m', $info, $built);
printf("PHP %s (%s) (built: %s) (%s)\n%s\nCopyright (c) The PHP Group\n%s\n", PHP_VERSION, PHP_SAPI,
    $built[1] ?? '', PHP_ZTS ? 'ZTS' : 'NTS', $host, rtrim(strstr($info, 'Zend Engine v')));
`

const modulesCode = `
foreach (['[PHP Modules]' => false, '[Zend Modules]' => true] as $title => $zend) {
    $names = get_loaded_extensions($zend);
    usort($names, 'strcasecmp');
    echo implode("\n", [$title, ...$names]), "\n\n";
}
`

// php_strip_whitespace() takes no stream.
const stripCode = `
$copy = tmpfile();
fwrite($copy, file_get_contents($file));
echo php_strip_whitespace(stream_get_meta_data($copy)['uri']);
`

const iniCode = `
printf("Configuration File (php.ini) Path: %s\n", PHP_CONFIG_FILE_PATH);
printf("Loaded Configuration File:         %s\n", php_ini_loaded_file() ?: '(none)');
printf("Scan for additional .ini files in: %s\n", php_ini_scanned_files() === false ? '(none)' : PHP_CONFIG_FILE_SCAN_DIR);
printf("Additional .ini files parsed:      %s\n", php_ini_scanned_files() ?: '(none)');
`

const reflectCode = `
try {
    echo new ("Reflection$class")(...$names), "\n";
} catch (ReflectionException $e) {
    echo 'Exception: ', $e->getMessage(), "\n";
    exit(1);
}
`

const extInfoCode = `
if (!extension_loaded($subject)) {
    echo "Extension '$subject' not present.\n";
    exit(1);
}
(new ReflectionExtension($subject))->info();
`

// hostLine is what -v says about this program.
func hostLine() string {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return fmt.Sprintf("phpsock %s: PHP inside a %s program that makes its sockets", version, runtime.Version())
}
