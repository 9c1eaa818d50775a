//go:build cgo

package main

func Example() {
	main()
	// Output:
	// Ada: 41
	// Grace: 42
	// map[count:42]
}
