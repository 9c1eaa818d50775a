//go:build cgo

package main

func Example() {
	main()
	// Output:
	// hello from PHP, with the first certificate
	// hello from PHP, with the second certificate
}
