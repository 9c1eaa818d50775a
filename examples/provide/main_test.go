//go:build cgo

package main

func Example() {
	main()
	// Output:
	// hello over TLS
	// PHP 8 serves a connection of Go's
}
