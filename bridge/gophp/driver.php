<?php
// What a context runs: it takes commands from Go and executes them at global scope, where
// their variables stay. It leaves no variable of its own there.

namespace gophp {
	final class Driver
	{
		public static bool $isFile = false;
		public static string $text = '';
		public static ?\Throwable $thrown = null;

		private static int $process = 0;
		private static string|false $folder = false;

		public static function start(): void
		{
			self::$process = getmypid();
			// The first one: those of scripts may end the request.
			register_shutdown_function(static function () { Objects::$ending = true; });
			header_register_callback(static function () {
				if (!self::isChild()) {
					headers(headers_list());
				}
			});
		}

		/** A child of pcntl_fork() has no Go. */
		public static function isChild(): bool
		{
			return getmypid() !== self::$process;
		}

		/* ---- commands ---- */

		/** Waits for a command. False: the request is to end. */
		public static function next(): bool
		{
			while (($command = command()) !== null) {
				try {
					self::prepare($command);
					return true;
				} catch (\Throwable $e) {
					done(null, null, self::report($e), headers_list());
				}
			}
			return false;
		}

		private static function prepare(array $command): void
		{
			foreach ($command['classes'] as $name) {
				Objects::define($name);
			}
			foreach ($command['bind'] as $name => $value) {
				unset($GLOBALS[$name]); // it may be a reference
				$GLOBALS[$name] = Values::unpack($value);
			}
			self::$isFile = isset($command['file']);
			self::$text = $command['file'] ?? $command['code'];
			if (self::$isFile && str_starts_with(self::$text, '/') && is_dir(dirname(self::$text))) {
				self::$folder = getcwd();
				chdir(dirname(self::$text));
			}
		}

		private static function leave(): void
		{
			if (self::isChild()) {
				exit(0);
			}
			if (self::$folder !== false) {
				chdir(self::$folder);
				self::$folder = false;
			}
		}

		public static function returned(mixed $value): void
		{
			self::leave();
			if (self::$isFile) {
				$value = null;
			}
			$text = null;
			if ($value instanceof \Stringable) {
				try {
					$text = (string) $value;
				} catch (\Throwable) {
				}
			}
			done(Values::pack($value), $text, null, headers_list());
		}

		/** What was thrown and not caught goes where PHP's main script would send it. */
		public static function caught(): void
		{
			$thrown = self::$thrown;
			self::$thrown = null;
			$handler = self::handler();
			if ($handler !== null) {
				set_exception_handler(null);
				try {
					$handler($thrown);
					$thrown = null;
				} catch (\Throwable $thrown) {
				}
				if (self::handler() === null) {
					restore_exception_handler();
				}
			}
			$error = $thrown ? self::report($thrown) : null;
			self::leave();
			done(null, null, $error, headers_list());
		}

		private static function handler(): mixed
		{
			$handler = set_exception_handler(null);
			restore_exception_handler();
			return $handler;
		}

		/* ---- errors ---- */

		/** Logs and displays what was thrown as PHP does, which would end the request then. */
		private static function report(\Throwable $e): array
		{
			[$word, $level, $text] = match ($e::class) {
				'ParseError' => ['Parse error', E_PARSE, $e->getMessage()],
				'CompileError' => ['Fatal error', E_COMPILE_ERROR, $e->getMessage()],
				default => ['Fatal error', E_ERROR, 'Uncaught ' . self::text($e) . "\n  thrown"],
			};
			$line = "$text in {$e->getFile()} on line {$e->getLine()}";
			if (error_reporting() & $level) {
				if (self::isOn('log_errors')) {
					error_log("PHP $word:  $line");
				}
				if (self::isOn('display_errors')) {
					echo ini_get('error_prepend_string'), "\n$word: $line\n", ini_get('error_append_string');
				}
			}
			return [$text, $e->getFile(), $e->getLine()];
		}

		private static function text(\Throwable $e): string
		{
			try {
				return (string) $e;
			} catch (\Throwable) {
				return strtok($e::class, "\0") . ': ' . $e->getMessage();
			}
		}

		private static function isOn(string $setting): bool
		{
			return !in_array(strtolower((string) ini_get($setting)), ['', '0', 'off', 'no', 'false'], true);
		}
	}
}

namespace {
	\gophp\Driver::start();
	while (\gophp\Driver::next()) {
		try {
			\gophp\Driver::returned(\gophp\Driver::$isFile ? require \gophp\Driver::$text : eval(\gophp\Driver::$text));
		} catch (\Throwable $gophp) {
			\gophp\Driver::$thrown = $gophp;
			unset($gophp);
			\gophp\Driver::caught();
		}
	}
}
