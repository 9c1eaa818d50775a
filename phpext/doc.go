// Package phpext holds the PHP functions that a Go program gives to the PHP it
// embeds, and the table in which they stand.
//
// A row of the table is a [Function]: a PHP prototype and a body. A body gets a
// [Call] with the arguments and gives back a [Value]; what else it wants to happen
// in PHP (reference parameters, warnings, an exception) it leaves with the call as an
// ordered list of effects, which the engine applies once no Go frame is below it.
// A body never blocks the engine's thread: it waits with [Call.Await] and works with
// [Call.Background].
//
// [Sockets] are the rows that stand in for PHP's own stream_socket functions.
//
// The package knows no cgo and needs no PHP; package phpexttest calls its rows from
// tests.
package phpext
