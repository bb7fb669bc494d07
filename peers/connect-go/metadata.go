package main

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// metadata lists the entries of header, its keys sorted.
func metadata(header http.Header) (entries []metadatum) {
	for _, key := range slices.Sorted(maps.Keys(header)) {
		name := strings.ToLower(key)
		for _, value := range header[key] {
			if !strings.HasSuffix(name, "-bin") {
				entries = append(entries, metadatum{Key: name, Text: &value})
				continue
			}
			for part := range strings.SplitSeq(value, ",") { // the library leaves these to its user
				decoded, _ := connect.DecodeBinaryHeader(strings.TrimSpace(part))
				entries = append(entries, metadatum{Key: name, Binary: decoded})
			}
		}
	}
	return entries
}

// addMetadata adds entries to header.
func addMetadata(header http.Header, entries []metadatum) {
	for _, entry := range entries {
		if entry.Text != nil {
			header.Add(entry.Key, *entry.Text)
		} else {
			header.Add(entry.Key, connect.EncodeBinaryHeader(entry.Binary))
		}
	}
}

// err is the status as the error that a handler returns: nil for OK, and for no status.
func (s *status) err() error {
	if s == nil || s.Code == 0 {
		return nil
	}
	told := connect.NewError(connect.Code(s.Code), errors.New(s.Message))
	var details statuspb.Status
	if err := proto.Unmarshal(s.Details, &details); err != nil {
		return err
	}
	for _, one := range details.GetDetails() {
		detail, err := connect.NewErrorDetail(one)
		if err != nil {
			return err
		}
		told.AddDetail(detail)
	}
	return told
}

// statusOf is the status that err tells; nil is OK.
func statusOf(err error) *status {
	if err == nil {
		return &status{}
	}
	told := new(connect.Error)
	if !errors.As(err, &told) {
		return &status{Code: int32(connect.CodeOf(err)), Message: err.Error()}
	}
	s := &status{Code: int32(told.Code()), Message: told.Message()}
	if len(told.Details()) > 0 { // the library has taken the Status apart
		details := &statuspb.Status{Code: int32(told.Code()), Message: told.Message()}
		for _, one := range told.Details() {
			url := "type.googleapis.com/" + one.Type() // whose first part the library keeps to itself
			details.Details = append(details.Details, &anypb.Any{TypeUrl: url, Value: one.Bytes()})
		}
		s.Details, _ = proto.MarshalOptions{Deterministic: true}.Marshal(details)
	}
	return s
}
