package client_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"stitch.test/peers/go/internal/client"
	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// makeCalls runs the client on these lines and returns its records by id.
func makeCalls(t *testing.T, calls ...string) map[string]*peerpb.CallRecord {
	t.Helper()
	var out strings.Builder
	if err := client.Harness(t.Context(), strings.NewReader(strings.Join(calls, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	records := make(map[string]*peerpb.CallRecord)
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var got peerpb.ClientLine
		if err := session.Parse([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if isReady := got.GetReady() != nil; isReady != (i == 0) {
			t.Errorf("line %d: got %v", i, &got)
		}
		records[got.GetEnded().GetId()] = got.GetEnded()
	}
	return records
}

// call is a line that calls method at address with this name and these members.
func call(id, address, method, name, members string) string {
	return fmt.Sprintf(`{"id":%q,"kind":"unary","address":%q,"channel":"a","method":%q,"request":{"name":%q}%s}`,
		id, address, method, name, members)
}

func TestMakesCalls(t *testing.T) {
	address, _ := serve(t)
	const method = "/Manage/PickOne"
	got := makeCalls(t,
		call("row", address, method, "Cyber", ""),
		call("none", address, method, "Nobody", `,"unknown":1`),
		call("method", address, "/Manage/Nothing", "", ""),
		call("gzip", address, method, "Stitch", `,"compression":"gzip"`),
		call("late", address, method, "Stitch", `,"timeout":"0s"`),
		call("cancelled", nowhere(t), method, "Stitch", `,"waitForReady":true,"cancelAfter":"0.050s"`),
		call("waits", nowhere(t), method, "Stitch", `,"waitForReady":true,"timeout":"0.050s"`),
		call("nowhere", nowhere(t), method, "Stitch", ""),
		call("value", address, method, "Stitch", `,"metadata":[{"key":"x","text":"é"}]`),
		call("address", "%", method, "Stitch", ""),
	)
	for id, want := range map[string]codes.Code{
		"row": codes.OK, "none": codes.NotFound, "method": codes.Unimplemented, "gzip": codes.OK,
		"late": codes.DeadlineExceeded, "cancelled": codes.Canceled, "waits": codes.DeadlineExceeded,
		"nowhere": codes.Unavailable, "value": codes.Internal, "address": codes.Unknown,
	} {
		record, ok := got[id]
		if !ok || record.GetCode() != int32(want) || (record.Reply != nil) != (want == codes.OK) {
			t.Errorf("%s: got %v, want code %d", id, record, want)
		}
	}
	if row := got["row"].GetReply(); row.GetName() != "Cyber" || row.GetSkill() != "breaking" {
		t.Errorf("got %v", row)
	}
	if got["none"].GetMessage() != "expirement not found" {
		t.Errorf("got %v", got["none"])
	}
}

func TestSendsAndReportsMetadata(t *testing.T) {
	address, _ := serve(t)
	got := makeCalls(t, call("1", address, "/Manage/PickOne", "Stitch",
		`,"metadata":[{"key":"x","text":"2"},{"key":"x-bin","binary":"AP8="},{"key":"x","text":"1"}]`))["1"]
	if headers := show(got.GetHeaders()); headers != `content-type="application/grpc" x="2" x="1"` {
		t.Errorf("headers: got %s", headers)
	}
	if trailers := show(got.GetTrailers()); trailers != `x-bin=00ff` {
		t.Errorf("trailers: got %s", trailers)
	}
}

// show is entries in a form that is easy to compare.
func show(entries []*peerpb.Metadatum) string {
	var words []string
	for _, entry := range entries {
		switch value := entry.GetValue().(type) {
		case *peerpb.Metadatum_Text:
			words = append(words, fmt.Sprintf("%s=%q", entry.GetKey(), value.Text))
		case *peerpb.Metadatum_Binary:
			words = append(words, fmt.Sprintf("%s=%x", entry.GetKey(), value.Binary))
		}
	}
	return strings.Join(words, " ")
}

func TestSaysWhatItDoesNotKnow(t *testing.T) {
	got := makeCalls(t, `{"id":"1","kind":"bidi"}`, `{"id":"2","kind":"unary","compression":"zstd"}`)
	for id, want := range map[string]string{"1": `call kind "bidi"`, "2": `compression "zstd"`} {
		if got[id].GetUnsupported() != want {
			t.Errorf("got %q, want %q", got[id].GetUnsupported(), want)
		}
	}
}

func TestLineThatIsNoCallIsAnError(t *testing.T) {
	err := client.Harness(t.Context(), strings.NewReader("garbage\n"), new(strings.Builder))
	if want := "not a call: syntax error (line 1:1): invalid value garbage"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
