package ssl

import (
	"os"
	"strings"
)

// diffieHellman looks at a file that nothing is done with: a server that PHP refuses is refused.
func (b *builder) diffieHellman() error {
	file, ok := b.text("dh_param")
	if !ok {
		return nil
	}
	if _, err := os.Stat(file); err != nil {
		return b.refuse("Invalid dh_param")
	}
	data, _ := b.out.read(file)
	for block := range blocks(data) {
		if strings.HasSuffix(block.Type, "DH PARAMETERS") {
			return nil
		}
	}
	return b.refuse("Failed reading DH params")
}
