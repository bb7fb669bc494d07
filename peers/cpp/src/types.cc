#include "types.h"

#include <google/protobuf/descriptor.pb.h>

#include <stdexcept>

#include "expirement.pb.h"

namespace stitch {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using grpc::internal::RpcMethod;

class Errors : public DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element, const Message* /*descriptor*/,
                ErrorLocation /*location*/, const std::string& message) override {
    text_ += (text_.empty() ? "" : "; ") + file + ": " + element + ": " + message;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

RpcMethod::RpcType KindOf(const MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

}  // namespace

Types::Types(const std::string& files) : messages_(&pool_) {
  FileDescriptorSet set;
  if (!set.ParseFromString(files)) {
    throw std::invalid_argument("the types are no FileDescriptorSet");
  }
  for (const FileDescriptorProto& file : set.file()) {
    Errors errors;
    const FileDescriptor* built = pool_.BuildFileCollectingErrors(file, &errors);
    if (built == nullptr) throw std::invalid_argument(errors.text());
    Add(*built, &messages_);
  }
  Add(*NameRequest::descriptor()->file(), MessageFactory::generated_factory());
}

const Method* Types::Find(const std::string& path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

void Types::Add(const FileDescriptor& file, MessageFactory* messages) {
  for (int s = 0; s < file.service_count(); ++s) {
    const ServiceDescriptor& service = *file.service(s);
    for (int m = 0; m < service.method_count(); ++m) {
      const MethodDescriptor& method = *service.method(m);
      const std::string path = "/" + service.full_name() + "/" + method.name();
      methods_.insert_or_assign(
          path, Method{path, KindOf(method), method.client_streaming(), method.server_streaming(),
                       messages->GetPrototype(method.input_type()),
                       messages->GetPrototype(method.output_type())});
    }
  }
}

}  // namespace stitch
