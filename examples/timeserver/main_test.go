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
	answer, _, _ := strings.Cut(out.String(), " is ")
	fmt.Println(answer, err)
	// Output: The local time <nil>
}
