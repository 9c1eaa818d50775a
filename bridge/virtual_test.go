package bridge_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/internal/phpt"
	"github.com/phpsock/phpsock/resources/faultnet"
)

// TestPHPTOnTheHostsNetwork runs the scripts in an engine whose connections and listeners are
// the host's: they print what they do in PHP, but for what testdata/virtual.txt lists, and
// that does differ. Without a wrapper the sockets are the kernel's all the same.
func TestPHPTOnTheHostsNetwork(t *testing.T) {
	all, err := phpt.Load("../testdata")
	require.NoError(t, err)
	always := []string{"option", "bind"}
	behindGo := append([]string{"ahead", "later", "error", "oob", "descriptor"}, always...)
	listed, err := phpt.LoadList("../testdata/virtual.txt", all, behindGo...)
	require.NoError(t, err)
	available := availableExtensions(t)
	cases := slices.DeleteFunc(all, func(c *phpt.Case) bool { return !runsInHost(c) || !available(c.Extensions) })

	command := buildCommand(t)

	wrapped := faultnet.New(faultnet.Config{}) // without a fault
	for name, network := range map[string]struct {
		bridge.Config
		differ []string // kinds
	}{
		"package net": {bridge.Config{Dialer: &net.Dialer{}, ListenConfig: &net.ListenConfig{}}, always},
		"virtual":     {bridge.Config{Dialer: wrapped, ListenConfig: wrapped}, behindGo},
	} {
		t.Run(name, func(t *testing.T) {
			goroutines := settledGoroutines()
			scratch, err := os.MkdirTemp("", "v") // paths of unix sockets are short
			require.NoError(t, err)
			defer func() { require.NoError(t, os.RemoveAll(scratch)) }()
			network.INI, network.Binary = append(startSettings(cases), "sys_temp_dir="+scratch), command
			e := start(t, network.Config)
			ran := 0
			for _, c := range cases {
				kind := listed.Kind(c.Name)
				if !slices.Contains(network.differ, kind) {
					kind = ""
				}
				if runOnNetwork(t, e, c, kind, scratch) {
					ran++
				}
			}
			require.Greater(t, ran, len(cases)*9/10)
			require.NoError(t, e.Close(t.Context()))
			// The condition has a goroutine of its own.
			require.Eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines+1 }, patience, time.Millisecond)
		})
	}
}

// runOnNetwork tells whether the case ran. One that is listed may wait for what never comes,
// so it has a quarter of a second. Any other has three tries, because what goes through Go may arrive
// when a script has looked already. What a failed try leaves in scratch is removed.
func runOnNetwork(t *testing.T, e *bridge.Engine, c *phpt.Case, kind, scratch string) bool {
	t.Helper()
	if kind != "" {
		skipped, err := tryCase(t, e, c, 250*time.Millisecond)
		if !skipped && kind != "later" {
			require.Error(t, err, "%s is listed as different, but is not", c.Name)
		}
		return !skipped
	}
	var failure error
	for range 3 {
		skipped, err := tryCase(t, e, c, time.Minute)
		if err == nil {
			return !skipped
		}
		t.Logf("a try of %s: %v", c.Name, err)
		failure = err
		left, err := filepath.Glob(filepath.Join(scratch, "*"))
		require.NoError(t, err)
		for _, file := range left {
			require.NoError(t, os.RemoveAll(file))
		}
	}
	require.NoError(t, failure, c.Name)
	return true
}
