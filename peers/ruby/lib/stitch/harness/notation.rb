# frozen_string_literal: true

require 'grpc'

module Stitch
  module Harness
    # A line has something that this peer does not know. The message names it.
    class UnknownError < StandardError; end

    # How the lines spell what the library has: bytes, metadata, statuses.
    module Notation
      # The core takes this key for what is to be done with the call's messages, and does not send it.
      COMPRESSION = 'grpc-internal-encoding-request'

      module_function

      def base64(bytes) = [bytes].pack('m0')

      def bytes(base64) = base64.unpack1('m0')

      # Text as the library gives it: bytes, which need not be UTF-8.
      def text(bytes) = bytes.dup.force_encoding(Encoding::UTF_8).scrub("\uFFFD")

      # Spells metadata as the library gives it: a string for each key, or several.
      def spell_metadata(metadata)
        metadata.to_h.flat_map do |key, values|
          Array(values).map do |value|
            key.end_with?('-bin') ? { key:, binary: base64(value) } : { key:, text: text(value) }
          end
        end
      end

      # Reads entries as the library takes them.
      def read_metadata(entries)
        entries.to_a.group_by { |entry| entry[:key] }.transform_values do |several|
          several.map { |entry| entry[:binary] ? bytes(entry[:binary]) : entry.fetch(:text, '') }
        end
      end

      # Spells a status as the library gives it. Its details are those that it can read.
      def spell_status(status)
        details = begin
          GRPC::GoogleRpcStatusUtils.extract_google_rpc_status(status)
        rescue Google::Protobuf::ParseError
          nil
        end
        spelled = { code: status.code, message: text(status.details) }
        details ? spelled.merge(details: base64(details.class.encode(details))) : spelled
      end

      # The metadata with which the library compresses the messages of a call. Raises UnknownError.
      def compression(name)
        case name
        when nil, '' then {}
        when 'gzip' then { COMPRESSION => 'gzip' }
        else raise UnknownError, "compression #{name.inspect}"
        end
      end

      # Returns the steps; raises UnknownError for one of which nothing is known.
      def steps(all, known)
        all.to_a.each do |step|
          raise UnknownError, "step #{step.keys.join(', ')}" unless step.keys.intersect?(known)
        end
      end

      # Says what went wrong, for a person.
      def sentence(error)
        error.is_a?(UnknownError) ? error.message : "#{error.class}: #{error.message}"
      end
    end
  end
end
