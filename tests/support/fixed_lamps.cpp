#include "tests/support/fixed_lamps.hpp"

#include <cmath>
#include <iterator>

#include "traffic/interstage.hpp"

namespace chorraha::test {

FixedLamps::FixedLamps(const IntersectionConfig& config, TimetableIndex timetable)
    : cycle_(config.timetables()[timetable.value()].cycle.count()) {
  const Timetable& table = config.timetables()[timetable.value()];
  std::vector<Aspect> shown(config.groups().size(), Aspect::red);
  for (const GroupIndex group : config.stage(table.steps.front().stage).green)
    shown[group.value()] = Aspect::green;
  std::map<std::int64_t, std::vector<Aspect>> all;
  all[0] = shown;
  const std::size_t n = table.steps.size();
  for (std::size_t i = 0; i < 3 * n; ++i) {  // three cycles
    const std::int64_t begin = static_cast<std::int64_t>(i / n) * cycle_;
    const TimetableStep& step = table.steps[i % n];
    const Interstage way = interstage(config, step.stage, table.steps[(i + 1) % n].stage);
    for (const InterstageEdge& edge : way.edges) {
      shown[edge.group.value()] = edge.aspect;
      all[begin + (step.end_latest + edge.at).count()] = shown;
    }
  }
  states_[0] = std::prev(all.upper_bound(cycle_))->second;
  for (const auto& [tick, state] : all) {
    if (tick >= cycle_ && tick < 2 * cycle_) states_[tick - cycle_] = state;
  }
}

std::span<const Aspect> FixedLamps::at(double second) const {
  const std::int64_t tick = static_cast<std::int64_t>(std::floor(second * 10 + 1e-6)) % cycle_;
  return std::prev(states_.upper_bound(tick))->second;
}

}  // namespace chorraha::test
