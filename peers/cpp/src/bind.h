// The port of a server.
#ifndef STITCH_SRC_BIND_H_
#define STITCH_SRC_BIND_H_

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>

namespace stitch {

// Starts the server on a port of the host, 0 for any, which is then set to the
// port that it got. Throws std::runtime_error for one that cannot be had.
std::unique_ptr<grpc::Server> StartAt(const std::string& host, int* port,
                                      grpc::ServerBuilder* builder,
                                      const std::shared_ptr<grpc::ServerCredentials>& credentials =
                                          grpc::InsecureServerCredentials());

}  // namespace stitch

#endif  // STITCH_SRC_BIND_H_
