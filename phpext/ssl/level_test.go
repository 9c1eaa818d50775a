package ssl_test

import (
	"crypto/tls"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestVersionsAt(t *testing.T) {
	for level := -1; level <= 5; level++ {
		first, last, ok := ssl.VersionsAt(level, tls.VersionTLS10, tls.VersionTLS13)
		require.True(t, ok)
		require.Equal(t, uint16(tls.VersionTLS13), last)
		if level <= 0 {
			require.Equal(t, uint16(tls.VersionTLS10), first)
		} else {
			require.Equal(t, uint16(tls.VersionTLS12), first)
		}
		_, _, ok = ssl.VersionsAt(level, tls.VersionTLS10, tls.VersionTLS11)
		require.Equal(t, level <= 0, ok)
	}
}

func TestSuitesAt(t *testing.T) {
	ids, _, _ := ssl.CipherSuites("AES:CHACHA20:3DES:RC4")
	all := len(ids)
	for level, want := range map[int]int{-1: all, 0: all, 1: all, 2: all - 3, 3: 12, 4: 4, 5: 4} {
		left := ssl.SuitesAt(level, ids)
		require.Len(t, left, want, "%d: %s", level, namesOf(left))
	}
	require.Len(t, ids, all)
	require.Equal(t, []uint16{tls.TLS_AES_128_GCM_SHA256}, ssl.SuitesAt(5, []uint16{tls.TLS_AES_128_GCM_SHA256}))
	require.Empty(t, ssl.SuitesAt(2, nil))
}

func TestCurvesAt(t *testing.T) {
	require.Nil(t, ssl.CurvesAt(-1))
	require.Nil(t, ssl.CurvesAt(3))
	require.Equal(t, []tls.CurveID{tls.CurveP384, tls.CurveP521}, ssl.CurvesAt(4))
	require.Equal(t, []tls.CurveID{tls.CurveP521}, ssl.CurvesAt(5))
}

func TestSuitesAtLikeOpenSSL(t *testing.T) {
	need(t, "openssl")
	ids, _, _ := ssl.CipherSuites("ALL")
	for level := range 6 {
		out, err := exec.Command("openssl", "ciphers", "-s", "-tls1_2", fmt.Sprintf("ALL:@SECLEVEL=%d", level)).Output()
		require.NoError(t, err)
		want := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(out)), ":"), func(name string) bool {
			return !slices.Contains(strings.Split(namesOf(ids), ":"), name)
		})
		require.Equal(t, strings.Join(want, ":"), namesOf(ssl.SuitesAt(level, ids)))
	}
}
