// Package livepage shows in a web browser what an engine does at this moment: its runs,
// its sockets with their state, peers, ages, bytes and rates, and graphs of the traffic
// of the last minutes. Like net/http/pprof it is there to be hung into a mux that the
// host has anyway:
//
//	mux.Handle("/debug/phpsock", livepage.Handler(engine))
//
// The page is one file of HTML with a style sheet and a script, all from the handler;
// it asks for nothing else, and a Content-Security-Policy says so. It refreshes itself
// every second, by fetching its own numbers as JSON, which programs can do as well:
//
//	curl 'http://localhost:6060/debug/phpsock?format=json&sort=rate_in&desc=1&limit=10'
//
// Everybody who can reach the page sees the names of scripts and peers. It has no access
// control of its own: serve it where only those can reach it who may know.
package livepage
