--TEST--
http://: the time limit of its context and default_socket_timeout count for the answer and for each read
--INI--
allow_url_fopen=1
--FILE--
<?php
// the listener's queue takes the connection, nobody answers
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
set_error_handler(function ($level, $text) use ($name) { echo "$level ", str_replace($name, 'HOST', $text), "\n"; });
$began = microtime(true);
var_dump(file_get_contents("http://$name/", false, stream_context_create(['http' => ['timeout' => 0.05]])));
$took = microtime(true) - $began;
var_dump($took > 0.045 && $took < 0.9);
fclose(stream_socket_accept($listener, 1));
ini_set('default_socket_timeout', 0);
var_dump(file_get_contents("http://$name/"));
ini_set('default_socket_timeout', 60);
fclose(stream_socket_accept($listener, 1));
echo "done\n";
--EXPECT--
2 file_get_contents(http://HOST/): Failed to open stream: HTTP request failed!
bool(false)
bool(true)
2 file_get_contents(http://HOST/): Failed to open stream: HTTP request failed!
bool(false)
done
