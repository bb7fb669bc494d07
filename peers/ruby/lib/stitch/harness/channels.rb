# frozen_string_literal: true

require 'grpc'
require 'json'
require 'stitch/harness/arguments'

module Stitch
  module Harness
    # The client's channels: one for each content that a call's `channel` has.
    class Channels
      ALWAYS = {
        # gRPC would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
        'grpc.enable_http_proxy' => 0,
        # Channels to one address share their connections otherwise, behind our back.
        'grpc.use_local_subchannel_pool' => 1
      }.freeze
      # The library has no option of a call for it, but the core has one of a channel.
      WAIT_FOR_READY = {
        'grpc.service_config' => JSON.generate(methodConfig: [{ name: [{}], waitForReady: true }])
      }.freeze

      def initialize
        @stubs = {}
        @making = Mutex.new
      end

      # Returns a stub on the channel of that content. Calls that wait for it to be ready have one of their own.
      def stub(channel, wait_for_ready)
        @making.synchronize { @stubs[[channel, wait_for_ready]] ||= make(channel, wait_for_ready) }
      end

      private

      def make(channel, wait_for_ready)
        tls = channel[:tls]
        arguments = ALWAYS.merge(Arguments.connection(channel), wait_for_ready ? WAIT_FOR_READY : {})
        name = Arguments.pem(tls[:serverName]) if tls
        arguments['grpc.ssl_target_name_override'] = name if name
        GRPC::ClientStub.new(channel.fetch(:address), credentials(tls), channel_args: arguments)
      end

      def credentials(tls)
        return :this_channel_is_insecure unless tls

        GRPC::Core::ChannelCredentials.new(*tls.values_at(:ca, :key, :cert).map { |text| Arguments.pem(text) })
      end
    end
  end
end
