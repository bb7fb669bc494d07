# frozen_string_literal: true

require 'stitch/harness/notation'

module Stitch
  module Harness
    # What the server does with calls that name it, by name.
    class Scripts
      STEPS = %i[headers receive send waitMs end].freeze

      def initialize
        @by_name = {}
      end

      # Keeps a script until one of the same name comes, or forgets it when it has no steps. Raises UnknownError.
      def keep(script)
        Notation.compression(script[:compression])
        steps = Notation.steps(script[:steps], STEPS)
        steps.empty? ? @by_name.delete(script.fetch(:name)) : @by_name[script.fetch(:name)] = script
      end

      def [](name) = @by_name[name]
    end
  end
end
