package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// tlsConfig makes a configuration for either side of PEM texts, of which an empty one is
// not there. What the other side shows is to lead to ca; a server demands it, then.
func tlsConfig(cert, key, ca, serverName string) (*tls.Config, error) {
	config := &tls.Config{ServerName: serverName}
	if cert != "" {
		pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if ca != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(ca)) {
			return nil, errors.New("no certificate in the PEM text")
		}
		config.RootCAs, config.ClientCAs = pool, pool
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}
