#include "channels.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "contract.h"

namespace stitch {
namespace {

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const peer::Channel& told) {
  if (!told.has_tls()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = told.tls().ca();
  options.pem_private_key = told.tls().key();
  options.pem_cert_chain = told.tls().cert();
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::Channel> NewChannel(const peer::Channel& told) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Channels to one address share their connections otherwise.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (told.has_keepalive()) AddKeepalive(told.keepalive(), &arguments);
  if (told.max_receive_bytes() > 0) {
    arguments.SetMaxReceiveMessageSize(told.max_receive_bytes());
  }
  if (!told.tls().server_name().empty()) {
    arguments.SetSslTargetNameOverride(told.tls().server_name());
  }
  return grpc::CreateCustomChannel(told.address(), CredentialsOf(told), arguments);
}

}  // namespace

std::shared_ptr<grpc::Channel> Channels::Of(const peer::Channel& told) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<grpc::Channel>& channel = by_content_[told.SerializeAsString()];
  if (channel == nullptr) channel = NewChannel(told);
  return channel;
}

}  // namespace stitch
