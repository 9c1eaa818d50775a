package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/phpsock/phpsock/bridge"
)

// timeEngine prints how long the engine takes to start.
func timeEngine(ctx context.Context) error {
	begin := time.Now()
	engine, err := bridge.Start(ctx, bridge.Config{})
	took := time.Since(begin)
	if err != nil {
		return err
	}
	fmt.Printf("%.4f\n", took.Seconds()*1000)
	return engine.Close(ctx)
}

// timeRuns prints how long a run takes in an engine that has had one, and waits to be
// ended.
func timeRuns(ctx context.Context, milliseconds string) error {
	length, err := time.ParseDuration(milliseconds + "ms")
	if err != nil {
		return err
	}
	engine, err := bridge.Start(ctx, bridge.Config{})
	if err != nil {
		return err
	}
	nothing := bridge.Request{Output: io.Discard}
	if _, err := engine.Run(ctx, nothing); err != nil {
		return err
	}
	fmt.Println("ready")
	begin, n := time.Now(), 0
	for ; time.Since(begin) < length; n++ {
		if _, err := engine.Run(ctx, nothing); err != nil {
			return err
		}
	}
	fmt.Printf("%.3f %d\n", float64(time.Since(begin).Nanoseconds())/1000/float64(n), n)
	time.Sleep(time.Minute)
	return nil
}
