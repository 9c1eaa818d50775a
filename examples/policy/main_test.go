//go:build cgo

package main

func Example() {
	main()
	// Output:
	// connected
	// refused (13): 127.0.0.1:22 is not a public address; 127.0.0.1:22 is not on an allowed port
	// refused (13): 10.0.0.1:80 is not a public address; 10.0.0.1:80 is not in an allowed network
	// file_get_contents(http://169.254.169.254/latest/meta-data/): Failed to open stream: 169.254.169.254:80 is not a public address; 169.254.169.254:80 is not in an allowed network
}
