package main

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	pb "stitch.test/peers/connect-go/internal/gen/expirementpb"
)

// table holds the rows that every server knows; their ids are their places.
var table = []struct{ name, skill string }{
	{"Cyber", "breaking"},
	{"Shrink", "short-flying"},
	{"Doubledip", "filting anying"},
	{"Howcome", "making why"},
	{"Squawk", "advanced language skill"},
	{"Truxx", "seting up heavy machine"},
	{"Gigi", "touching ur heart"},
	{"Stitch", "making annoyed noise"},
}

// manage is the plain service, which answers calls that no script answers.
type manage struct{}

// PickOne returns the row of that name, or NOT_FOUND.
func (manage) PickOne(_ context.Context, request *pb.NameRequest) (*pb.Expirement, error) {
	for id, row := range table {
		if row.name == request.GetName() {
			return &pb.Expirement{Name: row.name, Id: int32(id), Skill: row.skill}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("expirement not found"))
}
