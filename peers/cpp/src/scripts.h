// The scripts, and the records of the calls that they answer.
#ifndef STITCH_SRC_SCRIPTS_H_
#define STITCH_SRC_SCRIPTS_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "peer.pb.h"

namespace stitch {

// What the calls of all listeners share.
class Scripts {
 public:
  // Told of each call before the library has its status.
  using Report = std::function<void(const peer::Served&)>;

  explicit Scripts(Report report) : report_(std::move(report)) {}

  // Keeps a script, or forgets the one of its name when it has no steps. Throws
  // std::invalid_argument for something that is unknown.
  void Keep(const peer::Script& script);

  // The script of that name, or null.
  std::shared_ptr<const peer::Script> Find(const std::string& name) const;

  void Tell(const peer::Served& record) const { report_(record); }

  // A call that is not told of yet has ended under its handler, and was told
  // of.
  void BeginUntold();
  void EndUntold();
  // Returns when all calls that have ended are told of.
  void AwaitTold();

 private:
  const Report report_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const peer::Script>> by_name_;
  int untold_ = 0;
  std::condition_variable told_;
};

}  // namespace stitch

#endif  // STITCH_SRC_SCRIPTS_H_
