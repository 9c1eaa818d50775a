package policy

import (
	"context"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/phpsock/phpsock/resources"
)

// allow refuses what does not match.
func allow(matches func(resources.Attempt) bool, reason string) resources.Policy {
	return func(_ context.Context, a resources.Attempt) error {
		if matches(a) {
			return nil
		}
		return refuse(a, reason)
	}
}

// LoopbackOnly allows tcp and udp on 127.0.0.0/8 and ::1, and mem, which never
// leaves the program. It refuses unix sockets, behind which there are the
// services of the host, and 0.0.0.0 and ::, on which a server is there for all.
func LoopbackOnly() resources.Policy {
	return allow(func(a resources.Attempt) bool {
		return isMem(a) || a.Addr.Addr().Unmap().IsLoopback()
	}, "is not a loopback address")
}

// AllowCIDR allows tcp and udp on the addresses of the networks given. A network
// holds the addresses of its own family alone, where IPv4-mapped ones are IPv4:
// ::/0 allows no IPv4. Zones do not matter.
func AllowCIDR(networks ...netip.Prefix) resources.Policy {
	networks = slices.Clone(networks)
	for i, n := range networks {
		if n.Addr().Is4In6() && n.Bits() >= 96 {
			networks[i] = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-96)
		}
	}
	return allow(func(a resources.Attempt) bool {
		addr := a.Addr.Addr().Unmap().WithZone("")
		return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr) })
	}, "is not in an allowed network")
}

// AllowPorts allows tcp and udp on the ports from lo to hi, both included. For
// listening, port 0 stands for any that the system chooses.
func AllowPorts(lo, hi uint16) resources.Policy {
	return allow(func(a resources.Attempt) bool {
		return isInet(a) && lo <= a.Addr.Port() && a.Addr.Port() <= hi
	}, "is not on an allowed port")
}

// AllowPaths allows unix and udg with the files given and, where a path ends in
// "/", with everything below that directory. Paths are absolute, and real: where
// /var/run is a symbolic link to /run, it is "/run/mysqld/" that holds
// mysqld.sock. An abstract name is given as "\x00name", and "" allows a server's
// socket whose name the system chooses.
//
// A file is allowed by any name that it has. Whoever may make hard links or
// rename files in an allowed directory can have other sockets there.
func AllowPaths(paths ...string) resources.Policy {
	names := make(map[string]bool)
	var directories []string
	for _, p := range paths {
		switch {
		case !path.IsAbs(p):
			names[p] = true
		case strings.HasSuffix(p, "/"):
			directories = append(directories, strings.TrimSuffix(path.Clean(p), "/")+"/")
		default:
			names[path.Clean(p)] = true
		}
	}
	return allow(func(a resources.Attempt) bool {
		if !isUnix(a) {
			return false
		}
		// A real path is clean. One that is not would lead out of its directory.
		return names[a.Path] || path.Clean(a.Path) == a.Path &&
			slices.ContainsFunc(directories, func(d string) bool { return strings.HasPrefix(a.Path, d) })
	}, "is not an allowed path")
}

// AllowNames allows mem with the names given.
func AllowNames(names ...string) resources.Policy {
	names = slices.Clone(names)
	return allow(func(a resources.Attempt) bool {
		return isMem(a) && slices.Contains(names, a.Path)
	}, "is not an allowed name")
}
