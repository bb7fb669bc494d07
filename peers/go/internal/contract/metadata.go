package contract

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"
)

// binarySuffix ends the keys whose values are bytes.
const binarySuffix = "-bin"

// Metadatum is one metadata entry: Text, or Binary for a "-bin" key.
type Metadatum struct {
	Key    string  `json:"key"`
	Text   *string `json:"text,omitzero"`
	Binary []byte  `json:"binary,omitzero"`
}

// Metadata lists the entries of md. The library keeps the order of a key's
// values but not that of the keys, which are sorted here.
func Metadata(md metadata.MD) []Metadatum {
	var entries []Metadatum
	for _, key := range slices.Sorted(maps.Keys(md)) {
		for _, value := range md[key] {
			if strings.HasSuffix(key, binarySuffix) {
				entries = append(entries, Metadatum{Key: key, Binary: []byte(value)})
			} else {
				entries = append(entries, Metadatum{Key: key, Text: &value})
			}
		}
	}
	return entries
}

// Pairs lists keys and values in turn, as metadata.Pairs takes them.
func Pairs(entries []Metadatum) []string {
	var pairs []string
	for _, entry := range entries {
		value := string(entry.Binary)
		if entry.Text != nil {
			value = *entry.Text
		}
		pairs = append(pairs, entry.Key, value)
	}
	return pairs
}
