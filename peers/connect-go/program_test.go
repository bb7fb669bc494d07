package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	pb "stitch.test/peers/connect-go/internal/gen/expirementpb"
)

func TestItTakesNoArguments(t *testing.T) {
	var errs bytes.Buffer
	command := program(t, "server")
	command.Stderr = &errs
	command.Run()
	check(t, "exit code", command.ProcessState.ExitCode(), 1)
	check(t, "a sentence", strings.Contains(errs.String(), "usage"), true)
}

func TestLinesThatAreRefused(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ line, id string }{
		{`nonsense`, ""},
		{`[]`, ""},
		{`{"flush":{}}`, ""},
		{`{"id":"a","dance":{}}`, "a"},
		{`{"id":"b","listen":7}`, "b"},
		{`{"id":"c","script":{"name":"x","steps":[{"dance":1}]}}`, "c"},
		{`{"id":"d","script":{"name":"x","compression":"br","steps":[{"end":{}}]}}`, "d"},
		{`{"id":"e","types":{"files":"AA=="}}`, "e"},
		{`{"id":"f","close":{"port":1}}`, "f"},
		{`{"id":"g","listen":{"host":"127.0.0.1","keepalive":{}}}`, "g"},
		{`{"id":"h","listen":{"host":"127.0.0.1","tls":{}}}`, "h"},
		{fmt.Sprintf(`{"id":"i","listen":{"host":"127.0.0.1","port":%d}}`, s.port), "i"},
	} {
		io.WriteString(s.in, c.line+"\n")
		if s.answer(c.id).Refused == "" {
			t.Error("not refused:", c.line)
		}
	}
}

func TestCallsThatAreUnsupported(t *testing.T) {
	s := start(t)
	for id, more := range map[string]object{
		"method":      {"method": "/t.Kinds/Missing"},
		"compression": {"compression": "br"},
		"ready":       {"waitForReady": true},
		"keepalive":   {"channel": object{"keepalive": object{}}},
		"step":        {"steps": []object{{"dance": 1}}},
	} {
		s.call(id, "/t.Kinds/Unary", more, send(nil))
		if s.ended(id).Unsupported == "" {
			t.Error("supported:", id)
		}
	}
	s.call("unusable", "/t.Kinds/Bidi", nil, send([]byte{0xff}))
	if s.ended("unusable").Unusable == "" {
		t.Error("usable")
	}
}

func TestThePlainService(t *testing.T) {
	s := start(t)
	name := func(name string) object { return send(serialize(t, &pb.NameRequest{Name: name})) }
	s.call("row", plainPath, object{"metadata": nil}, name("Stitch"))
	ended, served := s.ended("row"), s.served("row")
	row := serialize(t, &pb.Expirement{Name: "Stitch", Id: 7, Skill: "making annoyed noise"})
	check(t, "code", ended.Status.Code, 0)
	check(t, "response", bytes.Equal(ended.Responses[0].Bytes, row), true)
	check(t, "recorded", bytes.Equal(served.Responses[0].Bytes, row) && len(served.Requests) == 1, true)

	s.call("none", plainPath, object{"metadata": nil}, name("stitch"))
	check(t, "message", s.ended("none").Status.Message, "expirement not found")
	check(t, "recorded", s.served("none").Status.Code, 5)

	s.call("other", "/t.Kinds/Unary", object{"metadata": nil}, send(nil))
	check(t, "without a script", s.ended("other").Status.Message, "no script")
	s.call("unknown", plainPath, nil, name("Stitch"))
	check(t, "an unknown script", s.ended("unknown").Status.Message, `no script "unknown"`)
	s.script(plainPath, object{"end": object{"status": object{"code": 9}}})
	s.call("path", plainPath, object{"metadata": nil}, name("Stitch"))
	check(t, "the path's script", s.ended("path").Status.Code, 9)
}

