package server

import (
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// The keys of request metadata that a server with --harness knows.
const (
	callIDKey        = "stitch-call-id"
	headerPrefix     = "stitch-header-"
	trailerPrefix    = "stitch-trailer-"
	sendHeadersKey   = "stitch-send-headers"
	waitKey          = "stitch-wait-ms"
	statusCodeKey    = "stitch-status-code"
	statusMessageKey = "stitch-status-message-bin"
	replyEncodingKey = "stitch-reply-encoding"
)

const maxWaitMs = 60_000

// parsers read the keys that take one value.
var parsers = []struct {
	key   string
	parse func(in *instructions, value string) error
}{
	{sendHeadersKey, parseSendHeaders},
	{waitKey, parseWait},
	{statusCodeKey, parseStatusCode},
	{statusMessageKey, parseStatusMessage},
	{replyEncodingKey, parseReplyEncoding},
}

// parse reads the instructions in md. Its error is a status,
// INVALID_ARGUMENT, that names the key whose value is malformed.
func parse(md metadata.MD) (*instructions, error) {
	in := &instructions{headers: behind(headerPrefix, md), trailers: behind(trailerPrefix, md)}
	for _, p := range parsers {
		if err := parseOne(md[p.key], func(value string) error { return p.parse(in, value) }); err != nil {
			return nil, status.Errorf(codes.InvalidArgument, "%s: %v", p.key, err)
		}
	}
	return in, nil
}

// parseOne parses the only value, if there is one.
func parseOne(values []string, parse func(value string) error) error {
	switch len(values) {
	case 0:
		return nil
	case 1:
		return parse(values[0])
	default:
		return fmt.Errorf("wanted one value, got %d", len(values))
	}
}

func parseSendHeaders(in *instructions, value string) error {
	in.sendHeaders = true
	return only("now", value)
}

func parseReplyEncoding(in *instructions, value string) error {
	in.replyEncoding = value
	return only("gzip", value)
}

func parseWait(in *instructions, value string) error {
	ms, err := decimal(value, 0, maxWaitMs)
	in.wait = time.Duration(ms) * time.Millisecond
	return err
}

func parseStatusCode(in *instructions, value string) error {
	code, err := decimal(value, uint64(codes.Canceled), uint64(codes.Unauthenticated))
	in.code = codes.Code(code)
	return err
}

func parseStatusMessage(in *instructions, value string) error {
	if !utf8.ValidString(value) {
		return errors.New("wanted UTF-8")
	}
	in.message = value
	return nil
}

func only(wanted, value string) error {
	if value != wanted {
		return fmt.Errorf("wanted %q, got %q", wanted, value)
	}
	return nil
}

// decimal reads a number of decimal digits between low and high, both included.
func decimal(value string, low, high uint64) (uint64, error) {
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("wanted a decimal from %d to %d, got %q", low, high, value)
	}
	return n, nil
}
