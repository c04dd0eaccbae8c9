#include "tests/support/random_junction.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "traffic/interstage.hpp"

namespace chorraha::test {
namespace {

using Random = std::mt19937_64;

SignalGroup random_group(Random& random, std::size_t number) {
  SignalGroup group;
  const int kind = random_between(random, 0, 9);
  group.id = GroupId{"G" + std::to_string(number)};
  group.min_green = Ticks{random_between(random, 40, 120)};
  group.min_red = Ticks{random_between(random, 20, 40)};
  group.max_green = Ticks{random_between(random, 900, 1500)};
  if (kind < 3) {
    group.type = GroupType::pedestrian;
    group.id = GroupId{"P" + std::to_string(number)};
    group.lenses = lens_red | lens_green;
    group.amber = Ticks{0};
    group.min_green = std::max(group.min_green, Ticks{70});
    group.flashing_green = Ticks{random_between(random, 0, 1) * 30};
    return group;
  }
  if (kind == 3) group.type = GroupType::cycle;
  if (kind == 4) group.type = GroupType::tram;
  if (kind == 5) group.type = GroupType::arrow;
  group.amber = Ticks{random_between(random, 30, 50)};
  group.red_amber = Ticks{random_between(random, 0, 2) * 10};
  group.flashing_green = Ticks{random_between(random, 0, 2) == 0 ? 30 : 0};
  return group;
}

void relate(IntersectionParts& parts, std::size_t a, std::size_t b, Relation relation) {
  parts.relations[a][b] = relation;
  parts.relations[b][a] = relation == Relation::yields ? Relation::yielded_to : relation;
}

void fill_pairs(IntersectionParts& parts, Random& random) {
  const std::size_t n = parts.groups.size();
  parts.relations.assign(n, std::vector<Relation>(n, Relation::compatible));
  parts.intergreen.assign(n, std::vector<Ticks>(n, Ticks{0}));
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const int dice = random_between(random, 0, 9);
      if (dice < 5) relate(parts, a, b, Relation::conflict);
      const bool later_yields = (a + b) % 2 == 0;
      if (dice == 5 && later_yields) relate(parts, a, b, Relation::yields);
      if (dice == 5 && !later_yields) relate(parts, b, a, Relation::yields);
    }
  }
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      if (a == b || parts.relations[a][b] == Relation::compatible) continue;
      const Ticks least = std::max(parts.groups[a].amber, parts.groups[b].red_amber);
      parts.intergreen[a][b] = least + Ticks{random_between(random, 0, 60)};
    }
  }
}

/// Groups in random order, each into the first stage that takes it; then some into more.
void fill_stages(IntersectionParts& parts, Random& random) {
  const std::size_t n = parts.groups.size();
  const auto fits = [&parts, n](GroupSet stage, std::size_t g) {
    for (std::size_t x = 0; x < n; ++x) {
      if (stage.contains(GroupIndex{x}) && parts.relations[g][x] == Relation::conflict)
        return false;
    }
    return true;
  };
  std::vector<GroupSet> stages;
  for (std::size_t g = 0; g < n; ++g) {
    const auto room = std::ranges::find_if(stages, [&](GroupSet s) { return fits(s, g); });
    GroupSet& stage = room == stages.end() ? stages.emplace_back() : *room;
    stage.insert(GroupIndex{g});
  }
  if (stages.size() == 1) stages.push_back(stages.front());
  for (GroupSet& stage : stages) {
    for (std::size_t g = 0; g < n; ++g) {
      if (random_between(random, 0, 2) == 0 && fits(stage, g)) stage.insert(GroupIndex{g});
    }
  }
  for (std::size_t s = 0; s < stages.size(); ++s)
    parts.stages.push_back({StageId{"S" + std::to_string(s)}, stages[s]});
}

/// Every end leaves room for the interstage into the stage, its longest minimum green, and what
/// groups that stay through need.
void fill_timetables(IntersectionParts& parts, Random& random) {
  IntersectionParts bare = parts;
  const IntersectionConfig config = IntersectionConfig::make(std::move(bare)).value();
  Timetable fixed{TimetableId{"fixed"}, Ticks{0}, Ticks{random_between(random, 0, 300)}, {}};
  Timetable actuated = fixed;
  actuated.id = TimetableId{"actuated"};
  const std::size_t n = parts.stages.size();
  Ticks end{0};
  for (std::size_t s = 0; s < n; ++s) {
    const Interstage way = interstage(config, StageIndex{(s + n - 1) % n}, StageIndex{s});
    Ticks need{0};
    for (const GroupIndex g : parts.stages[s].green)
      need = std::max(need, parts.groups[g.value()].min_green);
    const Ticks least = end + way.total + need + Ticks{100};
    end = least + Ticks{random_between(random, 10, 150)};
    fixed.steps.push_back({StageIndex{s}, end, end, false});
    actuated.steps.push_back({StageIndex{s}, least, end, random_between(random, 0, 3) == 0});
  }
  actuated.steps.front().skippable = false;
  fixed.cycle = actuated.cycle = end;
  for (SignalGroup& group : parts.groups) group.max_green = std::max(group.max_green, end);
  parts.timetables = {fixed, actuated};
}

void fill_detectors(IntersectionParts& parts, Random& random) {
  for (std::size_t g = 0; g < parts.groups.size(); ++g) {
    if (random_between(random, 0, 3) == 0) continue;
    DetectorUse use;
    use.id = DetectorId{"D" + std::to_string(g)};
    const bool walks = parts.groups[g].type == GroupType::pedestrian;
    use.role = walks ? DetectorUse::Role::button : DetectorUse::Role::call_and_extend;
    use.calls.insert(GroupIndex{g});
    parts.detectors.push_back(use);
  }
}

}  // namespace

int random_between(std::mt19937_64& random, int low, int high) {
  const auto span = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<int>(random() % span);
}

IntersectionParts random_junction_parts(std::uint64_t seed) {
  Random random(seed);
  IntersectionParts parts;
  parts.id = IntersectionId{"random-" + std::to_string(seed)};
  const int count = random_between(random, 2, 12);
  for (int g = 0; g < count; ++g)
    parts.groups.push_back(random_group(random, static_cast<std::size_t>(g)));
  fill_pairs(parts, random);
  fill_stages(parts, random);
  parts.start_up.all_red = Ticks{30};
  for (const auto& row : parts.intergreen) {
    for (const Ticks needed : row)
      parts.start_up.all_red = std::max(parts.start_up.all_red, needed);
  }
  fill_timetables(parts, random);
  fill_detectors(parts, random);
  return parts;
}

IntersectionConfig random_junction(std::uint64_t seed) {
  return IntersectionConfig::make(random_junction_parts(seed)).value();
}

}  // namespace chorraha::test