func TestAllKinds(t *testing.T) {
	s := start(t)
	detail, err := anypb.New(wrapperspb.String("why"))
	if err != nil {
		t.Fatal(err)
	}
	details := serialize(t, &spb.Status{Code: 9, Message: "ähm", Details: []*anypb.Any{detail}})
	a, b := send(text(t, "a")), send(text(t, "b"))
	many := object{"send": text(t, "m"), "times": 3}
	early := object{"headers": object{"entries": []object{{"key": "x-bin", "binary": []byte{0xff, 0}}}}}
	end := func(code int) object {
		status := object{"code": code, "message": "ähm", "details": details}
		return object{"end": object{"status": status, "trailers": []object{{"key": "x", "text": ""}}}}
	}
	for _, c := range []struct {
		method              string
		client, server      []object
		requests, responses string
		code                int32
	}{
		{"Unary", []object{a}, []object{early, receive(1), b, end(0)}, "1×a", "1×b", 0},
		{"Unary", []object{a}, []object{early, end(9)}, "", "", 9},
		{"Client", []object{a, many}, []object{early, receive(-1), b, end(0)}, "1×a 3×m", "1×b", 0},
		{"Client", nil, []object{receive(-1), early, end(9)}, "", "", 9},
		{"Server", []object{a}, []object{early, receive(-1), b, many, end(9)}, "1×a", "1×b 3×m", 9},
		{"Server", []object{a}, []object{early, end(0)}, "", "", 0},
		{
			"Bidi", []object{receive(1), a, receive(3), a},
			[]object{early, b, receive(1), many, receive(-1), end(9)}, "2×a", "1×b 3×m", 9,
		},
		{"Bidi", nil, []object{receive(-1), early, end(0)}, "", "", 0},
		{"Bidi", []object{a, receive(1)}, []object{early, b, end(0)}, "", "1×b", 0}, // before the client
	} {
		t.Run(fmt.Sprint(c.method, c.code), func(t *testing.T) {
			s.script("play", c.server...)
			s.call("play", "/t.Kinds/"+c.method, object{"timeoutMs": 5000}, c.client...)
			ended, served := s.ended("play"), s.served("play")
			check(t, "responses", all(t, ended.Responses), c.responses)
			check(t, "responses sent", all(t, served.Responses), c.responses)
			check(t, "requests", all(t, served.Requests), c.requests)
			check(t, "code", ended.Status.Code, c.code)
			check(t, "code sent", served.Status.Code, c.code)
			if c.code != 0 {
				check(t, "message", ended.Status.Message, "ähm")
				check(t, "details", bytes.Equal(ended.Status.Details, details), true)
			}
			check(t, "method", served.Method, "/t.Kinds/"+c.method)
			check(t, "script", served.Script, "play")
			check(t, "time remaining", *served.TimeRemainingMs > 4000 && *served.TimeRemainingMs < 5000, true)
			check(t, "header", string(find(ended.Headers, "x-bin").Binary), "\xff\x00")
			check(t, "trailer", *find(ended.Trailers, "x").Text, "")
		})
	}
}

// find returns the entry of that key.
func find(entries []metadatum, key string) metadatum {
	for _, entry := range entries {
		if entry.Key == key {
			return entry
		}
	}
	return metadatum{Text: &key}
}

func TestCancelling(t *testing.T) {
	s := start(t)
	headers := object{"headers": object{}}
	s.script("wait", receive(1), waitMs(10000))
	s.script("read", headers, receive(-1)) // a half-close behind the cancellation would end it well
	for method, script := range map[string]string{
		"/t.Kinds/Unary": "wait", "/t.Kinds/Server": "wait", "/t.Kinds/Client": "read", "/t.Kinds/Bidi": "read",
	} {
		t.Run(method, func(t *testing.T) {
			s.call(script, method, nil, send(text(t, "a")), waitMs(50), object{"cancel": true})
			check(t, "code", s.ended(script).Status.Code, 1)
			served := s.served(script)
			check(t, "requests", all(t, served.Requests), "1×a")
			check(t, "cancelled", served.Cancelled && served.Status == nil, true)
		})
	}
}

