//go:build cgo

package main

func Example() {
	main()
	// Output: all ended, no socket is left: true
}
