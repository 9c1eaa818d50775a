// Command network gives PHP scripts a network of the host's making: connections go where
// the host's resolver and dialer say, here to one server of the host, in pieces of a byte.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"

	"github.com/phpsock/phpsock/bridge"
)

const script = `
echo file_get_contents('http://any.name.test/page'), "\n";
$c = stream_socket_client('tcp://another.name.test:80');
fwrite($c, "GET /line HTTP/1.0\r\nHost: another\r\n\r\n");
echo substr(strrchr(stream_get_contents($c), "\n"), 1), "\n";
`

// names knows every host, under the same address.
type names struct{}

func (names) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
}

// detour connects to one server, whatever the address is. A proxy's, a VPN's or a
// user-space network's dialer has the same method.
type detour struct{ server string }

func (d detour) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, d.server)
	if err != nil {
		return nil, err
	}
	return slow{conn}, nil
}

// slow is a connection without a descriptor that scripts could use by themselves.
type slow struct{ net.Conn }

func (s slow) Read(b []byte) (int, error) { return s.Conn.Read(b[:min(1, len(b))]) }

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s%s", r.Host, r.URL.Path)
	}))
	defer server.Close()
	engine, err := bridge.Start(ctx, bridge.Config{
		Resolver: names{},
		Dialer:   detour{server.Listener.Addr().String()},
	})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))
	_, err = engine.Run(ctx, bridge.Request{Code: script, Output: out})
	return err
}
