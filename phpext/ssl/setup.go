package ssl

import (
	"crypto/tls"
	"fmt"
	"net"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/secure"
)

// setupFunction makes a session for a stream, or says false with PHP's warnings.
func (t *Crypto) setupFunction() phpext.Function {
	return phpext.Function{
		Prototype: "tls_setup(int $handle, int $fd, int $method, bool $persistent, ?string $target, ?string $name, " +
			"array $paths, ?string $ca_data, string $ini_cafile, string $ini_capath, int $like): int|false",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			r := &request{
				handle: c.Int(0), fd: int(c.Int(1)), method: c.Int(2), persistent: c.Bool(3), target: c.Text(4), name: c.Text(5),
				paths: c.Arg(6).Array(), caData: c.Arg(7), iniCAFile: c.Text(8), iniCAPath: c.Text(9), like: uint64(c.Int(10)),
			}
			return t.setup(c, r, options{c.StreamContext()})
		},
		Hidden: true,
	}
}

func (t *Crypto) setup(c *phpext.Call, r *request, o options) (phpext.Value, error) {
	s := &stream{fd: r.fd, server: r.server(), persistent: r.persistent}
	if !s.server {
		s.name = r.name
	}
	config, err := t.hostConfig(c, r, o)
	switch {
	case err != nil:
		return phpext.Bool(false), nil
	case config != nil:
		s.settings = t.hostSettings(config, r, o)
		if s.server {
			config = s.settings.config
			break
		}
		config = s.settings.config.Clone()
		if config.ServerName == "" {
			config.ServerName = r.peerName(o)
		}
		if config.ClientSessionCache == nil {
			t.resume(s, r, o)
			config.ClientSessionCache = s.resumption
		}
	default:
		for _, text := range Unsupported(o.all(), s.server) {
			t.warnOnce(c, text)
		}
		if s.settings, err = t.settingsFor(c, r, o); err != nil {
			return phpext.Bool(false), nil
		}
		if config = s.settings.config; s.server {
			break
		}
		config = config.Clone()
		t.resume(s, r, o)
		config.ClientSessionCache = s.resumption
		config.VerifyConnection = s.verify
		if o.truthOr("SNI_enabled", true) {
			config.ServerName = r.peerName(o)
		}
	}
	s.session = secure.New(r.fd, config, secure.Options{
		Server: s.server, Owner: s, Wake: c.Notify(), Local: address(r.fd, unix.Getsockname), Remote: address(r.fd, unix.Getpeername),
	})
	return phpext.Int(int64(t.add(s))), nil
}

// all returns the options, which may be none.
func (o options) all() *phpext.Array {
	if o.context == nil {
		return nil
	}
	v, _ := o.context.Options.GetText("ssl")
	return v.Array()
}

// hostConfig returns what the host has for a stream, nil where the options count.
func (t *Crypto) hostConfig(c *phpext.Call, r *request, o options) (*tls.Config, error) {
	if name, ok := o.text("host_config"); ok {
		if config := t.Configs.Named[name]; config != nil {
			return config, nil
		}
		c.Warn("ssl option host_config: the host has no configuration of the name '%s'", name)
		return nil, errRefused
	}
	if !r.server() {
		return t.Configs.Client(r.target), nil
	}
	if len(t.Configs.Servers) == 0 {
		return nil, nil
	}
	local := ""
	if socket, ok := c.SocketOf(resources.Handle(r.handle)); ok {
		local = socket.Local()
	}
	return t.Configs.Server(local), nil
}

// hostSettings are a configuration of the host with the protocols that a script speaks,
// where the host does not say which.
func (t *Crypto) hostSettings(config *tls.Config, r *request, o options) *settings {
	key := hostKey{config: config}
	if list, ok := o.text("alpn_protocols"); ok && len(config.NextProtos) == 0 {
		key.alpn = fmt.Sprint(r.server(), list)
	}
	if kept := t.kept.hosts[key]; kept != nil {
		return kept
	}
	made := &settings{config: config, host: true, sessions: tls.NewLRUClientSessionCache(mostSessions)}
	if key.alpn != "" {
		list, _ := o.text("alpn_protocols")
		made.config = config.Clone()
		made.config.NextProtos, _ = Protocols(list, r.server())
	}
	if t.kept.hosts == nil || len(t.kept.hosts) >= mostKept {
		t.kept.hosts = make(map[hostKey]*settings)
	}
	t.kept.hosts[key] = made
	return made
}

// address is looked up at once: later the number of the descriptor may be somebody else's.
func address(fd int, ask func(int) (unix.Sockaddr, error)) net.Addr {
	sockaddr, err := ask(fd)
	if err != nil {
		return nil
	}
	switch a := sockaddr.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *unix.SockaddrUnix:
		return &net.UnixAddr{Net: "unix", Name: a.Name}
	}
	return nil
}
