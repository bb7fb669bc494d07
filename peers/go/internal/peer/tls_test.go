package peer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestTLS(t *testing.T) {
	h := start(t)
	ca, stranger := newIdentity(t, "ca", nil), newIdentity(t, "stranger", nil)
	server, client := newIdentity(t, "stitch.test", ca), newIdentity(t, "client", ca)
	plain, _ := h.listen("")
	simple, _ := h.listen(fmt.Sprintf(`,"tls":{"cert":%s,"key":%s}`, server.cert, server.key))
	mutual, _ := h.listen(fmt.Sprintf(`,"tls":{"cert":%s,"key":%s,"clientCa":%s}`,
		server.cert, server.key, ca.cert))
	h.script("/note.Notes/Unary", `{"receive":1},{"send":""}`)
	trusting := fmt.Sprintf(`{"ca":%s,"serverName":"stitch.test"}`, ca.cert)
	strange := fmt.Sprintf(`{"ca":%s,"serverName":"stitch.test"}`, stranger.cert)
	as := func(id *identity) string {
		return fmt.Sprintf(`{"ca":%s,"serverName":"stitch.test","cert":%s,"key":%s}`, ca.cert, id.cert, id.key)
	}
	known, unknown := as(client), as(stranger)
	for _, c := range []struct {
		what, channel, tls string
		want               codes.Code
	}{
		{"simple", simple, trusting, codes.OK},
		{"mutual", mutual, known, codes.OK},
		{"mutual, no certificate", mutual, trusting, codes.Unavailable},
		{"mutual, a stranger", mutual, unknown, codes.Unavailable},
		{"wrong name", simple, fmt.Sprintf(`{"ca":%s,"serverName":"other.test"}`, ca.cert), codes.Unavailable},
		{"unknown authority", simple, strange, codes.Unavailable},
		{"the system's authorities", simple, `{"serverName":"stitch.test"}`, codes.Unavailable},
		{"a plain server", plain, trusting, codes.Unavailable},
		{"a plain client", simple, `null`, codes.Unavailable},
		{"no PEM", simple, `{"ca":"x"}`, codes.Unknown},
	} {
		got := h.status(fmt.Sprintf(`%s,"tls":%s`, c.channel, c.tls), "Unary", `{"send":""}`, "")
		if got.Code != c.want {
			t.Errorf("%s: got %+v", c.what, got)
		}
	}
	for what, tls := range map[string]string{
		"no certificate":    `{}`,
		"no PEM":            `{"cert":"x","key":"y"}`,
		"another's key":     fmt.Sprintf(`{"cert":%s,"key":%s}`, server.cert, client.key),
		"no authority":      fmt.Sprintf(`{"cert":%s,"key":%s,"clientCa":"x"}`, server.cert, server.key),
		"another's version": fmt.Sprintf(`{"cert":%s,"key":%s,"version":"1.1"}`, server.cert, server.key),
	} {
		h.tell(`{"id":"listen","listen":{"host":"127.0.0.1","tls":%s}}`, tls)
		if got := h.answer("listen"); !strings.HasPrefix(got.Refused, "tls: ") {
			t.Errorf("%s: got %+v", what, got)
		}
	}
}

func TestClientName(t *testing.T) {
	h := start(t)
	ca := newIdentity(t, "ca", nil)
	server, client := newIdentity(t, "stitch.test", ca), newIdentity(t, "a client", ca)
	encrypted := fmt.Sprintf(`"cert":%s,"key":%s`, server.cert, server.key)
	h.script("/note.Notes/Unary", `{"receive":1},{"send":""}`)
	h.script("/note.Notes/Both", `{"receive":1},{"send":""}`)
	for listen, want := range map[string]string{
		"":                                    "",
		fmt.Sprintf(`,"tls":{%s}`, encrypted): "",
		fmt.Sprintf(`,"tls":{%s,"clientCa":%s}`, encrypted, ca.cert): "a client",
	} {
		channel, _ := h.listen(listen)
		if listen != "" {
			channel = fmt.Sprintf(`%s,"tls":{"ca":%s,"serverName":"stitch.test","cert":%s,"key":%s}`,
				channel, ca.cert, client.cert, client.key)
		}
		for _, method := range []string{"Unary", "Both"} {
			if _, served := h.play(channel, method, `{"send":""}`, ""); served.ClientName != want {
				t.Errorf("%s: got %q, want %q", method, served.ClientName, want)
			}
		}
	}
}

func TestTLSVersion(t *testing.T) {
	h := start(t)
	server := newIdentity(t, "stitch.test", nil)
	for told, version := range map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13} {
		_, port := h.listen(fmt.Sprintf(`,"tls":{"cert":%s,"key":%s,"version":%q}`, server.cert, server.key, told))
		for _, offered := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), &tls.Config{
				InsecureSkipVerify: true, NextProtos: []string{"h2"}, MinVersion: offered, MaxVersion: offered,
			})
			if (err == nil) != (offered == version) {
				t.Errorf("a listener of %s, and a client of %s: %v", told, tls.VersionName(offered), err)
			}
			if err == nil {
				conn.Close()
			}
		}
	}
}

// identity is a certificate and its key, as PEM texts in JSON.
type identity struct {
	cert, key string
	parsed    *x509.Certificate
	private   *ecdsa.PrivateKey
}

// newIdentity returns an identity that by has signed, or an authority of its own.
func newIdentity(t *testing.T, name string, by *identity) *identity {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotAfter: time.Now().Add(time.Hour), IsCA: by == nil, BasicConstraintsValid: true,
	}
	id := &identity{private: private, parsed: template}
	if by == nil {
		by = id
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, by.parsed, private.Public(), by.private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	id.cert, id.key = inPEM("CERTIFICATE", signed), inPEM("PRIVATE KEY", key)
	if id.parsed, err = x509.ParseCertificate(signed); err != nil {
		t.Fatal(err)
	}
	return id
}

// inPEM is a PEM text, as a JSON string.
func inPEM(kind string, der []byte) string {
	text, _ := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
	return string(text)
}
