// Package phpsockprom gives the numbers of an engine to Prometheus. It is a module of its
// own, so that programs without Prometheus do not carry it.
//
// There are two collectors, which a program registers as it needs them:
//
// [NewCollector] reads [bridge.Stats] whenever Prometheus scrapes, and costs nothing in
// between:
//
//	phpsock_info{php_version}                      1
//	phpsock_start_time_seconds                     when the engine came up, since 1970
//	phpsock_draining                               1 while no new connections are accepted
//	phpsock_runs_total                             runs of scripts that have begun
//	phpsock_runs_active                            1 while a script runs
//	phpsock_sockets_open{transport,kind}           sockets that are open
//	phpsock_sockets_opened_total                   sockets that there ever were
//	phpsock_connections_accepted_total             connections that were accepted
//	phpsock_bytes_total{direction}                 traffic, "in" and "out"
//
// [NewEvents] counts what a [resources.Observer] is told:
//
//	phpsock_listens_total{transport,result}        servers that were bound
//	phpsock_accepts_total{transport,result}        connections that were accepted
//	phpsock_dials_total{transport,result}          connections that were dialled
//	phpsock_dial_duration_seconds{transport,result}
//	phpsock_handshake_duration_seconds{result}     TLS
//	phpsock_connection_age_seconds{transport}      at the end of connections
//	phpsock_refusals_total{operation,transport}    by the policy; "listen", "dial", "send"
//	phpsock_limit_hits_total{errno}                how often a limit was reached
//	phpsock_errors_total{event,errno}              what failed otherwise
//
// transport is the scheme of the address ("tcp", "unix", …), kind and event are as
// [resources.Kind] and [resources.EventKind] print them, result is "ok" or "error", errno
// is the system's name for the error ("ECONNREFUSED"), or "none".
//
// The engine of a process is one, so the metrics have no label for it;
// [prometheus.WrapRegistererWith] adds labels of the host's.
package phpsockprom
