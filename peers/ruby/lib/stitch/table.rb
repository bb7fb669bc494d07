# frozen_string_literal: true

require 'expirement_pb'

module Stitch
  # The table that every server knows.
  module Table
    ROWS = [
      ['Cyber', 'breaking'],
      ['Shrink', 'short-flying'],
      ['Doubledip', 'filting anying'],
      ['Howcome', 'making why'],
      ['Squawk', 'advanced language skill'],
      ['Truxx', 'seting up heavy machine'],
      ['Gigi', 'touching ur heart'],
      ['Stitch', 'making annoyed noise']
    ].each_with_index.to_h { |(name, skill), id| [name, Expirement.new(name:, id:, skill:)] }.freeze

    # Returns the row of exactly that name, or nil.
    def self.find(name) = ROWS[name]
  end
end
