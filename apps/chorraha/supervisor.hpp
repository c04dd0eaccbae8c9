#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the name is Asio's
}

namespace chorraha {

/// One program to keep alive.
struct ChildProgram {
  std::string name;  // for people and for its log, var/log/NAME.log
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

/// Starts programs and starts them again when they die: after 1, 2, 4 … 30 s; a minute of life
/// forgives all. A child that ends with 2, 3 or 4 before it ever lived 5 s cannot run at all: that
/// is fatal.
/// Threads: everything on the io_context's thread. Children die with this process.
class Supervisor {
 public:
  struct Notices {
    std::function<void(const std::string& line)> say;                      // one line a step
    std::function<void(int exit_code, const std::string& message)> fatal;  // once
  };

  struct Patience {
    std::chrono::milliseconds first_pause{1000};  // doubles at each death
    std::chrono::milliseconds longest_pause{30'000};
    std::chrono::milliseconds life_that_forgives{60'000};
    std::chrono::milliseconds life_that_counts{5000};
    std::chrono::milliseconds at_stop{5000};
  };

  Supervisor(boost::asio::io_context& io, std::filesystem::path log_folder, Notices notices,
             const Patience& patience);
  Supervisor(boost::asio::io_context& io, std::filesystem::path log_folder, Notices notices)
      : Supervisor(io, std::move(log_folder), std::move(notices), Patience{}) {}
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  Supervisor(Supervisor&&) = delete;
  Supervisor& operator=(Supervisor&&) = delete;

  void start(ChildProgram program);

  /// Asks all to stop, newest first, and kills after 5 s what did not; then calls `done`, once.
  void stop(std::function<void()> done);

 private:
  struct Child;
  void launch(Child& child);
  void ended(Child& child);
  void fail(int exit_code, const std::string& message);
  void stop_if_all_ended();

  boost::asio::io_context& io_;
  std::filesystem::path log_folder_;
  Notices notices_;
  Patience patience_;
  std::vector<std::unique_ptr<Child>> children_;
  bool stopping_ = false;
  bool failed_ = false;
  std::function<void()> done_;
  struct Deadline;
  std::unique_ptr<Deadline> deadline_;
};

/// The last line of a log, for the message of a child that could not start.
[[nodiscard]] std::string last_line(const std::filesystem::path& file);

}  // namespace chorraha
