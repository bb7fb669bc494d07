// Methods that are called and served, and the types of their messages.
#ifndef STITCH_SRC_TYPES_H_
#define STITCH_SRC_TYPES_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/impl/rpc_method.h>

#include <map>
#include <string>
#include <string_view>

#include "frame.h"

namespace stitch {

struct Method {
  std::string path;  // "/Manage/PickOne"
  grpc::internal::RpcMethod::RpcType kind;
  bool streams_requests;
  bool streams_responses;
  // What their messages are made like.
  const google::protobuf::Message* request;
  const google::protobuf::Message* response;
};

// The methods of some services, and those of the plain one. They do not change,
// and their messages must not outlive them.
class Types {
 public:
  // The path of the plain service's method. Its messages are generated.
  static constexpr std::string_view kPickOne = "/Manage/PickOne";

  // Those of a serialized google.protobuf.FileDescriptorSet. Throws
  // std::invalid_argument when it does not hold together.
  explicit Types(const std::string& files = "");
  Types(const Types&) = delete;
  Types& operator=(const Types&) = delete;

  // By path.
  const std::map<std::string, Method>& methods() const { return methods_; }
  // The method of that path, or nullptr.
  const Method* Find(const std::string& path) const;

 private:
  void Add(const google::protobuf::FileDescriptor& file,
           google::protobuf::MessageFactory* messages);

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory messages_;
  std::map<std::string, Method> methods_;
};

}  // namespace stitch

#endif  // STITCH_SRC_TYPES_H_
