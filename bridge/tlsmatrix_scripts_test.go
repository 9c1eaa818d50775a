package bridge_test

// The scripts of the TLS matrix. Whether the engine or PHP's own command line runs one makes no
// difference: they are the one side as well as the other. The first argument has the options of
// tlsCell.php() as JSON. What they print is a line of JSON for each connection, a tlsSeen.
//
// Both sides speak this: "DATA n sum" and n digits are answered with the same in reverse, "BYE"
// lets the server close, "GET /n" is answered, as HTTP, with n digits.

const tlsMatrixCommon = `<?php
$o = json_decode($argv[1], true);
$warnings = [];
set_error_handler(function ($level, $text) use (&$warnings) {
	// A port is another one each time.
	$warnings[] = preg_replace('/127\.0\.0\.1:\d+/', 'ADDRESS', $text);
});
$blocks = $o['mode'] !== 'nonblocking';
$method = constant('STREAM_CRYPTO_METHOD_' . $o['version'] . '_' . $o['role']);
$o['ssl'] += ['crypto_method' => $method, 'capture_peer_cert' => true];

function until($c, $writable) {
	global $blocks;
	$r = $writable ? null : [$c]; $w = $writable ? [$c] : null; $x = null;
	return $blocks || stream_select($r, $w, $x, 10);
}

function secure($c) {
	global $blocks, $method;
	stream_set_timeout($c, 10);
	stream_set_blocking($c, $blocks);
	while (0 === $done = stream_socket_enable_crypto($c, true, $method)) {
		if (!until($c, false)) return false;
	}
	return $done;
}

function line($c) {
	for ($line = ''; substr($line, -1) !== "\n" && until($c, false);) {
		$more = fgets($c);
		if (feof($c) && !is_string($more)) break;
		$line .= $more;
	}
	return rtrim($line);
}

function put($c, $data) {
	while ($data !== '' && until($c, true)) {
		$n = fwrite($c, $data);
		if ($n === false || $n === 0 && feof($c)) return;
		$data = substr($data, $n);
	}
}

// No two blocks of these are the same.
function digits($n) {
	for ($digits = '', $i = 1_000_000; strlen($digits) < $n; $i++) $digits .= $i;
	return substr($digits, 0, $n);
}

function putData($c, $data) { put($c, 'DATA ' . strlen($data) . ' ' . sha1($data) . "\n$data"); }

// What follows a line "DATA n sum"; false where it is not what that says.
function takeData($c, $line) {
	if (sscanf($line, 'DATA %d %s', $n, $sum) !== 2) return false;
	for ($data = ''; strlen($data) < $n && until($c, false);) {
		$more = fread($c, $n - strlen($data));
		if (feof($c) && !$more) break;
		$data .= $more;
	}
	return sha1($data) === $sum ? $data : false;
}

function report($c, $context, $echoed, $ends) {
	global $warnings;
	$crypto = $c ? stream_get_meta_data($c)['crypto'] ?? [] : [];
	$peer = stream_context_get_options($context)['ssl']['peer_certificate'] ?? null;
	echo json_encode([
		'protocol' => $crypto['protocol'] ?? '', 'cipher' => $crypto['cipher_name'] ?? '',
		'bits' => $crypto['cipher_bits'] ?? 0, 'alpn' => $crypto['alpn_protocol'] ?? '',
		'peer' => $peer ? openssl_x509_parse($peer)['subject']['CN'] : '',
		'echoed' => $echoed, 'ends' => $ends, 'warnings' => $warnings,
	]), "\n";
	$warnings = [];
}
`

const tlsMatrixServer = tlsMatrixCommon + `
$context = stream_context_create(['ssl' => $o['ssl']]);
$transport = $o['mode'] === 'ssl' ? 'ssl' : 'tcp';
$s = stream_socket_server("$transport://127.0.0.1:0", $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
echo stream_socket_get_name($s, false), "\n";
for ($i = 0; $i < $o['clients']; $i++) {
	$c = stream_socket_accept($s, 10);
	if ($c && $transport === 'tcp' && !secure($c)) $c = false;
	$echoed = 0;
	$ends = '';
	while ($c && $ends === '') {
		$line = line($c);
		if (str_starts_with($line, 'DATA ')) {
			$data = takeData($c, $line);
			if ($data === false) { $ends = 'broken'; break; }
			putData($c, strrev($data));
			$echoed += strlen($data);
		} elseif (sscanf($line, 'GET /%d', $n) === 1) {
			while (line($c) !== '');
			put($c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: $n\r\n\r\n" . digits($n));
			$echoed += $n;
			$ends = 'here';
		} elseif ($line === 'BYE') {
			$ends = 'here';
		} else {
			$ends = $line === '' && feof($c) ? 'there' : "broken: $line";
		}
	}
	report($c, $context, $echoed, $ends);
	if ($c) fclose($c);
	// The next client's certificate is not this one's.
	stream_context_set_option($context, 'ssl', 'peer_certificate', null);
}
`

const tlsMatrixClient = tlsMatrixCommon + `
foreach ($o['names'] as $name) {
	$context = stream_context_create(['ssl' => ['peer_name' => $name] + $o['ssl'], 'http' => ['timeout' => 10]]);
	if ($o['mode'] === 'https') {
		$n = array_sum($o['sizes']);
		$body = file_get_contents("https://$o[address]/$n", false, $context);
		report(null, $context, $body === digits($n) ? $n : 0, '');
		continue;
	}
	$transport = $o['mode'] === 'ssl' ? 'ssl' : 'tcp';
	$c = stream_socket_client("$transport://$o[address]", $no, $text, 10, STREAM_CLIENT_CONNECT, $context);
	if ($c && $transport === 'tcp' && !secure($c)) $c = false;
	if ($c) stream_set_timeout($c, 10);
	$echoed = 0;
	$ends = '';
	foreach ($c ? $o['sizes'] : [] as $n) {
		$data = digits($n);
		putData($c, $data);
		if (takeData($c, line($c)) !== strrev($data)) { $ends = 'broken'; break; }
		$echoed += $n;
	}
	if ($c && $ends === '' && ($o['closes'] === 'server' || !$o['sizes'])) {
		// One that is about to be turned away says nothing, or what it said could get the answer lost.
		if ($o['sizes']) put($c, "BYE\n");
		$line = line($c);
		$ends = $line === '' && feof($c) ? 'there' : "broken: $line";
	} elseif ($c && $ends === '') {
		$ends = 'here';
	}
	report($c, $context, $echoed, $ends);
	if ($c) fclose($c);
}
`
