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
	p := peer{methods: plainMethods(), server: newServer(), client: newClient()}
	write(lineOut{Ready: &ready{
		Language:        "Go",
		LanguageVersion: strings.TrimPrefix(runtime.Version(), "go"),
		Library:         "connect-go",
		LibraryVersion:  connect.Version,
		Messages:        "dynamic",
	}})
	for lines := input(ctx); lines.Scan(); {
		p.take(lines.Bytes())
	}
	p.stop()
}

// peer plays both roles.
type peer struct {
	methods methods
	server  *server
	client  *client
}

// take does what a line says. What takes long, it leaves to a goroutine.
func (p *peer) take(text []byte) {
	var line lineIn
	err := json.Unmarshal(text, &line)
	switch {
	case err != nil:
		reply(line.ID, 0, err)
	case line.ID == "":
		reply("", 0, errors.New("the line has no id"))
	case line.Types != nil:
		types, err := parseTypes(line.Types.Files)
		if err == nil {
			p.methods = types
		}
		reply(line.ID, 0, err)
	case line.Script != nil:
		reply(line.ID, 0, p.server.keep(line.Script))
	case line.Listen != nil:
		port, err := p.server.listen(line.Listen, p.methods)
		reply(line.ID, port, err)
	case line.Close != nil:
		reply(line.ID, 0, p.server.close(line.Close.Port))
	case line.Drain != nil:
		go func() { reply(line.ID, 0, p.server.drain(line.Drain.Port)) }()
	case line.Flush != nil:
		go func() {
			p.server.flush()
			reply(line.ID, 0, nil)
		}()
	case line.Call != nil:
		p.client.start(line.ID, line.Call, p.methods)
	default:
		reply(line.ID, 0, errors.New("unknown instruction"))
	}
}

// stop finishes the calls of both roles, for as long as grace lasts.
func (p *peer) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	go func() {
		p.server.stop(ctx)
		p.client.calls.Wait()
		cancel()
	}()
	<-ctx.Done()
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

// reply answers the instruction with that id. An error refuses it.
func reply(id string, port int, err error) {
	told := &answer{ID: id, Port: port}
	if err != nil {
		told.Refused = err.Error()
	}
	write(lineOut{Answer: told})
}
