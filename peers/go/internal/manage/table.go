package manage

import "stitch.test/peers/go/internal/gen/expirementpb"

// table holds the rows that every server knows, in the order of their ids.
var table = []*expirementpb.Expirement{
	{Id: 0, Name: "Cyber", Skill: "breaking"},
	{Id: 1, Name: "Shrink", Skill: "short-flying"},
	{Id: 2, Name: "Doubledip", Skill: "filting anying"},
	{Id: 3, Name: "Howcome", Skill: "making why"},
	{Id: 4, Name: "Squawk", Skill: "advanced language skill"},
	{Id: 5, Name: "Truxx", Skill: "seting up heavy machine"},
	{Id: 6, Name: "Gigi", Skill: "touching ur heart"},
	{Id: 7, Name: "Stitch", Skill: "making annoyed noise"},
}
