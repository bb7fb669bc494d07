# frozen_string_literal: true

require 'optparse'

module Stitch
  # The command line. Each command loads only what it needs: most of the time to the first line is loading.
  module Program
    USAGE = <<~TEXT
      usage: stitch-peer server [--host HOST] [--port PORT]
             stitch-peer client [--address HOST:PORT]… [NAME…]
             stitch-peer health [--address HOST:PORT]
             stitch-peer peer
    TEXT
    OPTIONS = { 'server' => %w[host port], 'client' => %w[address], 'health' => %w[address], 'peer' => [] }.freeze
    ADDRESS = '127.0.0.1:6000'

    module_function

    # Runs the command that the arguments name; returns the exit code.
    def run(arguments)
      command, *words = arguments
      said, names = parse(command, words)
      raise OptionParser::NeedlessArgument, names.first unless names.empty? || command == 'client'

      start(command, said, names)
    rescue OptionParser::ParseError => e
      warn "stitch-peer: #{e.message}", USAGE
      2
    end

    # Returns what was said of each option, and what is none.
    def parse(command, words)
      said = { 'host' => [], 'port' => [], 'address' => [] }
      known = OPTIONS[command] or raise OptionParser::InvalidArgument, "command #{command.inspect}"
      parser = OptionParser.new(USAGE)
      parser.require_exact = true
      known.each { |name| parser.on("--#{name} VALUE") { |value| said[name] << value } }
      [said, parser.parse(words)]
    end

    def start(command, said, names)
      case command
      when 'server'
        require 'stitch/person/server'
        Person::Server.run(said['host'].last || '127.0.0.1', port(said['port'].last || '6000'))
      when 'client'
        require 'stitch/person/client'
        Person::Client.run(given(said['address'], ADDRESS), given(names, 'Stitch'))
      when 'health'
        require 'stitch/person/health'
        Person::Health.run(said['address'].last || ADDRESS)
      when 'peer'
        require 'stitch/harness/peer'
        Harness::Peer.new.run
        # The core aborts when it is unloaded under a call that has not ended.
        exit!(true)
      end
    end

    def given(words, default) = words.empty? ? [default] : words

    def port(word)
      return word.to_i if word.match?(/\A\d{1,5}\z/) && word.to_i <= 65_535

      raise OptionParser::InvalidArgument, "--port #{word}"
    end
  end
end
