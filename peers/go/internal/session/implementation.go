package session

import (
	"runtime"
	"strings"

	"google.golang.org/grpc"

	"stitch.test/peers/go/internal/gen/peerpb"
)

// Implementation tells what this program was compiled with.
func Implementation() *peerpb.Implementation {
	return &peerpb.Implementation{
		Language:        "Go",
		LanguageVersion: strings.TrimPrefix(runtime.Version(), "go"),
		Library:         "grpc-go",
		LibraryVersion:  grpc.Version,
	}
}
