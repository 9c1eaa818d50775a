// Command tls serves HTTPS by a PHP script that has no certificate: it listens on tls://, and
// the Go program has the certificates, in memory, and changes them while the script runs.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources/secure"
)

const script = `
$server = stream_socket_server("tls://$address", $errno, $errstr) ?: exit("$errstr\n");
while ($client = @stream_socket_accept($server, -1)) {
	while (trim(fgets($client)) !== '');
	fwrite($client, "HTTP/1.0 200 OK\r\n\r\nhello from PHP");
	fclose($client);
}
`

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := listener.Addr().String()

	var current atomic.Pointer[tls.Certificate]
	engine, err := bridge.Start(ctx, bridge.Config{TLS: secure.Configs{Servers: map[string]*tls.Config{
		// golang.org/x/crypto/acme/autocert has a GetCertificate, too.
		address: {GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return current.Load(), nil }},
	}}})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))
	if _, err := engine.Provide("tcp://"+address, listener); err != nil {
		return err
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := engine.Run(ctx, bridge.Request{Code: script, Vars: map[string]any{"address": address}})
		ended <- err
	}()
	for _, name := range []string{"the first certificate", "the second certificate"} {
		certificate, err := newCertificate(name)
		if err != nil {
			return err
		}
		current.Store(certificate)
		if err := get("https://"+address, certificate.Leaf); err != nil {
			return err
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// get asks the server, which has to show that certificate.
func get(url string, trusted *x509.Certificate) error {
	roots := x509.NewCertPool()
	roots.AddCert(trusted)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fmt.Printf("%s, with %s\n", body, response.TLS.PeerCertificates[0].Subject.CommonName)
	return err
}

func newCertificate(name string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}
