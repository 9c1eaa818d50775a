package bridge_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tlsUpgrade is a protocol that begins in plain text.
type tlsUpgrade struct {
	Greeting string            `json:"greeting"`
	Verb     int               `json:"verb"`    // which word of a line is the command; the one before is a tag
	Replies  map[string]string `json:"replies"` // to the commands, with TAG for the tag
	Steps    [][2]string       `json:"steps"`   // what a client says and how the last line of the answer begins
}

// tlsUpgrades are as much of these protocols as "openssl s_client -starttls" wants to hear.
var tlsUpgrades = map[string]tlsUpgrade{
	"smtp": {"220 mail.test ESMTP\r\n", 0, map[string]string{
		"EHLO":     "250-mail.test\r\n250-8BITMIME\r\n250 STARTTLS\r\n",
		"STARTTLS": "220 go ahead\r\n", "NOOP": "250 still here\r\n", "QUIT": "221 bye\r\n",
	}, [][2]string{{"", "220 "}, {"EHLO me", "250 "}, {"STARTTLS", "220 "}, {"EHLO me", "250 "}, {"NOOP", "250 "}, {"QUIT", "221 "}}},
	"imap": {"* OK ready\r\n", 1, map[string]string{
		"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK that is all\r\n",
		"STARTTLS":   "TAG OK begin\r\n", "NOOP": "TAG OK still here\r\n", "QUIT": "* BYE\r\nTAG OK bye\r\n",
	}, [][2]string{{"", "* OK"}, {"a1 CAPABILITY", "a1 OK"}, {"a2 STARTTLS", "a2 OK"}, {"a3 CAPABILITY", "a3 OK"}, {"a4 NOOP", "a4 OK"}, {"a5 QUIT", "a5 OK"}}},
}

const tlsUpgradeServer = tlsMatrixCommon + `
$context = stream_context_create(['ssl' => $o['ssl']]);
$s = stream_socket_server('tcp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
echo stream_socket_get_name($s, false), "\n";
$c = stream_socket_accept($s, 10);
stream_set_blocking($c, $blocks);
put($c, $o['upgrade']['greeting']);
$commands = 0;
$ends = '';
while ($ends === '') {
	$line = line($c);
	$words = explode(' ', $line);
	$verb = $words[$o['upgrade']['verb']] ?? '';
	$reply = $o['upgrade']['replies'][$verb] ?? null;
	if (!isset($reply)) { $ends = "broken: $line"; break; }
	put($c, str_replace('TAG', $words[0], $reply));
	$commands++;
	if ($verb === 'QUIT') $ends = 'here';
	if ($verb === 'STARTTLS' && !secure($c)) $ends = 'broken';
}
report($c, $context, $commands, $ends);
`

const tlsUpgradeClient = tlsMatrixCommon + `
$context = stream_context_create(['ssl' => ['peer_name' => 'localhost'] + $o['ssl']]);
$c = stream_socket_client("tcp://$o[address]", $no, $text, 10, STREAM_CLIENT_CONNECT, $context);
stream_set_blocking($c, $blocks);
$answers = 0;
foreach ($o['upgrade']['steps'] as [$say, $answer]) {
	if ($say !== '') put($c, "$say\r\n");
	do $line = line($c); while ($line !== '' && !str_starts_with($line, $answer));
	if ($line !== '') $answers++;
	if (str_contains($say, 'STARTTLS') && !secure($c)) break;
}
$line = line($c);
report($c, $context, $answers, $line === '' && feof($c) ? 'there' : "broken: $line");
`

// serve is the server's side. It returns how many commands there were.
func (u tlsUpgrade) serve(raw net.Conn, config *tls.Config) (commands int, state tls.ConnectionState, err error) {
	conn := raw
	_, err = io.WriteString(conn, u.Greeting)
	for r := bufio.NewReader(conn); err == nil; {
		var line string
		if line, err = r.ReadString('\n'); err != nil {
			break
		}
		words := strings.Fields(line)
		reply := ""
		if len(words) > u.Verb {
			reply = u.Replies[words[u.Verb]]
		}
		if reply == "" {
			return commands, state, fmt.Errorf("what is %q?", line)
		}
		if _, err = io.WriteString(conn, strings.ReplaceAll(reply, "TAG", words[0])); err != nil {
			break
		}
		commands++
		switch words[u.Verb] {
		case "QUIT":
			return commands, state, conn.Close()
		case "STARTTLS":
			secured := tls.Server(raw, config)
			err = secured.Handshake()
			conn, r, state = secured, bufio.NewReader(secured), secured.ConnectionState()
		}
	}
	return commands, state, err
}

// use is the client's side. It returns how many answers were as they should be.
func (u tlsUpgrade) use(raw net.Conn, config *tls.Config) (answers int, state tls.ConnectionState, err error) {
	below := &rawConn{Conn: raw}
	conn, r := net.Conn(below), bufio.NewReader(below)
	for _, step := range u.Steps {
		if step[0] != "" {
			if _, err = io.WriteString(conn, step[0]+"\r\n"); err != nil {
				return answers, state, err
			}
		}
		for line := ""; !strings.HasPrefix(line, step[1]); {
			if line, err = r.ReadString('\n'); err != nil {
				return answers, state, err
			}
		}
		answers++
		if strings.Contains(step[0], "STARTTLS") {
			secured := tls.Client(below, config)
			if err = secured.Handshake(); err != nil {
				return answers, state, err
			}
			conn, r, state = secured, bufio.NewReader(secured), secured.ConnectionState()
		}
	}
	if _, err = r.ReadByte(); errors.Is(err, io.EOF) && !below.ended {
		return answers, state, nil
	}
	return answers, state, fmt.Errorf("instead of the end: %w", err)
}

