package bridge_test

import "crypto"

// tlsCells are all cells. What is not said of one is usual: the name is localhost, data goes
// through, and the server closes.
func tlsCells(m *tlsMatrix) (cells []tlsCell) {
	peers := map[string][]string{"server": {"openssl", "php", "go", "curl"}, "client": {"openssl", "php", "go"}}
	modes := map[string][]string{"server": {"ssl", "enable", "nonblocking"}, "client": {"ssl", "enable", "nonblocking", "https"}}
	for _, side := range []string{"server", "client"} {
		for _, peer := range peers[side] {
			for _, version := range []string{"tls1.2", "tls1.3"} {
				for _, key := range []string{"rsa", "ecdsa"} {
					base := tlsCell{side: side, peer: peer, version: version, key: key, mode: "ssl"}
					add := func(c tlsCell, what string) {
						c.what = what
						if c.names == nil {
							c.names = []string{"localhost"}
						}
						if c.sizes == nil && !c.fails {
							c.sizes = []int{1, 1 << 14}
						}
						if c.closes == "" {
							c.closes = "server"
						}
						cells = append(cells, c)
					}
					for _, mode := range modes[side] {
						c := base
						c.mode, c.sizes = mode, []int{1, 1 << 14, 1 << 20}
						// All that both sides can close, and can insist on, is somewhere.
						c.strict = mode == "enable" || mode == "nonblocking" && key == "rsa"
						if peer != "curl" && (mode == "enable" || mode == "nonblocking" && key == "ecdsa") {
							c.closes = "client"
						}
						add(c, mode)
					}
					addFeatures(base, add)
					if side == "server" && peer == "go" && key == "ecdsa" {
						addJudgements(base, m, add)
					}
				}
			}
		}
	}
	return cells
}

// addFeatures adds what is beyond a plain connection. Those that depend on the server's key but
// little are there for one of the keys.
func addFeatures(base tlsCell, add func(tlsCell, string)) {
	c := base
	c.asks, c.given, c.mode = "required", "client-"+base.key, map[string]string{"rsa": "ssl", "ecdsa": "nonblocking"}[base.key]
	add(c, "client-certificate")
	c = base
	c.serverALPN, c.clientALPN, c.alpn = []string{"x-other", "http/1.1", "h2"}, []string{"h2", "http/1.1"}, "http/1.1"
	add(c, "alpn")
	if base.side == "server" && (base.peer == "go" || base.peer == "openssl") {
		c = base
		c.resumes, c.names = true, []string{"localhost", "localhost"}
		add(c, "resumption")
	}

	c = base
	c.sni, c.names = true, []string{"localhost", "a.example.test", "b.example.test"}
	if base.peer == "openssl" && base.side == "client" {
		c.names, c.closes = c.names[:2], "client" // its server knows one name, and closing is all it closes
	}
	if base.key == "rsa" {
		add(c, "sni")
		return
	}
	c = base
	c.asks = "wanted"
	add(c, "client-certificate-wanted")
	c.given, c.fails = "client-by-stranger", true
	add(c, "client-certificate-by-stranger")
	c.asks, c.given = "required", ""
	add(c, "client-certificate-missing")
	c = base
	c.serverALPN, c.clientALPN = []string{"x-other"}, []string{"h2", "http/1.1"}
	// PHP goes on without; the others refuse.
	c.fails = base.side == "client" && base.peer != "php"
	add(c, "alpn-none")
}

// addJudgements adds servers that look more closely at a client's certificate. The engine does; it
// matters little to whom.
func addJudgements(base tlsCell, m *tlsMatrix, add func(tlsCell, string)) {
	for what, options := range map[string]map[string]any{
		"name":        {"verify_peer_name": true, "peer_name": "client-ecdsa"},
		"depth":       {"verify_depth": 2},
		"fingerprint": {"peer_fingerprint": map[string]string{"sha256": m.fingerprint("client-ecdsa", crypto.SHA256)}},
	} {
		c := base
		c.asks, c.given, c.options = "required", "client-ecdsa", options
		add(c, "client-certificate-"+what)
	}
	for what, options := range map[string]map[string]any{
		"other-name":        {"verify_peer_name": true, "peer_name": "client-rsa"},
		"no-name":           {"verify_peer_name": true},
		"depth-0":           {"verify_depth": 0},
		"other-fingerprint": {"peer_fingerprint": map[string]string{"sha256": m.fingerprint("client-rsa", crypto.SHA256)}},
	} {
		c := base
		c.asks, c.given, c.options, c.fails = "required", "client-ecdsa", options, true
		add(c, "client-certificate-"+what)
	}
}