func TestADeadlineAndHeadersBeforeIt(t *testing.T) {
	s := start(t)
	early := []object{{"key": "x", "text": "early"}}
	s.script("wait", object{"headers": object{"entries": early}}, waitMs(10000))
	for _, kind := range []string{"Unary", "Client", "Server", "Bidi"} {
		t.Run(kind, func(t *testing.T) {
			s.call("wait", "/t.Kinds/"+kind, object{"timeoutMs": 100}, send(nil))
			ended := s.ended("wait")
			check(t, "code", ended.Status.Code, 4)
			check(t, "cancelled", s.served("wait").Cancelled, true)
			check(t, "headers", *find(ended.Headers, "x").Text, "early")
		})
	}
}

func TestAWaitEndsWithAUnaryCall(t *testing.T) {
	s := start(t)
	s.script("quick", send(text(t, "a")))
	s.call("quick", "/t.Kinds/Unary", nil, send(nil), waitMs(5000))
	ended := s.ended("quick")
	check(t, "responses", all(t, ended.Responses), "1×a")
	check(t, "in time", ended.ElapsedMs < 2000, true)
}

func TestDrainHoldsUpNothing(t *testing.T) {
	s := start(t)
	s.script("slow", receive(1), waitMs(300), send(text(t, "a")))
	s.call("slow", "/t.Kinds/Unary", nil, send(nil))
	time.Sleep(100 * time.Millisecond)
	s.tell(object{"id": "drain", "drain": object{"port": s.port}})
	time.Sleep(100 * time.Millisecond)
	s.do("flush", object{})
	for _, line := range s.early {
		if line.Answer != nil {
			t.Error("the drain was answered before its call had ended")
		}
	}
	other := object{"address": s.address(s.port), "name": "other"}
	s.call("late", "/t.Kinds/Unary", object{"channel": other}, send(nil))
	check(t, "a new call", s.ended("late").Status.Code, 14)
	check(t, "the call in flight", all(t, s.ended("slow").Responses), "1×a")
	check(t, "refused", s.answer("drain").Refused, "")
	check(t, "the port is free", s.do("listen", object{"host": "127.0.0.1", "port": s.port}).Port, s.port)
}

func TestClose(t *testing.T) {
	s := start(t)
	s.script("slow", receive(1), waitMs(5000))
	s.call("slow", "/t.Kinds/Unary", nil, send(nil))
	time.Sleep(100 * time.Millisecond)
	check(t, "refused", s.do("close", object{"port": s.port}).Refused, "")
	check(t, "refused then", s.do("close", object{"port": s.port}).Refused != "", true)
	check(t, "code", s.ended("slow").Status.Code, 14)
	check(t, "cancelled", s.served("slow").Cancelled, true)
	check(t, "the port is free", s.do("listen", object{"host": "127.0.0.1", "port": s.port}).Port, s.port)
}

func TestFlushWaitsForHandlersToNotice(t *testing.T) {
	s := start(t)
	s.script("slow", send(nil), receive(-1))
	// This deadline ends the call, but nothing that receives: see the README.
	s.call("slow", "/t.Kinds/Bidi", object{"timeoutMs": 50}, receive(-1))
	time.Sleep(200 * time.Millisecond)
	s.tell(object{"id": "flush", "flush": object{}})
	time.Sleep(100 * time.Millisecond)
	s.tell(object{"id": "close", "close": object{"port": s.port}}) // the handler notices this
	s.answer("flush")
	for _, line := range s.early {
		if line.Served != nil {
			return
		}
	}
	t.Error("flushed, and the call is not recorded")
}

