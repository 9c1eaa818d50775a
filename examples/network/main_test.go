//go:build cgo

package main

func Example() {
	main()
	// Output:
	// any.name.test/page
	// another/line
}
