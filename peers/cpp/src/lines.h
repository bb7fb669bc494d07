// The lines, in and out.
#ifndef STITCH_SRC_LINES_H_
#define STITCH_SRC_LINES_H_

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "peer.pb.h"

namespace stitch {

// Reads lines of any length.
class LineReader {
 public:
  // Reads `input` until it ends, or until `stop` can be read.
  LineReader(int input, int stop) : input_(input), stop_(stop) {}

  // The next line, the last one even when no line feed ends it; none at the
  // end.
  std::optional<std::string> Next();

 private:
  // Reads some more. False at the end.
  bool Read();

  const int input_;
  const int stop_;
  std::string buffer_;
  std::size_t searched_ = 0;
  bool has_ended_ = false;
};

// Writes lines for any number of threads.
class LineWriter {
 public:
  explicit LineWriter(int output) : output_(output) {}

  // Writes the line in one piece, and does not keep it back. What cannot be
  // written is lost: the harness may have gone.
  void Write(const peer::LineOut& line);

 private:
  const int output_;
  std::mutex mutex_;
};

// The line that the text is. None when it is no JSON object with an id.
std::optional<peer::LineIn> ParseLine(const std::string& text);

}  // namespace stitch

#endif  // STITCH_SRC_LINES_H_
