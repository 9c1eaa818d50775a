// Command limits bounds what a PHP script may use of the network; what is beyond fails as
// if the system had no more to give, and the host is told.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

const script = `
$sockets = [];
while ($socket = @stream_socket_server('udp://127.0.0.1:0', $errno, $errstr, STREAM_SERVER_BIND)) {
	$sockets[] = $socket;
}
echo count($sockets), " sockets, then $errno: $errstr\n";
$to = stream_socket_get_name($sockets[1], false);
echo stream_socket_sendto($sockets[0], str_repeat('.', 512), 0, $to), " bytes sent\n";
echo @stream_socket_sendto($sockets[0], str_repeat('.', 513), 0, $to), ': ', trim(error_get_last()['message']), "\n";
`

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	reached := 0
	engine, err := bridge.Start(ctx, bridge.Config{
		Limits: resources.Limits{OpenSockets: 100}, // of the engine
		Observer: func(e resources.Event) {
			if e.Kind == resources.EventLimit {
				reached++
			}
		},
	})
	if err != nil {
		return err
	}
	_, err = engine.Run(ctx, bridge.Request{
		Code: script,
		Limits: resources.Limits{ // and of this run
			OpenSockets:  3,
			DatagramSize: 512,
			WriteRate:    10 << 20,
			AcceptRate:   50,
		},
	})
	if closed := engine.Close(context.WithoutCancel(ctx)); err == nil { // also ends the observer
		err = closed
	}
	fmt.Println("limits reached:", reached)
	return err
}
