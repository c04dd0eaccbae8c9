#pragma once

#include <cstdint>
#include <vector>

#include "sim/dice.hpp"
#include "traffic/demand.hpp"

namespace chorraha::sim {

/// Poisson arrivals with a flow that is constant within each interval, repeated day after day.
/// Units: seconds since the first local midnight.
class PoissonStream {
 public:
  /// `who` names the stream; two streams with one purpose need two names.
  PoissonStream(std::vector<RouteFlow::Interval> intervals, double scale, Purpose purpose,
                std::uint64_t who);

  /// Forgets everything and starts at `begin_s`.
  void start(const Dice& dice, double begin_s);
  /// The next arrival; infinity if there is none any more.
  [[nodiscard]] double next_s() const { return next_s_; }
  /// Takes it, and finds the one after.
  void take(const Dice& dice);

 private:
  // In the period that begins at base_s: takes off what comes before.
  bool take_within(double base_s, double& vehicles);

  std::vector<RouteFlow::Interval> intervals_;
  double scale_;
  Purpose purpose_;
  std::uint64_t who_;
  double period_s_;  // after which the intervals begin again
  std::uint64_t taken_ = 0;
  double next_s_ = 0;
};

}  // namespace chorraha::sim
