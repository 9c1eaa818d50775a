--TEST--
posix_kill() to the own process: the handler has been asked for when it returns
--EXTENSIONS--
pcntl
posix
--FILE--
<?php
$late = $seen = 0;
pcntl_signal(SIGUSR1, function () use (&$seen) { $seen++; });
for ($i = 1; $i <= 1000; $i++) {
    posix_kill(getmypid(), SIGUSR1);
    pcntl_signal_dispatch();
    $late += $seen !== $i;
}
echo "late $late of 1000\n";
var_dump(posix_kill(getmypid(), 0), @posix_kill(getmypid(), 1000));
pcntl_signal(SIGTERM, function ($number, $info) {
    echo "from a process: ", var_export($info['code'] === SI_USER, true), "\n";
});
posix_kill(getmypid(), SIGTERM);
pcntl_signal_dispatch();
exit(3);
--EXPECT--
late 0 of 1000
bool(true)
bool(false)
from a process: true
