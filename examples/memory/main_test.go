//go:build cgo

package main

func Example() {
	main()
	// Output: You asked: GET /some/page HTTP/1.1
}
