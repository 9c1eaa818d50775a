//go:build cgo

package main

func Example() {
	main()
	// Output:
	// string(7) "from Go"
	// bool(false)
	// string(23) "NO_SUCH_NAME is not set"
}
