# frozen_string_literal: true

require 'stitch/harness/notation'

module Stitch
  module Harness
    # Messages of a record, serialized by the protobuf runtime. Equal ones in a row are one entry.
    class Messages
      def initialize
        @entries = []
      end

      def <<(message)
        bytes = message.class.encode(message)
        if bytes == @last
          @entries.last[:times] += 1
        else
          @last = bytes
          @entries << { bytes: Notation.base64(bytes), times: 1 }
        end
        self
      end

      def to_json(*state) = @entries.to_json(*state)
    end
  end
end
