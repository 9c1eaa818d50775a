--TEST--
TLS: much data both ways at once, through little room, and each end closes one half
--EXTENSIONS--
openssl
--FILE--
<?php
require './tls.inc';
$file = identity();
foreach (['TLSv1_2', 'TLSv1_3'] as $version) {
    [$c, $a] = pair(['cafile' => $file, 'peer_name' => 'localhost'], ['local_cert' => $file]);
    echo json_encode(shake($c, $a, constant("STREAM_CRYPTO_METHOD_{$version}_CLIENT"))), "\n";
    $ends = $reading = ['client' => $c, 'server' => $a];
    foreach ($ends as $end) stream_set_blocking($end, false);
    $data = $left = $got = [];
    foreach ($ends as $name => $end) {
        $data[$name] = $left[$name] = random_bytes(3_000_000);
        $got[$name] = '';
    }
    for ($rounds = 0; ($reading || array_filter($left, strlen(...))) && $rounds < 100_000; $rounds++) {
        $r = $reading;
        $w = array_filter($ends, fn($name) => $left[$name] !== '', ARRAY_FILTER_USE_KEY);
        $x = null;
        stream_select($r, $w, $x, 10);
        foreach ($w as $name => $end) {
            $n = fwrite($end, substr($left[$name], 0, 100_000));
            $left[$name] = substr($left[$name], $n);
            if ($left[$name] === '') stream_socket_shutdown($end, STREAM_SHUT_WR);
        }
        foreach ($r as $name => $end) {
            $got[$name] .= fread($end, 100_000);
            if (feof($end)) unset($reading[$name]);
        }
    }
    echo json_encode([$got['client'] === $data['server'], $got['server'] === $data['client'], count($reading)]), "\n";
}
--EXPECT--
[true,true]
[true,true,0]
[true,true]
[true,true,0]
--CLEAN--
<?php
require './tls.inc';
tidy();
