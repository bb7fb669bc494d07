#include "lines.h"

#include <google/protobuf/util/json_util.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace stitch {

std::optional<std::string> LineReader::Next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = buffer_.size();
    if (has_ended_ || !Read()) {
      has_ended_ = true;
      searched_ = 0;
      if (buffer_.empty()) return std::nullopt;
      return std::exchange(buffer_, "");
    }
  }
}

bool LineReader::Read() {
  std::array<pollfd, 2> either = {pollfd{input_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
  while (poll(either.data(), either.size(), -1) < 0) {
    if (errno != EINTR) return false;
  }
  if (either[1].revents != 0) {
    buffer_.clear();  // A part of a line.
    return false;
  }
  std::array<char, 1 << 16> some;
  const ssize_t size = read(input_, some.data(), some.size());
  if (size <= 0) return false;
  buffer_.append(some.data(), size);
  return true;
}

void LineWriter::Write(const peer::LineOut& line) {
  std::string text;
  google::protobuf::util::MessageToJsonString(line, &text);
  text += '\n';
  const std::lock_guard lock(mutex_);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t size = write(output_, rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return;
    rest.remove_prefix(size);
  }
}

std::optional<peer::LineIn> ParseLine(const std::string& text) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  peer::LineIn line;
  const bool is_line = google::protobuf::util::JsonStringToMessage(text, &line, options).ok();
  if (!is_line || line.id().empty()) return std::nullopt;
  return line;
}

}  // namespace stitch
