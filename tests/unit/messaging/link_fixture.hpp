#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <unistd.h>

#include "messaging/link/keys.hpp"
#include "messaging/link/link_context.hpp"

namespace chorraha::test {

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "chorraha_link_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Real sockets on loopback, one thread, and a steady clock that the test may push ahead.
class Wire {
 public:
  /// Runs the loop until `condition` holds or 10 s are over; whether it holds.
  template <class Condition>
  [[nodiscard]] bool run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    bool holds = condition();
    while (!holds && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds{50});
      holds = condition();
    }
    return holds;
  }

  [[nodiscard]] LinkClocks clocks() {
    LinkClocks given;
    given.steady = [this] { return steady; };
    given.utc = [] { return Instant{std::chrono::hours{24 * 365 * 50}}; };
    return given;
  }
  [[nodiscard]] OnTrouble note_trouble() {
    return [this](const Fault& fault) { troubles.push_back(fault.text()); };
  }
  [[nodiscard]] bool troubled_by(const std::string& words) const {
    for (const std::string& trouble : troubles)
      if (trouble.find(words) != std::string::npos) return true;
    return false;
  }
  void make_keys(const std::vector<std::string>& names) const {
    for (const std::string& name : names)
      if (!store.make(name)) std::abort();
  }

  Folder folder;
  KeyStore store{folder.path() / "keys"};
  boost::asio::io_context io;
  Tick steady{Ticks{1000}};
  std::vector<std::string> troubles;
};

}  // namespace chorraha::test
