# frozen_string_literal: true

require 'json'

module Stitch
  module Harness
    # Lines: one JSON object each, over standard input and output.
    module Lines
      WRITING = Mutex.new
      $stdout.sync = true

      # Hands each line of standard input to the block, until the input ends or SIGTERM or SIGINT says stop.
      def self.each
        lines = Thread::Queue.new
        $stdin.set_encoding(Encoding::UTF_8)
        %w[INT TERM].each { |name| trap(name) { lines.close } }
        Thread.new do
          $stdin.each_line { |line| lines << line }
          lines.close
        rescue ClosedQueueError
          # A signal was first.
        end
        while (line = lines.pop)
          yield line
        end
      end

      # Returns the object that a line is, with symbols for keys; nil when it is none.
      def self.parse(line)
        object = JSON.parse(line, symbolize_names: true) if line.valid_encoding?
        object if object.is_a?(Hash)
      rescue JSON::ParserError
        nil
      end

      # Writes the object as one line, whole, though the thread be killed meanwhile.
      def self.write(object)
        line = JSON.generate(object, ascii_only: true) << "\n"
        Thread.handle_interrupt(Object => :never) do
          WRITING.synchronize { $stdout.write(line) }
        end
      rescue Errno::EPIPE
        # Nobody reads any more. That the program is to stop comes over standard input.
      end
    end
  end
end
