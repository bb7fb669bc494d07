package session_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

func TestMetadataSortsKeysAndKeepsValues(t *testing.T) {
	got := session.Metadata(metadata.MD{"b": {"2", "1", "\xff\xfe."}, "a-bin": {"\x00\xff", ""}})
	want := []*peerpb.Metadatum{bin("a-bin", "\x00\xff"), bin("a-bin", ""), text("b", "2"), text("b", "1"), text("b", "\uFFFD.")}
	if !slices.EqualFunc(got, want, func(a, b *peerpb.Metadatum) bool { return proto.Equal(a, b) }) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPairsKeepOrder(t *testing.T) {
	got := session.Pairs([]*peerpb.Metadatum{text("b", "2"), bin("a-bin", "\x00\xff"), text("b", "")})
	if want := []string{"b", "2", "a-bin", "\x00\xff", "b", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func text(key, value string) *peerpb.Metadatum {
	return &peerpb.Metadatum{Key: key, Value: &peerpb.Metadatum_Text{Text: value}}
}

func bin(key, value string) *peerpb.Metadatum {
	return &peerpb.Metadatum{Key: key, Value: &peerpb.Metadatum_Binary{Binary: []byte(value)}}
}
