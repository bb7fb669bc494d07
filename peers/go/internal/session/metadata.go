package session

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"stitch.test/peers/go/internal/gen/peerpb"
)

// binarySuffix ends the keys whose values are bytes.
const binarySuffix = "-bin"

// Metadata lists the entries of md. The library keeps the order of a key's
// values but not that of the keys, which are sorted here.
func Metadata(md metadata.MD) []*peerpb.Metadatum {
	var entries []*peerpb.Metadatum
	for _, key := range slices.Sorted(maps.Keys(md)) {
		for _, value := range md[key] {
			entries = append(entries, metadatum(key, value))
		}
	}
	return entries
}

func metadatum(key, value string) *peerpb.Metadatum {
	if strings.HasSuffix(key, binarySuffix) {
		return &peerpb.Metadatum{Key: key, Value: &peerpb.Metadatum_Binary{Binary: []byte(value)}}
	}
	return &peerpb.Metadatum{Key: key, Value: &peerpb.Metadatum_Text{Text: Text(value)}}
}

// Pairs lists keys and values in turn, in order, as
// metadata.AppendToOutgoingContext takes them.
func Pairs(entries []*peerpb.Metadatum) []string {
	var pairs []string
	for _, entry := range entries {
		value := entry.GetText()
		if binary, ok := entry.GetValue().(*peerpb.Metadatum_Binary); ok {
			value = string(binary.Binary)
		}
		pairs = append(pairs, entry.GetKey(), value)
	}
	return pairs
}

// Text is s as a JSON string can hold it: the library passes bytes on that are
// not UTF-8, and each run of them shows as U+FFFD.
func Text(s string) string {
	return strings.ToValidUTF8(s, "\uFFFD")
}
