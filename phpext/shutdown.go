package phpext

// shutdownFunction is https://www.php.net/manual/en/function.stream-socket-shutdown.php.
func (s *Sockets) shutdownFunction() Function {
	return Function{
		Prototype: "stream_socket_shutdown($stream, int $mode): bool",
		Call:      s.shutdown,
		Replaces:  true,
		Direct:    DirectShutdown,
	}
}

func (s *Sockets) shutdown(c *Call) (Value, error) {
	if err := c.wantResource(0); err != nil {
		return Null(), err
	}
	mode := c.Int(1)
	if mode < StreamShutRD || mode > StreamShutRDWR {
		return Null(), ValueError(2, "must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR")
	}
	socket, err := c.Socket(0)
	if err != nil {
		return Null(), err
	}
	// PHP's modes are the kernel's.
	return Bool(c.Errno() == 0 && socket.Shutdown(int(mode)) == nil), nil
}
