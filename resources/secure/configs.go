package secure

import (
	"crypto/tls"
	"net"
	"net/netip"
)

// Configs are the configurations of TLS that a Go program has for its scripts, with
// certificates that no script sees. The zero value has none.
//
// The keys of Servers are addresses that scripts listen on, those of Clients addresses that
// they connect to, as the script writes them: "127.0.0.1:443", "db.example:5432". Without a
// host, or with 0.0.0.0 or [::], as in ":443", a key stands for all hosts, and "" for all
// addresses. The most specific key counts.
//
// A configuration must not be changed any more; certificates that do change come from its
// functions, GetCertificate, GetConfigForClient, GetClientCertificate. They are called on
// goroutines of their own and may take their time: the handshake waits for them, and its
// time limits and cancels hold meanwhile.
type Configs struct {
	Servers map[string]*tls.Config
	Clients map[string]*tls.Config
	// Named are for scripts that ask for one: ['ssl' => ['host_config' => 'name']], as a
	// server or as a client.
	Named map[string]*tls.Config
}

// Server finds the configuration for a connection that was accepted on local, nil where
// there is none.
func (c Configs) Server(local string) *tls.Config { return find(c.Servers, local) }

// Client finds the configuration for a connection to target, nil where there is none.
func (c Configs) Client(target string) *tls.Config { return find(c.Clients, target) }

func find(configs map[string]*tls.Config, address string) *tls.Config {
	if len(configs) == 0 {
		return nil
	}
	if config, ok := configs[address]; ok {
		return config
	}
	if _, port, err := net.SplitHostPort(address); err == nil {
		for _, host := range []string{netip.IPv4Unspecified().String(), "[" + netip.IPv6Unspecified().String() + "]", ""} {
			if config, ok := configs[host+":"+port]; ok {
				return config
			}
		}
	}
	return configs[""]
}
