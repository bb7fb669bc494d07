package client_test

import (
	"strings"
	"testing"

	"stitch.test/peers/go/internal/client"
)

func TestPersonReadsRows(t *testing.T) {
	address, _ := serve(t)
	var out, errs strings.Builder
	ok, err := client.Person(t.Context(), address, []string{"Stitch", "Nobody", "Cyber"}, &out, &errs)
	if err != nil || ok {
		t.Errorf("got %v, %v; want a failure that is no error", ok, err)
	}
	want := "Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n" +
		"Expirement:\n---Name:Cyber \n---ID:0 \n---Skill:breaking\n"
	if out.String() != want {
		t.Errorf("standard output: got %q, want %q", out.String(), want)
	}
	if want := "NOT_FOUND: expirement not found\n"; errs.String() != want {
		t.Errorf("standard error: got %q, want %q", errs.String(), want)
	}
}

func TestHealth(t *testing.T) {
	address, checker := serve(t)
	if err := client.Health(t.Context(), address); err != nil {
		t.Error(err)
	}
	checker.Shutdown()
	if err := client.Health(t.Context(), address); err == nil || err.Error() != "wanted SERVING, got NOT_SERVING" {
		t.Errorf("got %v", err)
	}
	if err := client.Health(t.Context(), nowhere(t)); err == nil || !strings.HasPrefix(err.Error(), "UNAVAILABLE: ") {
		t.Errorf("got %v", err)
	}
}