// startTLS begins TLS in the middle of a conversation, on both sides.
func (m tlsMatrix) startTLS(t *testing.T) {
	m.server, m.client = writeFile(t, "server.php", tlsUpgradeServer), writeFile(t, "client.php", tlsUpgradeClient)
	for name, u := range tlsUpgrades {
		for _, version := range []string{"tls1.2", "tls1.3"} {
			for _, mode := range []string{"enable", "nonblocking"} {
				c := tlsCell{side: "server", version: version, key: "ecdsa", mode: mode, names: []string{"localhost"}, upgrade: &u}
				check := func(t *testing.T, seen tlsSeen, commands int, ends string) {
					t.Helper()
					require.Empty(t, seen.Warnings)
					require.Equal(t, []string{strings.Replace(version, "tls", "TLSv", 1), ends}, []string{seen.Protocol, seen.Ends})
					require.Equal(t, commands, seen.Echoed)
				}
				for peer, talk := range map[string]func(*testing.T, *tlsMatrix, tlsCell, string, string){"go": u.goTalk, "openssl": u.opensslTalk} {
					c := c // each has its own
					c.peer, c.what = peer, mode
					t.Run("starttls/"+name+"/"+c.String(), func(t *testing.T) {
						t.Parallel()
						address, seen := phpServer(t, m.command, &m, c, mode)
						talk(t, &m, c, name, address)
						check(t, seen()[0], len(u.Steps)-1, "here")
					})
				}
				c.side, c.peer, c.what = "client", "go", mode
				t.Run("starttls/"+name+"/"+c.String(), func(t *testing.T) {
					t.Parallel()
					config := &tls.Config{Certificates: []tls.Certificate{m.pair(c.key)}}
					c.limit(config, "server")
					served := make(chan error, 1)
					address := serveConns(t, func(raw net.Conn) {
						_ = raw.SetDeadline(time.Now().Add(patience))
						commands, _, err := u.serve(raw, config)
						if err == nil && commands != len(u.Steps)-1 {
							err = fmt.Errorf("%d commands", commands)
						}
						served <- err
					})
					check(t, phpClient(t, m.command, &m, c, address, mode)[0], len(u.Steps), "there")
					require.NoError(t, <-served)
				})
			}
		}
	}
}

// goTalk is Go as a client.
func (u tlsUpgrade) goTalk(t *testing.T, m *tlsMatrix, c tlsCell, _, address string) {
	config := &tls.Config{RootCAs: m.roots(), ServerName: "localhost"}
	c.limit(config, "client")
	raw, err := net.DialTimeout("tcp", address, patience)
	require.NoError(t, err)
	defer raw.Close()
	require.NoError(t, raw.SetDeadline(time.Now().Add(patience)))
	answers, state, err := u.use(raw, config)
	require.NoError(t, err)
	require.Equal(t, len(u.Steps), answers)
	require.Equal(t, c.key, state.PeerCertificates[0].Subject.CommonName)
}

// opensslTalk is "openssl s_client", which says all up to TLS itself.
func (u tlsUpgrade) opensslTalk(t *testing.T, m *tlsMatrix, c tlsCell, name, address string) {
	p := startPeer(t, "openssl", append([]string{"s_client", "-connect", address, "-starttls", name, "-quiet", "-servername", "localhost",
		"-verify_hostname", "localhost"}, opensslArgs(m, c, "client", "")...)...)
	for _, step := range u.Steps[3:] {
		_, err := io.WriteString(p, step[0]+"\r\n")
		require.NoError(t, err)
		for line := ""; !strings.HasPrefix(line, step[1]); {
			line, err = p.ReadString('\n')
			p.require(t, err)
		}
	}
	rest, status := p.wait()
	require.Empty(t, rest)
	require.Zero(t, status, "no close_notify: %s", p.stderr.String())
}

// keepPlainText shows that what was read before TLS began stays there to be read, before what is read with TLS.
func (m *tlsMatrix) keepPlainText(t *testing.T) {
	address := serveConns(t, func(raw net.Conn) {
		_ = raw.SetDeadline(time.Now().Add(patience))
		_, _ = io.WriteString(raw, "first\nsecond\nhalf of the third, ")
		conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{m.pair("rsa")}})
		if conn.Handshake() == nil {
			_, _ = io.WriteString(conn, "and the other half\nfourth\n")
			_ = conn.Close()
		}
	})
	for _, read := range []string{`fgets($c)`, `fgetc($c)`, `fread($c, 3)`, `stream_get_contents($c, 7)`, `fscanf($c, '%s')`} {
		t.Run("plaintext/"+read, func(t *testing.T) {
			t.Parallel()
			file := writeFile(t, "script.php", `<?php
				$c = stream_socket_client('tcp://`+address+`', $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(
					['ssl' => ['cafile' => '`+m.file("root.crt")+`', 'peer_name' => 'localhost']]));
				$r = [$c]; $w = $x = null; stream_select($r, $w, $x, 5); // it comes at once
				var_dump(`+read+`, stream_get_meta_data($c)['unread_bytes']);
				var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), stream_get_meta_data($c)['unread_bytes']);
				for ($i = 0; $i < 6; $i++) var_dump(fgets($c));
				var_dump(feof($c));`)
			want := oracle(t, "", file)
			require.Contains(t, want, "half of the third, and the other half")
			done := execute(t, exec.CommandContext(t.Context(), m.command, "-n", "-d", "log_errors=0", file))
			requireWords(t, "plaintext/"+read, want, done.stdout)
		})
	}
}
