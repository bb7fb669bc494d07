// What the lines tell, as the library has it, and the other way round.
// proto/peer.proto says what each member means.
#ifndef STITCH_SRC_CONTRACT_H_
#define STITCH_SRC_CONTRACT_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/string_ref.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "peer.pb.h"

namespace stitch {

template <typename T>
using Repeated = google::protobuf::RepeatedPtrField<T>;

std::chrono::system_clock::time_point In(double milliseconds);

double MillisecondsSince(std::chrono::steady_clock::time_point start);

// The text, with U+FFFD in place of what is not UTF-8.
std::string Utf8(const grpc::string_ref& text);

peer::Status Tell(const grpc::Status& status);
Repeated<peer::Metadatum> Tell(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);
// Adds the message, or counts it when it is equal to the last one.
void Tell(const google::protobuf::Message& message, Repeated<peer::Message>* messages);

grpc::Status StatusOf(const peer::Status& told);

const std::string& ValueOf(const peer::Metadatum& entry);

// Names the first entry that the library would not send, or is empty. The
// library itself would end the program over it.
std::string Unsendable(const Repeated<peer::Metadatum>& metadata);

// Parses what is to be sent. Null when the runtime would not.
std::unique_ptr<google::protobuf::Message> Parse(const google::protobuf::Message& like,
                                                 const std::string& bytes);

// What the runtime says of a message that it would not parse, in our words: it
// has none.
std::string Unusable(const google::protobuf::Message& message);

// Adds the arguments that a channel and a listener have in common.
void AddKeepalive(const peer::Keepalive& keepalive, grpc::ChannelArguments* arguments);

}  // namespace stitch

#endif  // STITCH_SRC_CONTRACT_H_
