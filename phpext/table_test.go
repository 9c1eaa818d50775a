package phpext_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
)

func nothing(*phpext.Call) (phpext.Value, error) { return phpext.Null(), nil }

func TestTable(t *testing.T) {
	table, err := phpext.NewTable(
		phpext.Function{Prototype: "b(): null", Call: nothing},
		phpext.Function{Prototype: "A(string $x, $ctx = null)", Call: nothing, Context: "ctx"},
	)
	require.NoError(t, err)
	require.Len(t, table.Rows(), 2)
	require.Equal(t, "b", table.Rows()[0].Name)
	row, ok := table.Lookup("a")
	require.True(t, ok)
	require.Equal(t, "A", row.Name)
	require.Equal(t, 1, row.Required)
	_, ok = table.Lookup("c")
	require.False(t, ok)
}

func TestTableErrors(t *testing.T) {
	tests := []struct {
		name, text string
		rows       []phpext.Function
	}{
		{"duplicate", "phpext: new table: F: duplicate", []phpext.Function{
			{Prototype: "f()", Call: nothing}, {Prototype: "F()", Call: nothing}}},
		{"no body", "phpext: new table: f: no body", []phpext.Function{{Prototype: "f()"}}},
		{"prototype", `phpext: new table: f(: phpext: parse prototype "f(": byte 2: "$" expected`,
			[]phpext.Function{{Prototype: "f(", Call: nothing}}},
		{"context", "phpext: new table: f: unknown context parameter $c", []phpext.Function{
			{Prototype: "f($x)", Call: nothing, Context: "c"}}},
		{"context by reference", "phpext: new table: f: context parameter $x must be plain", []phpext.Function{
			{Prototype: "f(&$x)", Call: nothing, Context: "x"}}},
		{"direct", "phpext: new table: f: only a row that replaces can be direct", []phpext.Function{
			{Prototype: "f($x)", Call: nothing, Direct: phpext.DirectShutdown}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := phpext.NewTable(tt.rows...)
			var e *phpext.TableError
			require.ErrorAs(t, err, &e)
			require.EqualError(t, err, tt.text)
		})
	}
	_, err := phpext.NewTable(phpext.Function{Prototype: "f("})
	var p *phpext.PrototypeError
	require.ErrorAs(t, err, &p)
}

// The rows that stand in for functions of PHP must have its signatures, word for word.
func TestSocketPrototypes(t *testing.T) {
	table, err := phpext.NewTable((&phpext.Sockets{}).Functions()...)
	require.NoError(t, err)
	want := []string{
		"stream_socket_server(string $address, &$error_code = null, &$error_message = null, int $flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context = null)",
		"stream_socket_client(string $address, &$error_code = null, &$error_message = null, ?float $timeout = null, int $flags = STREAM_CLIENT_CONNECT, $context = null)",
		"stream_socket_accept($socket, ?float $timeout = null, &$peer_name = null)",
		"stream_socket_recvfrom($socket, int $length, int $flags = 0, &$address = null): string|false",
		`stream_socket_sendto($socket, string $data, int $flags = 0, string $address = ""): int|false`,
		"stream_socket_get_name($socket, bool $remote): string|false",
		"stream_socket_shutdown($stream, int $mode): bool",
		"stream_socket_pair(int $domain, int $type, int $protocol): array|false",
		"stream_get_transports(): array",
		"phpsock_draining(): bool",
	}
	var got []string
	for _, row := range table.Rows() {
		require.False(t, row.Hidden && row.Replaces, row.Name)
		if !row.Hidden {
			got = append(got, row.Signature.String())
		}
	}
	require.Equal(t, want, got)
}
