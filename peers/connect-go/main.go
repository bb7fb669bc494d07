// Stitch-connect-go is the connect-go peer: a program that serves and calls any
// service, as lines on standard input tell it (docs/peer-contract.md).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"connectrpc.com/connect"
)

// grace is how long a stop waits for calls in flight.
const grace = 5 * time.Second

func main() {
	if len(os.Args) > 1 {
		log.Fatal("usage: stitch-connect-go takes no arguments, but lines on standard input")
	}
	signal.Ignore(syscall.SIGPIPE) // calls in flight outlive whoever reads our output
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	write(lineOut{Ready: map[string]string{
		"language":        "Go",
		"languageVersion": strings.TrimPrefix(runtime.Version(), "go"),
		"library":         "connect-go",
		"libraryVersion":  connect.Version,
		"messages":        "dynamic",
	}})
	p := peer{methods: plainMethods(), client: client{channels: make(map[string]*http.Client)}}
	for lines := input(ctx); lines.Scan(); {
		p.take(lines.Bytes())
	}
	time.AfterFunc(grace, func() { os.Exit(0) })
	p.server.stop()
	p.client.calls.Wait()
}

// peer plays both roles.
type peer struct {
	methods methods
	server  server
	client  client
}

// take reads a line and does what it says. What takes long holds up no other line.
func (p *peer) take(text []byte) {
	var line lineIn
	err := json.Unmarshal(text, &line)
	if err == nil && line.ID == "" {
		err = errors.New("the line has no id")
	}
	switch {
	case err != nil:
		respond(line.ID, 0, err)
	case line.Call != nil:
		p.client.start(line.ID, line.Call, p.methods)
	case line.Drain != nil || line.Flush != nil:
		go p.carryOut(line)
	default:
		p.carryOut(line)
	}
}

// carryOut does an instruction, and answers it.
func (p *peer) carryOut(line lineIn) {
	var port int
	var err error
	switch {
	case line.Types != nil:
		err = p.methods.replace(line.Types.Files)
	case line.Script != nil:
		err = p.server.keep(line.Script)
	case line.Listen != nil:
		port, err = p.server.listen(line.Listen, p.methods)
	case line.Close != nil:
		err = p.server.end(line.Close.Port, (*http.Server).Close)
	case line.Drain != nil:
		err = p.server.end(line.Drain.Port, drain)
	case line.Flush != nil:
		p.server.flush()
	default:
		err = errors.New("unknown instruction")
	}
	respond(line.ID, port, err)
}

// respond answers the instruction of that id. An error refuses it.
func respond(id string, port int, err error) {
	told := &answer{ID: id, Port: port}
	if err != nil {
		told.Refused = err.Error()
	}
	write(lineOut{Answer: told})
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
	lines.Buffer(nil, math.MaxInt) // a line may be many megabytes long
	return lines
}

var output sync.Mutex

// write writes line to standard output. Nobody may read any more: it is lost then.
func write(line lineOut) {
	text, err := json.Marshal(line)
	if err != nil {
		log.Print("cannot write a line: ", err)
		return
	}
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(text, '\n'))
}
