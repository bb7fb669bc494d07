package contract

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// TLS has one side's certificate as PEM texts, and what the other side's is to
// lead to: CA for a client, and ClientCA for a server, which then demands one.
// ServerName is the name that a client wants, Version the only one that a server
// speaks.
type TLS struct {
	Cert, Key, CA, ClientCA, ServerName, Version string
}

// versions are those that Version may be. 0 is the library's default.
var versions = map[string]uint16{"": 0, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// Credentials are t as the library has it; of nil, those of a plain connection.
// The error is a PEM text that cannot be used, or a version that is unknown.
func (t *TLS) Credentials() (credentials.TransportCredentials, error) {
	if t == nil {
		return insecure.NewCredentials(), nil
	}
	version, known := versions[t.Version]
	if !known {
		return nil, fmt.Errorf("tls: version %q is unknown", t.Version)
	}
	config := &tls.Config{
		ServerName: t.ServerName, KeyLogWriter: keyLog(), MinVersion: version, MaxVersion: version,
	}
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