func TestChannels(t *testing.T) {
	s := start(t)
	connections := make(chan string, 100)
	relay, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	go func() {
		for {
			from, err := relay.Accept()
			if err != nil {
				return
			}
			connections <- "one"
			to, _ := net.Dial("tcp", s.address(s.port))
			go io.Copy(to, from)
			go io.Copy(from, to)
		}
	}()
	s.script("quick", send(text(t, "a")))
	for i, name := range []string{"", "", "2", "2", ""} {
		channel := object{"address": relay.Addr().String(), "name": name, "unknown": i}
		s.call("quick", "/t.Kinds/Unary", object{"channel": channel}, send(nil))
		check(t, "code", s.ended("quick").Status.Code, 0)
	}
	check(t, "connections", len(connections), 2)

	s.call("quick", "/t.Kinds/Unary", object{"times": 30, "atOnce": 10}, send(nil))
	for i := range 30 {
		id := fmt.Sprintf("quick.%d", i)
		check(t, "code", s.ended(id).Status.Code, 0)
		s.served(id)
	}
}

func TestLimitsGzipAndHugeLines(t *testing.T) {
	s := start(t)
	huge := strings.Repeat("x", 8<<20)
	echo := []object{receive(-1), send(text(t, huge)), {"end": object{}}}
	s.script("huge", echo...)
	s.call("huge", "/t.Kinds/Unary", object{"compression": "gzip"}, send(text(t, huge)))
	ended, served := s.ended("huge"), s.served("huge")
	check(t, "response", proto.Size(wrapperspb.String(huge)), len(ended.Responses[0].Bytes))
	check(t, "request", proto.Size(wrapperspb.String(huge)), len(served.Requests[0].Bytes))
	check(t, "compressed", *find(served.Metadata, "grpc-encoding").Text, "gzip")
	check(t, "response compressed", *find(ended.Headers, "grpc-encoding").Text, "gzip")

	limited := object{"address": s.address(s.port), "maxReceiveBytes": 1000}
	s.call("huge", "/t.Kinds/Unary", object{"channel": limited}, send(nil))
	check(t, "the client's limit", s.ended("huge").Status.Code, 8)
	port := s.do("listen", object{"host": "127.0.0.1", "maxReceiveBytes": 1000}).Port
	s.call("huge", "/t.Kinds/Client", object{"channel": object{"address": s.address(port)}}, send(text(t, huge)))
	check(t, "the server's limit", s.ended("huge").Status.Code, 8)
}

func TestTLS(t *testing.T) {
	s := start(t)
	ca, cert, key := certificates(t)
	otherCA, otherCert, otherKey := certificates(t)
	listen := func(tls object) int { return s.do("listen", object{"host": "127.0.0.1", "tls": tls}).Port }
	one := listen(object{"cert": cert, "key": key})
	both := listen(object{"cert": cert, "key": key, "clientCa": ca})
	s.script("quick", receive(-1), send(text(t, "a")), object{"end": object{}})
	const name = "stitch.test"
	for _, c := range []struct {
		what string
		port int
		tls  object
		ok   bool
	}{
		{"the server's certificate", one, object{"ca": ca, "serverName": name}, true},
		{"another name", one, object{"ca": ca, "serverName": "other.test"}, false},
		{"the name of the address", one, object{"ca": ca}, false},
		{"another authority", one, object{"ca": otherCA, "serverName": name}, false},
		{"the system's authorities", one, object{"serverName": name}, false},
		{"plaintext", one, nil, false},
		{"a plaintext server", s.port, object{"ca": ca, "serverName": name}, false},
		{"both certificates", both, object{"ca": ca, "serverName": name, "cert": cert, "key": key}, true},
		{"none of the client", both, object{"ca": ca, "serverName": name}, false},
		{"another one", both, object{"ca": ca, "serverName": name, "cert": otherCert, "key": otherKey}, false},
	} {
		for _, kind := range []string{"Unary", "Bidi"} {
			channel := object{"address": s.address(c.port)}
			if c.tls != nil {
				channel["tls"] = c.tls
			}
			s.call("quick", "/t.Kinds/"+kind, object{"channel": channel}, send(text(t, "a")))
			status := s.ended("quick").Status
			if (status.Code == 0) != c.ok {
				t.Errorf("%s: %+v", c.what, status)
			}
		}
	}
	for what, tls := range map[string]object{
		"no authority":  {"ca": "nonsense"},
		"another's key": {"cert": cert, "key": otherKey},
	} {
		s.call("quick", "/t.Kinds/Unary", object{"channel": object{"tls": tls}}, send(nil))
		if s.ended("quick").Unsupported == "" {
			t.Error("a call with", what)
		}
	}
	for what, tls := range map[string]object{
		"no certificate":  {},
		"no PEM":          {"cert": "nonsense", "key": "nonsense"},
		"another's key":   {"cert": cert, "key": otherKey},
		"no authority":    {"cert": cert, "key": key, "clientCa": "nonsense"},
		"another version": {"cert": cert, "key": key, "version": "1.1"},
	} {
		refused := s.do("listen", object{"host": "127.0.0.1", "tls": tls}).Refused
		check(t, what, strings.HasPrefix(refused, "tls: "), true)
	}
}

