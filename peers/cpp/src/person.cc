#include "person.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>

#include "bind.h"
#include "expirement.grpc.pb.h"
#include "health.grpc.pb.h"
#include "manage.h"
#include "signals.h"

namespace stitch {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr seconds kShutdown(5);
constexpr seconds kCallTimeout(10);
constexpr seconds kHealthTimeout(2);

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// "NOT_FOUND: expirement not found"
std::string Sentence(const grpc::Status& status) {
  constexpr std::array kNames = {"OK",
                                 "CANCELLED",
                                 "UNKNOWN",
                                 "INVALID_ARGUMENT",
                                 "DEADLINE_EXCEEDED",
                                 "NOT_FOUND",
                                 "ALREADY_EXISTS",
                                 "PERMISSION_DENIED",
                                 "RESOURCE_EXHAUSTED",
                                 "FAILED_PRECONDITION",
                                 "ABORTED",
                                 "OUT_OF_RANGE",
                                 "UNIMPLEMENTED",
                                 "INTERNAL",
                                 "UNAVAILABLE",
                                 "DATA_LOSS",
                                 "UNAUTHENTICATED"};
  const auto code = static_cast<std::size_t>(status.error_code());
  const std::string name = code < kNames.size() ? kNames[code] : std::to_string(code);
  return name + ": " + status.error_message();
}

}  // namespace

int Serve(const std::string& host, int port) {
  pollfd stop = {StopSignals(), POLLIN, 0};
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ManageService manage;
  grpc::ServerBuilder builder;
  builder.RegisterService(&manage);
  try {
    const std::unique_ptr<grpc::Server> server = StartAt(host, &port, &builder);
    server->GetHealthCheckService()->SetServingStatus(Manage::service_full_name(), true);
    std::cerr << "listening on " << host << ":" << port << std::endl;
    poll(&stop, 1, -1);
    server->Shutdown(system_clock::now() + kShutdown);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  return 0;
}

namespace {

// What stands before a status is told as well.
int LookUpAt(const std::string& address, const std::vector<std::string>& names,
             const std::string& before) {
  const std::unique_ptr<Manage::Stub> manage = Manage::NewStub(ChannelTo(address));
  int exit_code = 0;
  for (const std::string& name : names) {
    grpc::ClientContext context;
    context.set_deadline(system_clock::now() + kCallTimeout);
    NameRequest request;
    request.set_name(name);
    Expirement row;
    const grpc::Status status = manage->PickOne(&context, request, &row);
    if (status.ok()) {
      std::cout << "Expirement:\n---Name:" << row.name() << " \n---ID:" << row.id()
                << " \n---Skill:" << row.skill() << std::endl;
    } else {
      std::cerr << before << Sentence(status) << std::endl;
      exit_code = 1;
    }
  }
  return exit_code;
}

}  // namespace

int LookUp(const std::vector<std::string>& addresses, const std::vector<std::string>& names) {
  if (addresses.size() == 1) return LookUpAt(addresses[0], names, "");
  int exit_code = 0;
  for (const std::string& address : addresses) {
    std::cout << address << std::endl;
    exit_code |= LookUpAt(address, names, address + ": ");
  }
  return exit_code;
}

int CheckHealth(const std::string& address) {
  const std::unique_ptr<Health::Stub> health = Health::NewStub(ChannelTo(address));
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + kHealthTimeout);
  HealthCheckResponse response;
  const grpc::Status status = health->Check(&context, {}, &response);
  if (status.ok() && response.status() == HealthCheckResponse::SERVING) {
    return 0;
  }
  std::cerr << address << " is not healthy: "
            << (status.ok() ? HealthCheckResponse::ServingStatus_Name(response.status())
                            : Sentence(status))
            << std::endl;
  return 1;
}

}  // namespace stitch
