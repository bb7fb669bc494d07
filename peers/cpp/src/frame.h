// Messages of types that are known only at run time.
#ifndef STITCH_SRC_FRAME_H_
#define STITCH_SRC_FRAME_H_

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <memory>

namespace stitch {

// A message, as the library's templates want one type for: what a generated
// class is to them otherwise.
struct Frame {
  Frame() = default;
  // Has an empty message like that one.
  explicit Frame(const google::protobuf::Message* like) : message(like->New()) {}

  // None when the library made the frame itself, of no type.
  std::unique_ptr<google::protobuf::Message> message;
  // What came for a frame without a message.
  grpc::ByteBuffer bytes;
  // Something came, and the runtime could parse it.
  bool came = false;
  bool is_parsed = false;
};

}  // namespace stitch

template <>
class grpc::SerializationTraits<stitch::Frame> {
  using Messages = SerializationTraits<google::protobuf::Message>;

 public:
  static Status Serialize(const stitch::Frame& frame, ByteBuffer* bytes, bool* is_ours) {
    if (frame.message == nullptr) {
      return {StatusCode::INTERNAL, "there is no message"};
    }
    return Messages::Serialize(*frame.message, bytes, is_ours);
  }

  static Status Deserialize(ByteBuffer* bytes, stitch::Frame* frame) {
    if (!bytes->Valid()) return {StatusCode::INTERNAL, "No payload"};
    frame->came = true;
    if (frame->message == nullptr) {
      frame->bytes.Swap(bytes);
      return Status::OK;
    }
    Status status = Messages::Deserialize(bytes, frame->message.get());
    frame->is_parsed = status.ok();
    return status;
  }
};

#endif  // STITCH_SRC_FRAME_H_
