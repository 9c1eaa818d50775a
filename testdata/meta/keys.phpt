--TEST--
stream_get_meta_data: keys of a socket in their order
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$data = stream_get_meta_data($client);
unset($data['stream_type'], $data['uri']); // PHP 8.3 and later add the last
var_dump($data, array_keys(stream_get_meta_data($listener)) === array_keys(stream_get_meta_data($client)));
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
var_dump(array_diff_key(stream_get_meta_data($udp), ['uri' => 1]));
--EXPECT--
array(6) {
  ["timed_out"]=>
  bool(false)
  ["blocked"]=>
  bool(true)
  ["eof"]=>
  bool(false)
  ["mode"]=>
  string(2) "r+"
  ["unread_bytes"]=>
  int(0)
  ["seekable"]=>
  bool(false)
}
bool(true)
array(7) {
  ["timed_out"]=>
  bool(false)
  ["blocked"]=>
  bool(true)
  ["eof"]=>
  bool(false)
  ["stream_type"]=>
  string(10) "udp_socket"
  ["mode"]=>
  string(2) "r+"
  ["unread_bytes"]=>
  int(0)
  ["seekable"]=>
  bool(false)
}
