//go:build cgo

package main

func Example() {
	main()
	// Output:
	// 3 sockets, then 24: Too many open files
	// 512 bytes sent
	// -1: stream_socket_sendto(): Message too long
	// limits reached: 2
}
