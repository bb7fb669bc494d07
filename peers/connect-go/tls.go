package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
)

// versions are those that a listener may be told; 0 is net/http's default.
var versions = map[string]uint16{"": 0, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// config makes the configuration of either side. What the other side shows is to lead to
// the authorities, if there are any; a server demands it, then.
func (t *tlsTexts) config() (*tls.Config, error) {
	if t == nil { // not encrypted
		return nil, nil
	}
	version, known := versions[t.Version]
	if !known {
		return nil, fmt.Errorf("tls: version %q is unknown", t.Version)
	}
	config := &tls.Config{
		ServerName: t.ServerName, KeyLogWriter: keyLog(), MinVersion: version, MaxVersion: version,
	}
	if t.Cert != "" {
		pair, err := tls.X509KeyPair([]byte(t.Cert), []byte(t.Key))
		if err != nil {
			return nil, err
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

type clientNameKey struct{}

// withClientName lets handlers know the common name of the client's certificate, which
// net/http tells and the library does not.
func withClientName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
			name := r.TLS.PeerCertificates[0].Subject.CommonName
			r = r.WithContext(context.WithValue(r.Context(), clientNameKey{}, name))
		}
		next.ServeHTTP(w, r)
	})
}

// clientName is that of a call, or empty.
func clientName(ctx context.Context) string {
	name, _ := ctx.Value(clientNameKey{}).(string)
	return name
}

// keyLog is the file that $SSLKEYLOGFILE names: who has it can read along. Nil
// where there is none.
var keyLog = sync.OnceValue(func() io.Writer {
	name := os.Getenv("SSLKEYLOGFILE")
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		slog.Error("no key log", "error", err)
		return nil
	}
	return file
})
