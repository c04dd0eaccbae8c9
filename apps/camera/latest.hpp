#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace chorraha {

/// One slot between two threads, where the newest wins: what was not taken in time is dropped.
template <class T>
class Latest {
 public:
  void put(T value) {
    {
      const std::scoped_lock lock(guards_value_);
      value_ = std::move(value);
    }
    arrived_.notify_one();
  }

  /// Waits for a value; none when asked to stop.
  [[nodiscard]] std::optional<T> wait(const std::stop_token& stop) {
    std::unique_lock lock(guards_value_);
    if (!arrived_.wait(lock, stop, [this] { return value_.has_value(); })) return std::nullopt;
    return std::exchange(value_, std::nullopt);
  }

  [[nodiscard]] std::optional<T> take() {
    const std::scoped_lock lock(guards_value_);
    return std::exchange(value_, std::nullopt);
  }

 private:
  std::mutex guards_value_;
  std::condition_variable_any arrived_;
  std::optional<T> value_;
};

}  // namespace chorraha
