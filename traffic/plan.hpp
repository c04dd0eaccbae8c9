#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Sequence of a plan: the epoch is raised and kept on disk at each centre start, numbers ascend in
/// it.
struct PlanSequence {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const PlanSequence&, const PlanSequence&) = default;
};

/// Why a stage stands in a horizon plan; shown to people as it is.
enum class StageReason : std::uint8_t {
  serve_queue,  // who waits there costs most
  platoon,      // arrivals from a neighbour, or seen upstream
  call,         // a pedestrian or a single call
  wait_limit,   // SAFETY.md A12
  rest,         // nobody else asks
};
[[nodiscard]] std::string_view name_of(StageReason reason);

/// One stage of a horizon plan; times are the controller's own Ticks. Its start is never sent: it
/// is the previous end plus the interstage. Equal bounds = fixed; between them actuation decides.
struct HorizonStage {
  StageIndex stage;
  Tick end_earliest;
  Tick end_latest;
  bool skippable = false;
  StageReason reason = StageReason::rest;
  friend bool operator==(const HorizonStage&, const HorizonStage&) = default;
};

/// A lease of the next stages. The first is the stage lit (or being entered) at `built_on`; after
/// the last the controller rests in it until the lease ends or a later plan comes.
struct HorizonPlan {
  static constexpr std::size_t stages_max = 8;
  IntersectionId intersection;
  ConfigHash config_hash;
  BootId boot{};
  Tick built_on;
  PlanSequence sequence;
  Tick lease_until;                  // 1 to 120 s after built_on
  std::vector<HorizonStage> stages;  // 1 to stages_max
  friend bool operator==(const HorizonPlan&, const HorizonPlan&) = default;
};

/// Extends the lease of plan `of` unchanged. Carries its own sequence number, boot and report Tick.
struct Renew {
  IntersectionId intersection;
  BootId boot{};
  Tick built_on;
  PlanSequence sequence;
  PlanSequence of;
  Tick lease_until;
  friend bool operator==(const Renew&, const Renew&) = default;
};

/// A fixed-time program in force from `valid_from` on; no lease.
struct TimetablePlan {
  IntersectionId intersection;
  ConfigHash config_hash;
  BootId boot{};
  Tick built_on;
  PlanSequence sequence;
  Instant valid_from;
  Timetable timetable;
  friend bool operator==(const TimetablePlan&, const TimetablePlan&) = default;
};

using Plan = std::variant<HorizonPlan, Renew, TimetablePlan>;

/// Why a controller refused: the rule of SAFETY.md, the thing, the value seen and the value
/// allowed.
struct Refusal {
  std::string rule;  // "E1", "A11", "starting"
  std::string thing;
  std::string seen;
  std::string allowed;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A controller's answer to one plan.
struct PlanAnswer {
  IntersectionId intersection;
  BootId boot{};
  PlanSequence sequence;
  Tick answered_at;
  std::vector<Refusal> refusals;  // empty = accepted
  [[nodiscard]] bool accepted() const { return refusals.empty(); }
  friend bool operator==(const PlanAnswer&, const PlanAnswer&) = default;
};

}  // namespace chorraha
