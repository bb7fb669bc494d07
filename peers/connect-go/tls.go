package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
)

// config makes the configuration of either side. What the other side shows is to lead to
// the authorities, if there are any; a server demands it, then.
func (t *tlsTexts) config() (*tls.Config, error) {
	if t == nil { // not encrypted
		return nil, nil
	}
	config := &tls.Config{ServerName: t.ServerName}
	if t.Cert != "" {
		pair, err := tls.X509KeyPair([]byte(t.Cert), []byte(t.Key))
		if err != nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if authorities := cmp.Or(t.CA, t.ClientCA); authorities != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(authorities)) {
			return nil, errors.New("tls: no certificate in the PEM text")
		}
		config.RootCAs, config.ClientCAs = pool, pool
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}

// http2 allows HTTP/2 alone, encrypted or not.
func http2(encrypted bool) *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetHTTP2(encrypted)
	protocols.SetUnencryptedHTTP2(!encrypted)
	return protocols
}
