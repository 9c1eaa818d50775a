<?php
// The part of the driver that knows objects of Go and values for Go.

namespace gophp {
	/** What the classes are made of that Go has defined. */
	trait Receiver
	{
		public function __construct(mixed ...$arguments)
		{
			try {
				Objects::made($this, create(static::class, Values::pack(array_values($arguments))));
			} catch (\Throwable $e) {
				throw Objects::blame($e, '__construct');
			}
		}

		public function __get(string $name): mixed
		{
			return Values::unpack(get(Objects::number($this), $name));
		}

		public function __set(string $name, mixed $value): void
		{
			try {
				set(Objects::number($this), $name, Values::pack($value));
			} catch (\Throwable $e) {
				throw Objects::blame($e, '__set');
			}
		}

		public function __isset(string $name): bool
		{
			return exists(Objects::number($this), $name);
		}

		public function __unset(string $name): void {}

		public function __call(string $name, array $arguments): mixed
		{
			try {
				return Values::unpack(call(Objects::number($this), $name, Values::pack(array_values($arguments))));
			} catch (\Throwable $e) {
				throw Objects::blame($e, $name);
			}
		}

		private function __clone() {}
	}

	/** The number by which Go knows an object; it goes with the object. */
	final class Handle
	{
		public function __construct(public readonly int $number) {}

		public function __destruct()
		{
			if (!Objects::$ending && !Driver::isChild()) {
				release($this->number);
			}
		}
	}

	/** The objects that have a side in Go. */
	final class Objects
	{
		/** At the end of the request Go forgets all, after the last destructor has run. */
		public static bool $ending = false;

		private static ?\WeakMap $handles = null;
		private static array $classes = [];

		/** Makes a class. */
		public static function define(string $name): void
		{
			if (isset(self::$classes[$name])) {
				return;
			}
			if (class_exists($name, false) || interface_exists($name, false) || trait_exists($name, false)) {
				throw new \Error("Cannot define class $name, because the name is already in use");
			}
			$at = strrpos($name, '\\');
			$namespace = $at === false ? '' : 'namespace ' . substr($name, 0, $at) . '; ';
			$class = $at === false ? $name : substr($name, $at + 1);
			eval("{$namespace}final class $class { use \\gophp\\Receiver; }");
			self::$classes[$name] = true;
		}

		public static function made(object $object, int $number): void
		{
			self::$handles ??= new \WeakMap;
			self::$handles[$object] = new Handle($number);
		}

		/** 0: an object that no constructor has made has no side in Go. */
		public static function number(object $object): int
		{
			return isset(self::$handles[$object]) ? self::$handles[$object]->number : 0;
		}

		/** Lets an error come from where the script has called the method, as of any internal one. */
		public static function blame(\Throwable $e, string $method): \Throwable
		{
			$trace = array_slice($e->getTrace(), 1);
			if (isset($trace[0]['file'])) {
				$trace[0]['function'] = $method;
				$class = $e instanceof \Exception ? \Exception::class : \Error::class;
				foreach (['file' => $trace[0]['file'], 'line' => $trace[0]['line'], 'trace' => $trace] as $name => $value) {
					(new \ReflectionProperty($class, $name))->setValue($e, $value);
				}
			}
			return $e;
		}
	}

	/** Values on their way between PHP and Go, where objects are arrays. */
	final class Values
	{
		public static function pack(mixed $value): mixed
		{
			return is_array($value) || is_object($value) ? (new Packer)->pack($value, 0) : $value;
		}

		public static function unpack(mixed $value): mixed
		{
			if (!is_array($value)) {
				return $value;
			}
			if (isset($value[Packer::OBJECT])) {
				return (object) array_map(self::unpack(...), $value[Packer::OBJECT]);
			}
			foreach ($value as $key => $element) {
				if (is_array($element)) {
					$value[$key] = self::unpack($element);
				}
			}
			return $value;
		}
	}

	/** Makes arrays of the objects in one value. */
	final class Packer
	{
		/** An object is an array with this one key, which holds its properties. */
		public const OBJECT = "\0gophp object";

		/** Deeper arrays do not cross to Go. */
		private const MAX_DEPTH = 190;

		/** Once it has become this large, objects that are in it already become null. */
		private const MAX_NODES = 300_000;

		/** What became of each object and how large that is; null while it is being packed. */
		private \SplObjectStorage $seen;
		private int $nodes = 0;

		public function __construct()
		{
			$this->seen = new \SplObjectStorage;
		}

		public function pack(mixed $value, int $depth): mixed
		{
			$this->nodes++;
			if (!is_array($value) && !is_object($value)) {
				return $value;
			}
			if ($depth > self::MAX_DEPTH) {
				return null;
			}
			if (is_object($value)) {
				return $this->object($value, $depth);
			}
			$packed = []; // another array: the elements may be references
			foreach ($value as $key => $element) {
				$packed[$key] = $this->pack($element, $depth + 1);
			}
			return $packed;
		}

		private function object(object $object, int $depth): ?array
		{
			if (isset($this->seen[$object])) {
				[$packed, $nodes] = $this->seen[$object];
				if ($this->nodes + $nodes > self::MAX_NODES) {
					return null;
				}
				$this->nodes += $nodes;
				return $packed; // null: it contains itself
			}
			$this->seen[$object] = [null, 0];
			$before = $this->nodes;
			$properties = [];
			foreach ($object instanceof \Closure ? [] : (array) $object as $name => $property) {
				$at = strrpos($name, "\0");
				$properties[$at === false ? $name : substr($name, $at + 1)] = $this->pack($property, $depth + 2);
			}
			$packed = [self::OBJECT => $properties];
			$this->seen[$object] = [$packed, $this->nodes - $before];
			return $packed;
		}
	}
}