func TestClientName(t *testing.T) {
	s := start(t)
	ca, cert, key := certificates(t)
	s.script("quick", receive(-1), send(text(t, "a")))
	for _, c := range []struct {
		listen, tls object
		want        string
	}{
		{nil, nil, ""},
		{object{"cert": cert, "key": key}, object{"ca": ca, "serverName": "stitch.test", "cert": cert, "key": key}, ""},
		{
			object{"cert": cert, "key": key, "clientCa": ca},
			object{"ca": ca, "serverName": "stitch.test", "cert": cert, "key": key}, "a client",
		},
	} {
		port := s.do("listen", object{"host": "127.0.0.1", "tls": c.listen}).Port
		for _, kind := range []string{"Unary", "Client", "Server", "Bidi"} {
			channel := object{"address": s.address(port), "tls": c.tls}
			s.call("quick", "/t.Kinds/"+kind, object{"channel": channel}, send(text(t, "a")))
			check(t, kind, s.served("quick").ClientName, c.want)
			check(t, kind, s.ended("quick").Status.Code, 0)
		}
	}
}

func TestTLSVersion(t *testing.T) {
	s := start(t)
	_, cert, key := certificates(t)
	for told, version := range map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13} {
		port := s.do("listen", object{
			"host": "127.0.0.1", "tls": object{"cert": cert, "key": key, "version": told},
		}).Port
		for _, offered := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			conn, err := tls.Dial("tcp", s.address(port), &tls.Config{
				InsecureSkipVerify: true, MinVersion: offered, MaxVersion: offered,
			})
			check(t, told+" and "+tls.VersionName(offered), err == nil, offered == version)
			if err == nil {
				conn.Close()
			}
		}
	}
}

// certificates makes an authority, and a certificate with its key for stitch.test and for
// a client, as PEM.
func certificates(t *testing.T) (ca, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"stitch.test"},
		Subject:     pkix.Name{CommonName: "a client"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	encode := func(kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &private.PublicKey, private)
	ca = encode("CERTIFICATE", authorityDER, err)
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, authority, &private.PublicKey, private)
	cert = encode("CERTIFICATE", leafDER, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	return ca, cert, encode("PRIVATE KEY", keyDER, err)
}

func TestStopFinishesCalls(t *testing.T) {
	for what, stop := range map[string]func(*session){
		"the end of input": func(s *session) { s.in.Close() },
		"SIGTERM":          func(s *session) { s.command.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(what, func(t *testing.T) {
			s := start(t)
			s.script("slow", receive(1), waitMs(400), send(text(t, "a")))
			s.call("slow", "/t.Kinds/Unary", nil, send(nil))
			time.Sleep(100 * time.Millisecond)
			stop(s)
			check(t, "responses", all(t, s.ended("slow").Responses), "1×a")
			if err := s.command.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}
