package main

import (
	"bufio"
	"context"
	"iter"
	"log"
	"maps"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

var implementation = &peerpb.Implementation{
	Language:        "Go",
	LanguageVersion: strings.TrimPrefix(runtime.Version(), "go"),
	Library:         "connect-go",
	LibraryVersion:  connect.Version,
}

// input yields the lines of standard input until that ends, or ctx does.
func input(ctx context.Context) iter.Seq[[]byte] {
	lines := make(chan []byte)
	go func() {
		defer close(lines)
		for buffered := bufio.NewReader(os.Stdin); ; {
			line, err := buffered.ReadBytes('\n')
			if len(line) > 0 {
				lines <- line
			}
			if err != nil {
				return
			}
		}
	}()
	return func(yield func([]byte) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case line, ok := <-lines:
				if !ok || !yield(line) {
					return
				}
			}
		}
	}
}

// parse reads a line into m. Members that are unknown are ignored.
func parse(line []byte, m proto.Message) error {
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(line, m)
}

var output sync.Mutex

// write writes m to standard output as one line. What cannot be written is logged and lost.
func write(m proto.Message) {
	line, err := protojson.Marshal(m)
	output.Lock()
	defer output.Unlock()
	if err == nil {
		_, err = os.Stdout.Write(append(line, '\n'))
	}
	if err != nil {
		log.Print("cannot write a line: ", err)
	}
}

// metadata lists the entries of header, its keys sorted.
func metadata(header http.Header) (entries []*peerpb.Metadatum) {
	for _, key := range slices.Sorted(maps.Keys(header)) {
		name := strings.ToLower(key)
		for _, value := range header[key] {
			if !strings.HasSuffix(name, "-bin") {
				entries = append(entries, &peerpb.Metadatum{Key: name, Value: &peerpb.Metadatum_Text{Text: text(value)}})
				continue
			}
			for part := range strings.SplitSeq(value, ",") { // the library leaves these to its user
				decoded, err := connect.DecodeBinaryHeader(strings.TrimSpace(part))
				if err != nil {
					decoded = []byte(part)
				}
				entries = append(entries, &peerpb.Metadatum{Key: name, Value: &peerpb.Metadatum_Binary{Binary: decoded}})
			}
		}
	}
	return entries
}

// text is s as a JSON string can hold it: bytes that are not UTF-8 show as U+FFFD.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
