# frozen_string_literal: true

require 'expirement_services_pb'
require 'google/protobuf/descriptor_pb'

module Stitch
  module Harness
    # A method of a service. Its messages are classes of the protobuf runtime.
    RpcMethod = Struct.new(:service, :name, :request, :response, :client_streaming, :server_streaming) do
      def path = "/#{service}/#{name}"

      # What the library calls this kind of method.
      def kind
        if client_streaming
          server_streaming ? :bidi_streamer : :client_streamer
        else
          server_streaming ? :server_streamer : :request_response
        end
      end
    end

    # The methods that can be called and served, by path.
    module Types
      PICK_ONE = RpcMethod.new('Manage', 'PickOne', NameRequest, Expirement, false, false)
      PLAIN = { PICK_ONE.path => PICK_ONE }.freeze

      # Returns the methods of a serialized FileDescriptorSet, and that of the plain service.
      def self.load(set)
        pool = Google::Protobuf::DescriptorPool.new
        files = Google::Protobuf::FileDescriptorSet.decode(set).file
        files.each do |file|
          pool.add_serialized_file(file.class.encode(file))
          make_classes(file.message_type, file.package, pool)
        end
        methods = files.flat_map { |file| methods_of(file, pool) }
        PLAIN.merge(methods.to_h { |method| [method.path, method] })
      end

      # The runtime makes a class when it is asked for. `inspect`, which the library calls for its log,
      # crashes where a message within a message has none yet.
      def self.make_classes(messages, scope, pool)
        messages.each do |message|
          name = full_name(scope, message.name)
          pool.lookup(name).msgclass
          make_classes(message.nested_type, name, pool)
        end
      end

      def self.methods_of(file, pool)
        file.service.flat_map do |service|
          name = full_name(file.package, service.name)
          # Every object of Ruby has a `method`, so that the field of this name is got by its name.
          service['method'].map do |method|
            types = [method.input_type, method.output_type].map { |type| pool.lookup(type.delete_prefix('.')).msgclass }
            RpcMethod.new(name, method.name, *types, method.client_streaming, method.server_streaming)
          end
        end
      end

      def self.full_name(scope, name) = scope.empty? ? name : "#{scope}.#{name}"

      private_class_method :make_classes, :methods_of, :full_name
    end
  end
end
