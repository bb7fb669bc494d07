# frozen_string_literal: true

require 'expirement_services_pb'
require 'stitch/person/channel'

module Stitch
  module Person
    # The client that a person runs.
    module Client
      TIMEOUT_SECONDS = 10

      # Looks each name up at each address, and prints what came; returns the exit code, 0 when every call was OK.
      def self.run(addresses, names)
        $stdout.sync = true
        were_ok = addresses.flat_map do |address|
          puts address unless addresses.one?
          stub = Manage::Stub.new(address, :this_channel_is_insecure, channel_args: CHANNEL_ARGS)
          names.map { |name| pick(stub, name, addresses.one? ? '' : "#{address}: ") }
        end
        were_ok.all? ? 0 : 1
      end

      def self.pick(stub, name, before)
        row = stub.pick_one(NameRequest.new(name:), deadline: Time.now + TIMEOUT_SECONDS)
        # A blank follows the name and the id.
        puts 'Expirement:', "---Name:#{row.name} ", "---ID:#{row.id} ", "---Skill:#{row.skill}"
        true
      rescue GRPC::BadStatus => e
        warn "#{before}#{Person.sentence(e)}"
        false
      end

      private_class_method :pick
    end
  end
end
