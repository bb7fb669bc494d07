package server

import (
	"context"
	"testing"
	"time"

	"stitch.test/peers/go/internal/contract"
)

func TestFlushWaitsForCallsThatHaveEnded(t *testing.T) {
	reporting, report := make(chan struct{}), make(chan struct{})
	s := &Server{Report: func(*contract.Served) {
		close(reporting)
		<-report
	}}
	ctx, cancel := context.WithCancel(t.Context())
	go s.handle(&call{ctx: ctx})
	<-reporting
	s.Flush() // the call goes on: nothing to wait for
	cancel()
	flushed := make(chan struct{})
	go func() {
		s.Flush()
		close(flushed)
	}()
	select {
	case <-flushed:
		t.Error("flushed before the call was reported")
	case <-time.After(50 * time.Millisecond):
	}
	close(report)
	<-flushed
}
