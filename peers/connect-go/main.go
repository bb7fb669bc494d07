// Stitch-connect-go is the connect-go peer: a server and a client of the service
// under test, which speak the peer contract on standard input and output.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"log"
	"maps"
	"math"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// grace is how long a stop waits for calls in flight.
const grace = 5 * time.Second

var implementation = &peerpb.Implementation{
	Language:        "Go",
	LanguageVersion: strings.TrimPrefix(runtime.Version(), "go"),
	Library:         "connect-go",
	LibraryVersion:  connect.Version,
}

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: stitch-connect-go server|client [--host HOST] [--port PORT]")
	}
	host := flag.String("host", "127.0.0.1", "where a server listens")
	port := flag.Int("port", 0, "0 lets the system choose")
	flag.CommandLine.Parse(os.Args[2:])
	signal.Ignore(syscall.SIGPIPE) // calls in flight outlive whoever reads our output
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch role := os.Args[1]; role {
	case "server":
		err = serve(*host, int32(*port), input(ctx))
	case "client":
		err = answerCalls(input(ctx))
	default:
		log.Fatalf("unknown role %q", role)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// input scans the lines of standard input, until that ends or ctx does.
func input(ctx context.Context) *bufio.Scanner {
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { w.Close() })
	go func() {
		io.Copy(w, os.Stdin)
		w.Close()
	}()
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, math.MaxInt) // a line may be several megabytes long
	return lines
}

// parse reads a line into m. Members that are unknown are ignored.
func parse(line []byte, m proto.Message) error {
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(line, m)
}

var output sync.Mutex

// write writes m to standard output as one line. Nobody may read any more: it is lost then.
func write(m proto.Message) {
	line, err := protojson.Marshal(m)
	if err != nil {
		log.Print("cannot write a line: ", err)
		return
	}
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(line, '\n'))
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
				decoded, _ := connect.DecodeBinaryHeader(strings.TrimSpace(part))
				entries = append(entries, &peerpb.Metadatum{Key: name, Value: &peerpb.Metadatum_Binary{Binary: decoded}})
			}
		}
	}
	return entries
}

// status is the code and the message that err, which is not nil, tells.
func status(err error) (int32, string) {
	message := err.Error()
	if told := new(connect.Error); errors.As(err, &told) {
		message = told.Message()
	}
	return int32(connect.CodeOf(err)), text(message)
}

// text is s as a JSON string can hold it: bytes that are not UTF-8 show as U+FFFD.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
