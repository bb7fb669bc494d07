package contract

import (
	"crypto/tls"
	"crypto/x509"
	"errors"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// TLS has one side's certificate as PEM texts, and what the other side's is to
// lead to: CA for a client, and ClientCA for a server, which then demands one.
// ServerName is the name that a client wants.
type TLS struct {
	Cert, Key, CA, ClientCA, ServerName string
}

// Credentials are t as the library has it; of nil, those of a plain connection.
// The error is a PEM text that cannot be used.
func (t *TLS) Credentials() (credentials.TransportCredentials, error) {
	if t == nil {
		return insecure.NewCredentials(), nil
	}
	config := &tls.Config{ServerName: t.ServerName}
	if t.Cert != "" {
		own, err := tls.X509KeyPair([]byte(t.Cert), []byte(t.Key))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	if authorities := t.CA + t.ClientCA; authorities != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(authorities)) {
			return nil, errors.New("tls: no certificate in the PEM text")
		}
		config.RootCAs, config.ClientCAs = pool, pool
	}
	if t.ClientCA != "" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return credentials.NewTLS(config), nil
}
