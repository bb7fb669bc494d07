package session

import (
	"io"
	"log/slog"
	"sync"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Writer writes one message a line. Any number of goroutines may share it.
type Writer struct {
	mu  sync.Mutex
	out io.Writer
}

// NewWriter returns a Writer to out, which must not buffer.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out}
}

// Write writes m as one line, in one piece. What cannot be written is logged
// and lost: the harness may have gone, and calls in flight still end.
func (w *Writer) Write(m proto.Message) {
	line, err := protojson.Marshal(m)
	if err != nil {
		slog.Error("cannot encode a line", "error", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(append(line, '\n')); err != nil {
		slog.Warn("cannot write a line", "error", err)
	}
}
