package session_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

func TestWriterKeepsLinesWhole(t *testing.T) {
	var out bytes.Buffer
	lines := session.NewWriter(&out)
	var writers sync.WaitGroup
	for range 100 {
		writers.Go(func() { lines.Write(&peerpb.CallRecord{Message: "a\nb " + strings.Repeat("c", 5000)}) })
	}
	writers.Wait()
	got := strings.SplitAfter(out.String(), "\n")
	if len(got) != 101 || got[100] != "" {
		t.Fatalf("got %d lines, want 100", len(got)-1)
	}
	for _, line := range got[:100] {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %.80q", line)
		}
	}
}
