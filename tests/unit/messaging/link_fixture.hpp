#pragma once

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "messaging/link/keys.hpp"
#include "messaging/link/link_context.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha::test {

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

  ScratchFolder folder;
  KeyStore store{folder.path() / "keys"};
  boost::asio::io_context io;
  Tick steady{Ticks{1000}};
  std::vector<std::string> troubles;
};

}  // namespace chorraha::test
