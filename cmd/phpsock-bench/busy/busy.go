// Package busy keeps processors busy.
package busy

// Start starts n goroutines that compute until the process ends.
func Start(n int) {
	for range n {
		go func() {
			for x := uint64(1); x != 0; {
				x = x*6364136223846793005 + 1442695040888963407 | 1
			}
		}()
	}
}
