#pragma once

#include <cstdint>
#include <string>

#include "traffic/detection.hpp"
#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// Follows the chain from a camera (or a loop) to the lamps of its junction: counted, planned with
/// it, accepted, shown. What was reached last is kept; the first missing link is named.
/// Order:   as things happen; a plan made before the first count is never taken for one made of it.
/// Threads: one owner.
class Chain {
 public:
  enum class Counts : std::uint8_t { by_camera, by_loops };
  Chain(IntersectionId intersection, IntersectionConfig config, Counts counts = Counts::by_camera);

  void counted();                       // a vehicle at this junction
  void planned(PlanSequence sequence);  // a plan was made and sent
  void answered(const PlanAnswer& answer);
  void reported(const StateReport& report);

  struct State {
    std::uint64_t counts = 0;
    std::string plan;   // "EPOCH/NUMBER" of a plan made from counts that was shown
    std::string lamps;  // "stage B: g3 g4 green"
    IntersectionId intersection;
    std::string missing;  // the first link that has not been seen yet; empty: the chain is closed
  };
  [[nodiscard]] State state() const;

 private:
  IntersectionId intersection_;
  IntersectionConfig config_;
  Counts how_counted_;
  std::uint64_t counts_ = 0;
  PlanSequence first_;  // made after the first count
  PlanSequence sent_;   // latest
  PlanSequence accepted_;
  bool planned_ = false;
  bool was_accepted_ = false;
  std::string refusal_;  // the latest, while none was accepted
  std::string plan_;
  std::string lamps_;
};

}  // namespace chorraha
