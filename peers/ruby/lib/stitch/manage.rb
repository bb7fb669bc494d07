# frozen_string_literal: true

require 'grpc'
require 'expirement_services_pb'
require 'stitch/table'

module Stitch
  # The service as its users know it: answers from the table.
  class ManageService < Manage::Service
    # Returns the row of that name, or ends the call with NOT_FOUND.
    def pick_one(request, _call)
      Table.find(request.name) or raise GRPC::NotFound, 'expirement not found'
    end
  end
end
