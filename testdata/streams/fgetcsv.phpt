--TEST--
fgetcsv and fputcsv: a table over a socket
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
$rows = [['id', 'name'], ['1', "two\nlines"], ['2', 'with "quotes", and a comma'], ['', '']];
foreach ($rows as $row) fputcsv($client, $row, escape: '');
fclose($client);
$got = [];
while (($row = fgetcsv($peer, escape: '')) !== false) $got[] = $row;
var_dump($got === $rows);
--EXPECT--
bool(true)
