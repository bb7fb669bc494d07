#include "bind.h"

#include <grpc/grpc.h>

#include <stdexcept>

namespace stitch {

std::unique_ptr<grpc::Server> StartAt(const std::string& host, int* port,
                                      grpc::ServerBuilder* builder,
                                      const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  const std::string address = (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(*port);
  // The library shares a port with whoever else asks for it otherwise.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddListeningPort(address, credentials, port);
  std::unique_ptr<grpc::Server> server = builder->BuildAndStart();
  // The library says why on standard error, and nowhere else.
  if (server == nullptr || *port == 0) {
    throw std::runtime_error("cannot listen on " + address);
  }
  return server;
}

}  // namespace stitch
