//go:build cgo

package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

func TestPageShowsSockets(t *testing.T) {
	engine, err := bridge.Start(t.Context(), bridge.Config{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = engine.Run(ctx, bridge.Request{Code: script})
	}()
	page := httptest.NewServer(handler(engine))
	require.Eventually(t, func() bool {
		answer, err := http.Get(page.URL + "/debug/phpsock/?format=json")
		require.NoError(t, err)
		defer answer.Body.Close()
		var state struct{ Sockets []map[string]any }
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&state))
		return len(state.Sockets) >= 5
	}, 20*time.Second, 10*time.Millisecond)
	page.Close()
	stop()
	<-ended
	require.NoError(t, engine.Close(context.Background()))
}
