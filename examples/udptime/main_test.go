//go:build cgo

package main

import (
	"context"
	"fmt"
	"strings"
)

func Example() {
	var out strings.Builder
	err := run(context.Background(), &out)
	fmt.Println(strings.HasPrefix(out.String(), "It is "), err)
	// Output: true <nil>
}
