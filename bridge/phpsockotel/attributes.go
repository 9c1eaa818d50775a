package phpsockotel

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

const (
	transportKey = attribute.Key("phpsock.transport")
	kindKey      = attribute.Key("phpsock.socket.kind")
	handleKey    = attribute.Key("phpsock.socket.handle")
	operationKey = attribute.Key("phpsock.operation")
	eventKey     = attribute.Key("phpsock.event")
	runKey       = attribute.Key("phpsock.run.id")
	scriptKey    = attribute.Key("phpsock.script")
)

// transportOf gives the transport in the words of the conventions, where they have one
// for it, and in phpsock's own.
func transportOf(t resources.Transport) []attribute.KeyValue {
	own := transportKey.String(text(string(t)))
	switch t {
	case resources.TCP:
		return []attribute.KeyValue{own, semconv.NetworkTransportTCP}
	case resources.UDP:
		return []attribute.KeyValue{own, semconv.NetworkTransportUDP}
	case resources.Unix, resources.Udg:
		return []attribute.KeyValue{own, semconv.NetworkTransportUnix}
	}
	return []attribute.KeyValue{own}
}

// errorType names an error in a way that is the same for all errors of its sort.
func errorType(err error) attribute.KeyValue {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		if name := unix.ErrnoName(errno); name != "" {
			return semconv.ErrorTypeKey.String(name)
		}
	}
	var e *resources.Error
	if errors.As(err, &e) && e.Op != "" {
		return semconv.ErrorTypeKey.String(e.Op)
	}
	return semconv.ErrorType(err)
}

// operation is what the policy was asked for, as the step that did not happen shows.
func operation(err error) attribute.KeyValue {
	var e *resources.Error
	if errors.As(err, &e) {
		switch e.Op {
		case "bind", "listen":
			return operationKey.String("listen")
		case "connect", "dial":
			return operationKey.String("dial")
		case "sendto", "send":
			return operationKey.String("send")
		}
	}
	return operationKey.String("other")
}

// ofSpan describes an event in full.
func ofSpan(e *resources.Event) []attribute.KeyValue {
	attrs := transportOf(e.Transport)
	if e.Target != "" {
		address := e.Target
		if e.Transport == resources.TCP || e.Transport == resources.UDP {
			if host, port, err := resources.ParseHostPort(e.Target); err == nil {
				address = host
				attrs = append(attrs, semconv.ServerPort(int(port)))
			}
		}
		attrs = append(attrs, semconv.ServerAddress(text(address)))
	}
	attrs = endpoint(attrs, e.Local, semconv.NetworkLocalAddress, semconv.NetworkLocalPort)
	attrs = endpoint(attrs, e.Remote, semconv.NetworkPeerAddress, semconv.NetworkPeerPort)
	if e.Handle != 0 {
		attrs = append(attrs, handleKey.Int64(int64(e.Handle)))
	}
	if e.Run != 0 {
		attrs = append(attrs, runKey.Int64(int64(e.Run)))
	}
	if e.Script != "" {
		attrs = append(attrs, scriptKey.String(text(e.Script)))
	}
	if e.Err != nil {
		attrs = append(attrs, errorType(e.Err))
	}
	return attrs
}

// endpoint adds a socket's name: address and port, or a path.
func endpoint(
	attrs []attribute.KeyValue, name string,
	address func(string) attribute.KeyValue, port func(int) attribute.KeyValue,
) []attribute.KeyValue {
	if name == "" {
		return attrs
	}
	if ap, err := netip.ParseAddrPort(name); err == nil {
		return append(attrs, address(ap.Addr().String()), port(int(ap.Port())))
	}
	return append(attrs, address(text(name)))
}

// text makes a string that can be exported: one with other bytes, such as a path may
// have, would spoil the whole batch.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
