package bridge_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge/internal/phpt"
)

// TestDiff runs every script of testdata on the stock PHP of the release that is linked and
// on the phpsock command: they print the same, but for what testdata/differences.txt lists,
// and that does differ.
func TestDiff(t *testing.T) {
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	cases, err := phpt.Load("../testdata")
	require.NoError(t, err)
	listed, err := phpt.LoadDifferences("../testdata/differences.txt", cases)
	require.NoError(t, err)

	ran := 0
	for _, o := range phpt.Compare(t.Context(), cases, []string{php, "-n"}, []string{buildCommand(t), "-n"}, t.TempDir(), listed) {
		t.Run(o.Case.Name, func(t *testing.T) {
			require.NoError(t, o.Problem())
			if o.Skipped != "" {
				t.Skip(o.Skipped)
			}
			ran++
		})
	}
	require.GreaterOrEqual(t, ran, 150)
}
