#include "any_service.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>

#include <utility>

#include "frame.h"
#include "server_call.h"

namespace stitch {
namespace {

using Context = grpc::CallbackServerContext;
using grpc::internal::MethodHandler;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

template <typename Reactor>
Reactor* Begin(Scripts* scripts, const Method& method, Context* context, const Frame* request,
               Frame* response) {
  auto* call = new Reaction<Reactor>(scripts, method, context, request, response);
  call->Run();
  return call;
}

MethodHandler* NewHandler(const Method& method, Scripts* scripts) {
  switch (method.kind) {
    case RpcMethod::NORMAL_RPC:
      return new grpc::internal::CallbackUnaryHandler<Frame, Frame>(
          [&method, scripts](Context* context, const Frame* request, Frame* response) {
            return Begin<grpc::ServerUnaryReactor>(scripts, method, context, request, response);
          });
    case RpcMethod::CLIENT_STREAMING:
      return new grpc::internal::CallbackClientStreamingHandler<Frame, Frame>(
          [&method, scripts](Context* context, Frame* response) {
            return Begin<grpc::ServerReadReactor<Frame>>(scripts, method, context, nullptr,
                                                         response);
          });
    case RpcMethod::SERVER_STREAMING:
      return new grpc::internal::CallbackServerStreamingHandler<Frame, Frame>(
          [&method, scripts](Context* context, const Frame* request) {
            return Begin<grpc::ServerWriteReactor<Frame>>(scripts, method, context, request,
                                                          nullptr);
          });
    default:
      return new grpc::internal::CallbackBidiHandler<Frame, Frame>(
          [&method, scripts](Context* context) {
            return Begin<grpc::ServerBidiReactor<Frame, Frame>>(scripts, method, context, nullptr,
                                                                nullptr);
          });
  }
}

}  // namespace

AnyService::AnyService(std::shared_ptr<const Types> types, Scripts* scripts)
    : types_(std::move(types)) {
  int index = 0;
  for (const auto& [path, method] : types_->methods()) {
    AddMethod(new RpcServiceMethod(path.c_str(), method.kind, nullptr));
    MarkMethodCallback(index++, NewHandler(method, scripts));
  }
}

}  // namespace stitch
