#include "contract.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <algorithm>
#include <string_view>

namespace stitch {
namespace {

using google::protobuf::Message;
using std::chrono::duration;
using Milliseconds = duration<double, std::milli>;

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// How many bytes of the text its first character has, 0 when that is none.
std::size_t LengthOfFirst(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  for (std::size_t at = 1; at < length; ++at) {
    if (byte(at) < 0x80 || byte(at) > 0xBF) return 0;
  }
  // Neither longer than need be, nor a surrogate, nor beyond U+10FFFF.
  const bool is_bad = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                      (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F);
  return is_bad ? 0 : length;
}

bool IsBinary(std::string_view key) { return key.ends_with("-bin"); }

std::string Serialized(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::chrono::system_clock::time_point In(double milliseconds) {
  using std::chrono::system_clock;
  return system_clock::now() +
         std::chrono::duration_cast<system_clock::duration>(Milliseconds(milliseconds));
}

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return Milliseconds(std::chrono::steady_clock::now() - start).count();
}

std::string Utf8(const grpc::string_ref& text) {
  std::string valid;
  for (std::string_view rest = View(text); !rest.empty();) {
    const std::size_t length = LengthOfFirst(rest);
    valid += length > 0 ? rest.substr(0, length) : "\uFFFD";
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

peer::Status Tell(const grpc::Status& status) {
  peer::Status told;
  told.set_code(status.error_code());
  told.set_message(Utf8(status.error_message()));
  told.set_details(status.error_details());
  return told;
}

Repeated<peer::Metadatum> Tell(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Repeated<peer::Metadatum> told;
  for (const auto& [key, value] : metadata) {
    peer::Metadatum& entry = *told.Add();
    entry.set_key(Utf8(key));
    if (IsBinary(View(key))) {
      entry.set_binary(value.data(), value.size());
    } else {
      entry.set_text(Utf8(value));
    }
  }
  return told;
}

void Tell(const Message& message, Repeated<peer::Message>* messages) {
  std::string bytes = Serialized(message);
  if (!messages->empty()) {
    peer::Message& last = *messages->rbegin();
    if (last.bytes() == bytes) {
      last.set_times(std::max(last.times(), 1) + 1);
      return;
    }
  }
  messages->Add()->set_bytes(std::move(bytes));
}

grpc::Status StatusOf(const peer::Status& told) {
  return {static_cast<grpc::StatusCode>(told.code()), told.message(), told.details()};
}

const std::string& ValueOf(const peer::Metadatum& entry) {
  return entry.has_binary() ? entry.binary() : entry.text();
}

std::string Unsendable(const Repeated<peer::Metadatum>& metadata) {
  const auto slice = [](const std::string& text) {
    return grpc_slice_from_static_buffer(text.data(), text.size());
  };
  for (const peer::Metadatum& entry : metadata) {
    const bool is_sendable =
        grpc_header_key_is_legal(slice(entry.key())) != 0 &&
        (IsBinary(entry.key()) || grpc_header_nonbin_value_is_legal(slice(ValueOf(entry))) != 0);
    if (!is_sendable) return "illegal metadata: " + entry.key();
  }
  return "";
}

std::unique_ptr<Message> Parse(const Message& like, const std::string& bytes) {
  std::unique_ptr<Message> message(like.New());
  if (!message->ParseFromString(bytes)) return nullptr;
  return message;
}

std::string Unusable(const Message& message) { return "cannot parse " + message.GetTypeName(); }

void AddKeepalive(const peer::Keepalive& keepalive, grpc::ChannelArguments* arguments) {
  arguments->SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive.time_ms());
  arguments->SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive.timeout_ms());
  arguments->SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, keepalive.without_calls() ? 1 : 0);
  // The library sends two pings without data between them otherwise, five
  // minutes apart, and no more.
  arguments->SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments->SetInt(GRPC_ARG_HTTP2_MIN_SENT_PING_INTERVAL_WITHOUT_DATA_MS, keepalive.time_ms());
}

}  // namespace stitch
