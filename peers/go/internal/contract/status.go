package contract

import (
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Status is how a call ended. Details is a google.rpc.Status, serialized.
type Status struct {
	Code    codes.Code `json:"code,omitempty"`
	Message string     `json:"message,omitempty"`
	Details []byte     `json:"details,omitempty"`
}

// StatusOf is the status that err is to the library: OK for nil, and UNKNOWN
// for what has none.
func StatusOf(err error) *Status {
	got := status.Convert(err)
	s := &Status{Code: got.Code(), Message: got.Message()}
	if p := got.Proto(); len(p.GetDetails()) > 0 {
		s.Details, _ = proto.Marshal(p) // it was parsed: it can be serialized
	}
	return s
}

// Library is s as the library has it. Its error tells of Details.
func (s *Status) Library() (*status.Status, error) {
	if s == nil {
		return nil, nil
	}
	p := new(statuspb.Status)
	if err := proto.Unmarshal(s.Details, p); err != nil {
		return nil, err
	}
	p.Code, p.Message = int32(s.Code), s.Message
	return status.FromProto(p), nil
}
