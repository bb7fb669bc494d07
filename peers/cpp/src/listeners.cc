#include "listeners.h"

#include <grpc/grpc.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bind.h"
#include "contract.h"

namespace stitch {
namespace {

// No service comes unasked: the program has reflection for a person.
class NoPlugins final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->clear();
  }
};

// What is told of keepalive and the age of connections.
class Pings final : public grpc::ServerBuilderOption {
 public:
  explicit Pings(peer::Listen told) : told_(std::move(told)) {}

  void UpdateArguments(grpc::ChannelArguments* arguments) override {
    if (told_.has_keepalive()) AddKeepalive(told_.keepalive(), arguments);
    if (told_.min_ping_ms() > 0) {
      arguments->SetInt(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, told_.min_ping_ms());
      // It is two hours otherwise while there are no calls.
      arguments->SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    }
    if (told_.max_age_ms() > 0) {
      arguments->SetInt(GRPC_ARG_MAX_CONNECTION_AGE_MS, told_.max_age_ms());
    }
  }
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*
                     /*plugins*/) override {}

 private:
  const peer::Listen told_;
};

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const peer::Listen& told) {
  if (!told.has_tls()) return grpc::InsecureServerCredentials();
  if (!told.tls().version().empty()) {
    throw std::runtime_error("tls.version \"" + told.tls().version() + "\" is not obeyed");
  }
  grpc::SslServerCredentialsOptions options(
      told.tls().client_ca().empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                     : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = told.tls().client_ca();
  options.pem_key_cert_pairs = {{told.tls().key(), told.tls().cert()}};
  return grpc::SslServerCredentials(options);
}

}  // namespace

int Listeners::Open(const peer::Listen& told, std::shared_ptr<const Types> types) {
  auto listener = std::make_shared<Listener>();
  listener->service = std::make_unique<AnyService>(std::move(types), scripts_);
  grpc::ServerBuilder builder;
  builder.SetOption(std::make_unique<NoPlugins>());
  builder.SetOption(std::make_unique<Pings>(told));
  builder.RegisterService(listener->service.get());
  if (told.max_receive_bytes() > 0) {
    builder.SetMaxReceiveMessageSize(told.max_receive_bytes());
  }
  int port = told.port();
  listener->server = StartAt(told.host(), &port, &builder, CredentialsOf(told));
  const std::lock_guard lock(mutex_);
  by_port_[port] = std::move(listener);
  return port;
}

void Listeners::Stop(int port, Time at) {
  std::shared_ptr<Listener> listener;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_port_.find(port);
    if (found == by_port_.end()) {
      throw std::runtime_error("nothing listens on port " + std::to_string(port));
    }
    listener = found->second;
  }
  listener->server->Shutdown(at);
  const std::lock_guard lock(mutex_);
  const auto found = by_port_.find(port);
  if (found != by_port_.end() && found->second == listener) {
    by_port_.erase(found);
  }
}

void Listeners::StopAll(Time at) {
  std::vector<std::thread> stops;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [port, listener] : by_port_) {
      stops.emplace_back([listener = listener, at] { listener->server->Shutdown(at); });
    }
  }
  for (std::thread& stop : stops) stop.join();
}

}  // namespace stitch
