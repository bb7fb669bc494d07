package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// serverTLS is the configuration with that certificate and key, as PEM. Clients must
// have a certificate that leads to clientCA, if there is one.
func serverTLS(cert, key, clientCA string) (*tls.Config, error) {
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if clientCA != "" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs, err = authorities(clientCA)
	}
	return config, err
}

// config is the configuration of a channel.
func (c *clientTLS) config() (*tls.Config, error) {
	config := &tls.Config{ServerName: c.ServerName}
	if c.Cert != "" {
		pair, err := tls.X509KeyPair([]byte(c.Cert), []byte(c.Key))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	var err error
	if c.CA != "" {
		config.RootCAs, err = authorities(c.CA)
	}
	return config, err
}

// authorities are the certificates that others are to lead to.
func authorities(pem string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		return nil, errors.New("no certificate in the PEM text")
	}
	return pool, nil
}
