package phpext

import "github.com/phpsock/phpsock/resources"

// socketOption returns an option of PHP's socket context,
// https://www.php.net/manual/en/context.socket.php.
func socketOption(sc *StreamContext, name string) (Value, bool) { return sc.Option("socket", name) }

func socketFlag(sc *StreamContext, name string) bool {
	v, ok := socketOption(sc, name)
	return ok && v.Truthy()
}

// serverOptions converts the options that servers look at. An ipv6_v6only of null is
// the system's choice.
func (s *Sockets) serverOptions(sc *StreamContext) resources.Options {
	o := resources.Options{
		ReusePort:   socketFlag(sc, "so_reuseport"),
		Broadcast:   socketFlag(sc, "so_broadcast"),
		CloseOnExec: s.CloseOnExec,
	}
	if v, ok := socketOption(sc, "backlog"); ok {
		backlog := int(int32(v.ToInt())) // a C int in PHP
		o.Backlog = &backlog
	}
	if v, ok := socketOption(sc, "ipv6_v6only"); ok && !v.IsNull() {
		only := v.Truthy()
		o.V6Only = &only
	}
	return o
}

// clientOptions converts the options that tcp and udp clients look at. A bindto that is
// not a string is an error, in the words of PHP.
func (s *Sockets) clientOptions(sc *StreamContext) (resources.Options, error) {
	o := resources.Options{
		Broadcast:   socketFlag(sc, "so_broadcast"),
		NoDelay:     socketFlag(sc, "tcp_nodelay"),
		CloseOnExec: s.CloseOnExec,
	}
	if v, ok := socketOption(sc, "bindto"); ok {
		if v.Kind() != KindString {
			return o, &resources.Error{Op: "parse", Text: "local_addr context option is not a string."}
		}
		o.BindTo = v.Text()
	}
	return o, nil
}
