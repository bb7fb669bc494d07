// The client's channels.
#ifndef STITCH_SRC_CHANNELS_H_
#define STITCH_SRC_CHANNELS_H_

#include <grpcpp/channel.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "peer.pb.h"

namespace stitch {

// One channel for each content, made when it is first named.
class Channels {
 public:
  std::shared_ptr<grpc::Channel> Of(const peer::Channel& told);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> by_content_;
};

}  // namespace stitch

#endif  // STITCH_SRC_CHANNELS_H_
