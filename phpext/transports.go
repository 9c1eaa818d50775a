package phpext

// transportsFunction is https://www.php.net/manual/en/function.stream-get-transports.php.
func (s *Sockets) transportsFunction() Function {
	return Function{
		Prototype: "stream_get_transports(): array",
		Call: func(*Call) (Value, error) {
			list := NewArray()
			for _, name := range s.transports() {
				list.Append(String(name))
			}
			return ArrayValue(list), nil
		},
		Replaces: true,
	}
}
