// Package faultnet is a network for tests on which things go wrong as they are
// told to. A [Network] lies around another dialer or listen configuration, by
// default those of package net, and follows a list of rules:
//
//	faults := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{
//		{Op: faultnet.Accept, Every: 3, Err: syscall.EMFILE},
//		{Op: faultnet.Read, AfterBytes: 1000, Do: faultnet.Reset},
//		{Op: faultnet.Read | faultnet.Write, Delay: time.Millisecond, Chunk: 1},
//	}})
//
// It is a resources.Dialer and a resources.ListenConfig; [Network.Conn],
// [Network.Listener] and [Network.PacketConn] put the same faults on what is
// there already. [Network.Injected] tells afterwards what was done, so that a
// test does not succeed because its fault never happened.
//
// Nothing is left to chance. Connections and listeners are numbered in the order
// in which they are made, each rule counts the operations of each of them by
// itself, and what it does with probability P or with Jitter follows from
// Config.Seed and those numbers alone. So the same operations meet the same
// faults in every run, however goroutines take turns.
//
// Errors look as package net's do: a [*net.OpError] around an [os.SyscallError]
// around the [syscall.Errno]. Connections and listeners keep what they had:
// deadlines, Close out of a blocked call, and CloseWrite, CloseRead, SetNoDelay
// and SetUnlinkOnClose where that below has them.
package faultnet
