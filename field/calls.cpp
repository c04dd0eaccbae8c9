#include "field/calls.hpp"

namespace chorraha {
namespace {
constexpr Tick never_seen{Ticks{-1'000'000}};
}

CallKeeper::CallKeeper(const IntersectionConfig& config)
    : called_since_(config.groups().size()),
      extended_(config.groups().size(), never_seen),
      vehicles_(config.all_groups() - config.pedestrians()) {
  for (const DetectorUse& use : config.detectors()) {
    use_by_id_.emplace(use.id, uses_.size());
    uses_.push_back(Use{use.role, use.calls});
    if (use.role == DetectorUse::Role::button) calls_.on_demand = calls_.on_demand | use.calls;
    if (use.role == DetectorUse::Role::call_and_extend) calls_.sensed = calls_.sensed | use.calls;
  }
}

void CallKeeper::see(Tick now, const Detection& detection) {
  const auto found = use_by_id_.find(detection.detector);
  if (found == use_by_id_.end()) return;
  Use& use = uses_[found->second];
  if (use.role == DetectorUse::Role::count_only) return;
  use.occupied = detection.kind == Detection::Kind::on;
  if (detection.kind != Detection::Kind::off) kept_ = kept_ | use.groups;
  if (use.role == DetectorUse::Role::button) {
    use.occupied = false;  // a press is one call, however long it lasts
    return;
  }
  for (const GroupIndex g : use.groups) extended_[g.value()] = now;
}

const Calls& CallKeeper::step(Tick now, std::span<const Detection> seen, GroupSet sighted,
                              GroupSet green) {
  for (const Detection& detection : seen) see(now, detection);
  for (const Use& use : uses_) {
    if (!use.occupied) continue;
    kept_ = kept_ | use.groups;
    for (const GroupIndex g : use.groups) extended_[g.value()] = now;
  }
  if (!sighted.empty()) calls_.sensed = calls_.sensed | vehicles_;  // full sensing sees them all
  for (const GroupIndex g : sighted) extended_[g.value()] = now;

  kept_ = kept_ - green;
  const GroupSet called = (kept_ | sighted) - green;
  for (const GroupIndex g : called - calls_.called) called_since_[g.value()] = now;
  calls_.called = called;
  calls_.extending = GroupSet{};
  for (std::size_t g = 0; g < extended_.size(); ++g) {
    if (now - extended_[g] < extension_gap) calls_.extending.insert(GroupIndex{g});
  }
  return calls_;
}

}  // namespace chorraha
