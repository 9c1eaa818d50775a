// Command cancel ends PHP scripts in the middle of whatever they wait for.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/phpsock/phpsock/bridge"
)

// Every one of them would take an hour or for ever.
var scripts = []string{
	`stream_socket_accept(stream_socket_server('tcp://127.0.0.1:0'), -1);`,
	`[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); fread($a, 1);`,
	`[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); while (true) fwrite($a, str_repeat('x', 1 << 20));`,
	`$r = [stream_socket_server('tcp://127.0.0.1:0')]; $w = $e = null; stream_select($r, $w, $e, null);`,
	`try { while (true); } finally { while (true); }`,
	`sleep(3600);`,
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	engine, err := bridge.Start(ctx, bridge.Config{})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))
	for _, script := range scripts {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		_, err := engine.Run(ctx, bridge.Request{Code: script})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("%s: %w", script, err)
		}
	}
	fmt.Println("all ended, no socket is left:", engine.Sockets().Len() == 0)
	return nil
}
