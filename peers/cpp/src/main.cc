// The C++ peer: a client and a server of any service for the interop harness,
// and of the plain service for a person.
#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "peer.h"
#include "person.h"

namespace {

constexpr std::string_view kUsage =
    "usage:\n"
    "  stitch-cpp server [--host HOST] [--port PORT]\n"
    "  stitch-cpp client [--address HOST:PORT]... [NAME...]\n"
    "  stitch-cpp health [--address HOST:PORT]\n"
    "  stitch-cpp peer\n";

struct Arguments {
  // By name, with their defaults before, and what was said after, in order.
  std::map<std::string, std::vector<std::string>> options;
  std::vector<std::string> names;
};

// Reads the words behind a command. None when they are not understood.
std::optional<Arguments> Parse(const std::vector<std::string>& words, Arguments arguments,
                               bool takes_names) {
  std::set<std::string> said;
  for (auto word = words.begin(); word != words.end(); ++word) {
    const auto option = arguments.options.find(*word);
    if (option != arguments.options.end()) {
      if (++word == words.end()) return std::nullopt;
      if (said.insert(option->first).second) option->second.clear();
      option->second.push_back(*word);
    } else if (takes_names && !word->starts_with('-')) {
      arguments.names.push_back(*word);
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

std::optional<int> ParsePort(const std::string& word) {
  int port = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, port);
  const bool is_port = error == std::errc() && rest == end && port >= 0 && port <= 65535;
  return is_port ? std::optional(port) : std::nullopt;
}

// Does what the arguments say, and returns the exit code. None when they are
// not understood.
std::optional<int> Run(const std::string& command, const std::vector<std::string>& words) {
  const std::map<std::string, std::vector<std::string>> address = {
      {"--address", {"127.0.0.1:6000"}}};
  if (command == "server") {
    const auto said = Parse(words, {{{"--host", {"127.0.0.1"}}, {"--port", {"6000"}}}, {}}, false);
    if (!said) return std::nullopt;
    const auto port = ParsePort(said->options.at("--port").back());
    if (!port) return std::nullopt;
    return stitch::Serve(said->options.at("--host").back(), *port);
  }
  if (command == "client") {
    auto said = Parse(words, {address, {}}, true);
    if (!said) return std::nullopt;
    if (said->names.empty()) said->names = {"Stitch"};
    return stitch::LookUp(said->options.at("--address"), said->names);
  }
  if (command == "health") {
    const auto said = Parse(words, {address, {}}, false);
    if (!said) return std::nullopt;
    return stitch::CheckHealth(said->options.at("--address").back());
  }
  if (command == "peer" && words.empty()) stitch::RunPeer();
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty()) {
    const auto exit_code = Run(words[0], {words.begin() + 1, words.end()});
    if (exit_code) return *exit_code;
  }
  std::cerr << "the arguments are not understood\n" << kUsage;
  return 2;
}
