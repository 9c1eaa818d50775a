package ssl

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// However many settings there were, and however large, what is kept has a bound.
func TestCacheIsBounded(t *testing.T) {
	var c cache
	key := func(i int) (k [sha256.Size]byte) {
		binary.LittleEndian.PutUint64(k[:], uint64(i))
		return k
	}
	for i := range 1000 {
		c.keep(key(i), &settings{bytes: 1})
		require.LessOrEqual(t, len(c.settings), mostKept)
		require.NotNil(t, c.settings[key(i)])
	}
	c = cache{}
	for i := range 100 {
		c.keep(key(i), &settings{bytes: mostBytes / 3})
		require.LessOrEqual(t, c.bytes, mostBytes)
		require.LessOrEqual(t, len(c.settings), 4)
	}
	before := c.bytes
	c.keep(key(99), &settings{bytes: mostBytes / 3})
	require.Equal(t, before, c.bytes, "what takes the place of others is counted once")
	c.keep(key(0), &settings{bytes: mostBytes + 1})
	require.Nil(t, c.settings[key(0)])
}
