package peer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
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
	h.tell(`{"id":"listen","listen":{"host":"127.0.0.1","tls":{"cert":"x","key":"y"}}}`)
	if got := h.answer("listen"); got.Refused == "" {
		t.Error("a listener without a certificate")
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
