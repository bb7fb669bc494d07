// Package manage is the plain service. It knows nothing of the harness.
package manage

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"stitch.test/peers/go/internal/gen/expirementpb"
)

// Service answers from the table.
type Service struct {
	expirementpb.UnimplementedManageServer
}

// PickOne returns the row of exactly that name, or NOT_FOUND.
func (Service) PickOne(_ context.Context, request *expirementpb.NameRequest) (*expirementpb.Expirement, error) {
	for _, row := range table {
		if row.Name == request.GetName() {
			return row, nil
		}
	}
	return nil, status.Error(codes.NotFound, "expirement not found")
}
