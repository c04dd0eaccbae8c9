#include "traffic/signal_limits.hpp"

#include <algorithm>

namespace chorraha {
namespace {

constexpr Ticks cycle_most{3600};      // the longest a timetable may have; A17
constexpr Ticks intergreen_most{600};  // people over wide roads, A9; it fits the kernel's 16 bits
constexpr Ticks clearance_nema{60};    // red beyond amber, A8
constexpr Ticks clearance_most{80};    // A9's formula over 45 m at 7 m/s, less nothing for entering
constexpr Ticks walk_least{70}, walk_with_button{40};  // A13, the flashing green man included
constexpr Ticks steady_walk{40}, steady_walk_research{10};

bool is_vehicle(const SignalGroup& group) {
  return group.type == GroupType::vehicle || group.type == GroupType::arrow;
}
bool is_pedestrian(const SignalGroup& group) {
  return group.type == GroupType::pedestrian;
}

bool has_button(const IntersectionParts& parts, std::size_t g) {
  return std::ranges::any_of(parts.detectors, [g](const DetectorUse& use) {
    return use.role == DetectorUse::Role::button && use.calls.contains(GroupIndex{g});
  });
}

Ticks amber_least(const SignalGroup& group, Profile profile) {
  if (is_pedestrian(group)) return Ticks{0};
  return is_vehicle(group) && profile != Profile::research ? Ticks{30} : Ticks{20};
}

TimeLimit limit_of_min_green(const IntersectionParts& parts, std::size_t g) {
  const SignalGroup& group = parts.groups[g];
  const Ticks seen = group.min_green;
  if (parts.profile == Profile::research)
    return {"min_green_s", seen, Ticks{10}, cycle_most, "A11"};
  if (is_pedestrian(group)) {
    const Ticks least = has_button(parts, g) ? walk_with_button : walk_least;
    return {"min_green_s", seen, least, cycle_most, "A13"};
  }
  return {"min_green_s", seen, Ticks{40}, is_vehicle(group) ? Ticks{150} : cycle_most, "A11"};
}

TimeLimit limit_of_flashing(const SignalGroup& group, Profile profile) {
  if (!is_pedestrian(group))
    return {"flashing_green_s", group.flashing_green, Ticks{0}, group.min_green, "A5"};
  const Ticks steady = profile == Profile::research ? steady_walk_research : steady_walk;
  return {"flashing_green_s", group.flashing_green, Ticks{0}, group.min_green - steady, "A13"};
}

Ticks min_red_least(Profile profile) {
  if (profile == Profile::research) return Ticks{0};
  return profile == Profile::europe ? Ticks{10} : Ticks{20};
}

}  // namespace

std::vector<TimeLimit> limits_of_group(const IntersectionParts& parts, std::size_t g) {
  const SignalGroup& group = parts.groups[g];
  return {{"amber_s", group.amber, amber_least(group, parts.profile), Ticks{60}, "A1"},
          {"red_amber_s", group.red_amber, Ticks{0}, Ticks{20}, "A4"},
          limit_of_min_green(parts, g),
          limit_of_flashing(group, parts.profile),
          {"max_green_s", group.max_green, group.min_green, cycle_most, "A12"},
          {"min_red_s", group.min_red, min_red_least(parts.profile), Ticks{100}, "A20"}};
}

TimeLimit limit_of_intergreen(const IntersectionParts& parts, std::size_t a, std::size_t b) {
  const SignalGroup& clearing = parts.groups[a];
  const Relation relation = parts.relations[a][b];
  TimeLimit limit{"", parts.intergreen[a][b], Ticks{0}, Ticks{0}, "F: none between compatible"};
  if (relation == Relation::compatible) return limit;
  const bool nema = parts.profile == Profile::nema;
  limit.most = is_vehicle(clearing) ? clearing.amber + (nema ? clearance_nema : clearance_most)
                                    : intergreen_most;
  limit.rule = nema ? "amber, red+amber, A8" : "amber, red+amber, A9";
  if (relation != Relation::same_stream)
    limit.least = std::max(clearing.amber, parts.groups[b].red_amber);
  return limit;
}

std::vector<TimeLimit> limits_of_start_up(const IntersectionParts& parts) {
  const bool research = parts.profile == Profile::research;
  Ticks largest{30};
  for (const auto& row : parts.intergreen) {
    for (const Ticks needed : row) largest = std::max(largest, needed);
  }
  const StartUp& start_up = parts.start_up;
  return {{"flash_s", start_up.flash, research ? Ticks{10} : Ticks{50}, cycle_most, "C2"},
          {"amber_s", start_up.amber, research ? Ticks{10} : Ticks{30}, Ticks{40}, "C2"},
          {"all_red_s", start_up.all_red, largest, cycle_most, "C2: 3 s, the largest intergreen"}};
}

LensSet lenses_needed(const SignalGroup& group) {
  LensSet needed = lens_green;
  if (group.type != GroupType::arrow) needed |= lens_red;
  if (group.amber > Ticks{0}) needed |= lens_amber;
  return needed;
}

}  // namespace chorraha
