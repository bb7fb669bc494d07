package peer

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"sync"

	"stitch.test/peers/go/internal/contract"
)

// readLines sends the lines of r, of any length, the last one even when no line
// feed ends it, and closes lines when r ends. An error of r is an end like any
// other.
func readLines(r io.Reader, lines chan<- []byte) {
	defer close(lines)
	buffered := bufio.NewReader(r)
	for {
		line, err := buffered.ReadBytes('\n')
		if len(line) > 0 {
			lines <- line
		}
		if err != nil {
			return
		}
	}
}

// writer writes lines for any number of goroutines.
type writer struct {
	mu  sync.Mutex
	out io.Writer // does not buffer
}

// write writes line in one piece. What cannot be written is logged and lost: the
// harness may have gone, and calls in flight still end.
func (w *writer) write(line contract.LineOut) {
	text, err := json.Marshal(line)
	if err != nil {
		slog.Error("cannot encode a line", "error", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(append(text, '\n')); err != nil {
		slog.Warn("cannot write a line", "error", err)
	}
}
