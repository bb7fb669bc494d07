package manage_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/manage"
)

func TestPickOneKnowsTheTable(t *testing.T) {
	for _, want := range []*expirementpb.Expirement{
		{Id: 0, Name: "Cyber", Skill: "breaking"},
		{Id: 1, Name: "Shrink", Skill: "short-flying"},
		{Id: 2, Name: "Doubledip", Skill: "filting anying"},
		{Id: 3, Name: "Howcome", Skill: "making why"},
		{Id: 4, Name: "Squawk", Skill: "advanced language skill"},
		{Id: 5, Name: "Truxx", Skill: "seting up heavy machine"},
		{Id: 6, Name: "Gigi", Skill: "touching ur heart"},
		{Id: 7, Name: "Stitch", Skill: "making annoyed noise"},
	} {
		got, err := manage.Service{}.PickOne(t.Context(), &expirementpb.NameRequest{Name: want.Name})
		if err != nil || !proto.Equal(got, want) {
			t.Errorf("PickOne(%q) = %v, %v; want %v", want.Name, got, err, want)
		}
	}
}

func TestPickOneComparesExactly(t *testing.T) {
	for _, name := range []string{"", "stitch", "Stitch ", " Stitch", "Stitch\x00", "Ｓtitch", "👽"} {
		got, err := manage.Service{}.PickOne(t.Context(), &expirementpb.NameRequest{Name: name})
		want := status.New(codes.NotFound, "expirement not found")
		if got != nil || status.Convert(err).String() != want.String() {
			t.Errorf("PickOne(%q) = %v, %v; want %v", name, got, err, want)
		}
	}
}
