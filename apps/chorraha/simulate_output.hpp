#pragma once

#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "apps/chorraha/scenario.hpp"
#include "apps/chorraha/simulate.hpp"
#include "twin/closed_loop.hpp"
#include "twin/figures.hpp"

namespace chorraha {

/// `--signals FILE.csv`: time, intersection, state string at every change, as the street showed it.
/// State: a SUMO letter a link where the network has them, else one a group.
class SignalsFile {
 public:
  SignalsFile(const std::string& file, std::uint64_t seed, const Scenario& scenario);
  [[nodiscard]] bool wanted() const { return !file_.empty(); }
  void add(const ShownState& shown);
  void add(Instant at, IntersectionIndex intersection, std::string letters);
  [[nodiscard]] Done write() const;

 private:
  std::string file_;
  const Scenario* scenario_;
  std::vector<std::string> last_;  // by IntersectionIndex
  std::string rows_;
};

/// `--trips FILE.csv`; nothing if `file` is empty. Fault cannot_run if the disk refuses.
Done write_trips(const std::string& file, std::uint64_t seed, const Scenario& scenario,
                 std::span<const TripRecord> trips);

/// A table for people, or the one JSON object of docs/cli.md.
Done print_figures(const SimulateOptions& options, const Scenario& scenario,
                   std::span<const RunFigures> runs);

[[nodiscard]] bool is_terminal(FILE* stream);

}  // namespace chorraha
