// Coroutines over the library's completions.
#ifndef STITCH_SRC_TASK_H_
#define STITCH_SRC_TASK_H_

#include <atomic>
#include <coroutine>
#include <exception>
#include <utility>

namespace stitch {

// The end of one operation of the library: set once, by any thread, and awaited
// by one coroutine, which goes on in the thread that sets it.
class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  // Whoever awaits it may have destroyed it when this returns.
  void Set(bool ok) {
    ok_ = ok;
    if (void* waiting = state_.exchange(this); waiting != nullptr) {
      std::coroutine_handle<>::from_address(waiting).resume();
    }
  }

  bool await_ready() const noexcept { return state_.load() == this; }
  bool await_suspend(std::coroutine_handle<> waiting) noexcept {
    void* unset = nullptr;
    return state_.compare_exchange_strong(unset, waiting.address());
  }
  // Whether the operation went well.
  bool await_resume() const noexcept { return ok_; }

 private:
  // Null, then what awaits it, if anything does, then this, once it is set.
  std::atomic<void*> state_ = nullptr;
  bool ok_ = false;
};

// A coroutine that another one awaits, for a T. It begins when it is awaited.
template <typename T>
class [[nodiscard]] Task {
 public:
  class promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  class promise_type {
   public:
    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept { return Return(); }
    void return_value(T value) { value_ = std::move(value); }
    void unhandled_exception() { std::terminate(); }

   private:
    friend class Task;

    struct Return : std::suspend_always {
      std::coroutine_handle<> await_suspend(Handle ended) noexcept {
        return ended.promise().awaiting_;
      }
    };

    std::coroutine_handle<> awaiting_;
    T value_{};
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting_ = awaiting;
    return handle_;
  }
  T await_resume() { return std::move(handle_.promise().value_); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

// A coroutine that nobody awaits: it begins at once, and frees itself.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

}  // namespace stitch

#endif  // STITCH_SRC_TASK_H_
