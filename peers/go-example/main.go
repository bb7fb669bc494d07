// A gRPC server as its library's examples write one: it knows nothing of any harness.
package main

import (
	"context"
	"flag"
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip" // accepts compressed requests
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	pb "stitch/peers/go-example/expirementpb"
)

var addr = flag.String("addr", "localhost:6000", "the address to listen on")

var expirements = []*pb.Expirement{
	{Name: "Cyber", Id: 0, Skill: "breaking"},
	{Name: "Shrink", Id: 1, Skill: "short-flying"},
	{Name: "Doubledip", Id: 2, Skill: "filting anying"},
	{Name: "Howcome", Id: 3, Skill: "making why"},
	{Name: "Squawk", Id: 4, Skill: "advanced language skill"},
	{Name: "Truxx", Id: 5, Skill: "seting up heavy machine"},
	{Name: "Gigi", Id: 6, Skill: "touching ur heart"},
	{Name: "Stitch", Id: 7, Skill: "making annoyed noise"},
}

type server struct {
	pb.UnimplementedManageServer
}

// PickOne returns the expirement of that name.
func (s *server) PickOne(_ context.Context, in *pb.NameRequest) (*pb.Expirement, error) {
	for _, expirement := range expirements {
		if expirement.Name == in.GetName() {
			return expirement, nil
		}
	}
	return nil, status.Error(codes.NotFound, "expirement not found")
}

func main() {
	flag.Parse()
	lis, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatalf("failed to listen: %v", err)
	}
	s := grpc.NewServer()
	pb.RegisterManageServer(s, &server{})
	reflection.Register(s)
	log.Printf("server listening at %v", lis.Addr())
	if err := s.Serve(lis); err != nil {
		log.Fatalf("failed to serve: %v", err)
	}
}
