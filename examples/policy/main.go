// Command policy decides what PHP scripts may connect to: public addresses and one service
// of the host, in whatever form the script writes the address.
package main

import (
	"context"
	"log"
	"net"
	"net/netip"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources/policy"
)

const script = `
foreach (["tcp://$service", 'tcp://2130706433:22', 'tcp://[::ffff:10.0.0.1]:80'] as $address) {
	$ok = @stream_socket_client($address, $errno, $errstr, 2);
	echo $ok ? 'connected' : "refused ($errno): $errstr", "\n";
}
@file_get_contents('http://169.254.169.254/latest/meta-data/');
echo error_get_last()['message'], "\n";
`

func main() {
	ctx := context.Background()
	service, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	own := netip.MustParseAddrPort(service.Addr().String())

	engine, err := bridge.Start(ctx, bridge.Config{
		// Asked about every address of a name, right before the system call.
		Policy: policy.Any(policy.PublicOnly(), policy.All(
			policy.AllowCIDR(netip.PrefixFrom(own.Addr(), 32)), policy.AllowPorts(own.Port(), own.Port()))),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close(ctx)
	if _, err = engine.Run(ctx, bridge.Request{Code: script, Vars: map[string]any{"service": own.String()}}); err != nil {
		log.Print(err)
	}
}
