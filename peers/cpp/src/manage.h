// The service as its users know it.
#ifndef STITCH_SRC_MANAGE_H_
#define STITCH_SRC_MANAGE_H_

#include <grpcpp/support/status.h>

#include "expirement.grpc.pb.h"

namespace stitch {

// Answers from the table.
class ManageService final : public Manage::CallbackService {
 public:
  grpc::ServerUnaryReactor* PickOne(grpc::CallbackServerContext* context,
                                    const NameRequest* request, Expirement* response) override;

  // Finds the row of exactly that name, or is NOT_FOUND.
  static grpc::Status Pick(const NameRequest& request, Expirement* row);
};

}  // namespace stitch

#endif  // STITCH_SRC_MANAGE_H_
