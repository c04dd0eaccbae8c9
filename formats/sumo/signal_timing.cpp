#include "formats/sumo/signal_timing.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "traffic/interstage.hpp"

namespace chorraha::sumo {
namespace {

constexpr Ticks amber_least{20};    // profile research
constexpr Ticks amber_most{60};     // SAFETY-A3
constexpr Ticks amber_default{30};  // where the program shows none
constexpr Ticks red_least{20};
constexpr Ticks cycle_most{3600};
constexpr double walk_mps = 1.2;  // SAFETY-A14

bool is_lit(char letter) {
  return letter == 'g' || letter == 'G';
}

/// What one link shows over the cycle, as stretches of one kind: lit, yellow or red.
struct Stretch {
  char kind = 'r';
  Ticks begin{0};
  Ticks length{0};
};

std::vector<Stretch> stretches(const ShownProgram& shown, std::size_t link) {
  std::vector<Stretch> found;
  for (std::size_t p = 0; p < shown.letters.size(); ++p) {
    const Ticks end = p + 1 < shown.begins.size() ? shown.begins[p + 1] : shown.cycle;
    const char letter = shown.letters[p][link];
    const char kind = is_lit(letter) ? 'G' : letter;
    if (!found.empty() && found.back().kind == kind) {
      found.back().length += end - shown.begins[p];
    } else {
      found.push_back({kind, shown.begins[p], end - shown.begins[p]});
    }
  }
  if (found.size() > 1 && found.front().kind == found.back().kind) {
    found.back().length += found.front().length;
    found.erase(found.begin());
  }
  return found;
}

Ticks longest_yellow(const ShownProgram& shown, std::size_t link) {
  Ticks longest{0};
  for (const Stretch& stretch : stretches(shown, link)) {
    if (stretch.kind == 'y') longest = std::max(longest, stretch.length);
  }
  return longest;
}

// From the ends of green of `a` to the next begins of green of `b`, less the yellow between: the
// smallest; nothing if they do not follow each other.
std::optional<Ticks> clearance(const ShownProgram& shown, std::size_t a, std::size_t b) {
  std::optional<Ticks> least;
  const std::vector<Stretch> mine = stretches(shown, a);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i].kind != 'G' || mine.size() == 1) continue;
    const Ticks end = mine[i].begin + mine[i].length;
    const Stretch& then = mine[(i + 1) % mine.size()];
    const Ticks yellow = then.kind == 'y' ? then.length : Ticks{0};
    for (const Stretch& theirs : stretches(shown, b)) {
      if (theirs.kind != 'G') continue;
      const Ticks gap = ((theirs.begin - end) % shown.cycle + shown.cycle) % shown.cycle;
      const Ticks rest = std::max(Ticks{0}, gap - yellow);
      if (!least || rest < *least) least = rest;
    }
  }
  return least;
}

Ticks all_red_of(const GroupPlan& plan, const ShownProgram& shown) {
  std::optional<Ticks> least;
  for (std::size_t a = 0; a < plan.groups.size(); ++a) {
    for (std::size_t b = 0; b < plan.groups.size(); ++b) {
      if (plan.relations[a][b] != Relation::conflict) continue;
      const std::optional<Ticks> rest =
          clearance(shown, plan.bundles[plan.bundle_of[a]].links.front(),
                    plan.bundles[plan.bundle_of[b]].links.front());
      if (rest && (!least || *rest < *least)) least = rest;
    }
  }
  return std::min(least.value_or(Ticks{0}), amber_most);
}

Ticks amber_of(const SignalGroup& group, const SignalRules& rules, Ticks shown,
               std::vector<std::string>& notes) {
  const Ticks wanted = rules.yellow.value_or(shown);
  if (wanted == Ticks{0} && !rules.yellow) {
    notes.push_back(fmt::format("{} amber: none shown, {:.1f} s taken", group.id.text(),
                                to_seconds(amber_default)));
    return amber_default;
  }
  const Ticks amber = std::clamp(wanted, amber_least, amber_most);
  if (amber != wanted) {
    notes.push_back(fmt::format("{} amber: {:.1f} s {} to {:.1f} s", group.id.text(),
                                to_seconds(wanted), amber > wanted ? "raised" : "lowered",
                                to_seconds(amber)));
  }
  return amber;
}

bool needs_clearance(Relation relation) {
  return relation == Relation::conflict || relation == Relation::yields ||
         relation == Relation::yielded_to;
}

// How long a stage must last so that every group that begins with it has its minimum green.
Ticks stage_min(const IntersectionConfig& config, StageIndex before, StageIndex stage) {
  Ticks least{10};
  const GroupSet restarted = interstage(config, before, stage).restarted;
  for (const GroupIndex group :
       (config.stage(stage).green - config.stage(before).green) | restarted)
    least = std::max(least, config.group(group).min_green);
  return least;
}

}  // namespace

void set_times(GroupPlan& plan, const ShownProgram& shown, const SignalRules& rules,
               std::vector<std::string>& notes) {
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    SignalGroup& group = plan.groups[g];
    group.min_green = rules.min_green;
    group.max_green = std::max(group.max_green, rules.min_green);
    group.min_red = red_least;
    if (group.type == GroupType::pedestrian) continue;
    const std::size_t link = plan.bundles[plan.bundle_of[g]].links.front();
    group.amber = amber_of(group, rules, longest_yellow(shown, link), notes);
  }
}

std::vector<std::vector<Ticks>> intergreens(const GroupPlan& plan, const ShownProgram& shown,
                                            const Network& network, const SignalRules& rules) {
  const Ticks all_red = rules.all_red.value_or(all_red_of(plan, shown));
  const std::size_t n = plan.groups.size();
  std::vector<std::vector<Ticks>> matrix(n, std::vector<Ticks>(n, Ticks{0}));
  for (std::size_t a = 0; a < n; ++a) {
    const SignalGroup& group = plan.groups[a];
    Ticks needed = group.amber + all_red;
    for (const CrossingId& id : group.crossings) {
      const Crossing& crossing = network.crossing(network.find(id));
      needed = std::max(needed, ticks_at_least(length_m(crossing.shape) / walk_mps));
    }
    for (std::size_t b = 0; b < n; ++b) {
      if (needs_clearance(plan.relations[a][b])) matrix[a][b] = needed;
      const Bundle& bundle = plan.bundles[plan.bundle_of[a]];
      const bool falls_back =
          plan.relations[a][b] == Relation::same_stream && bundle.major == GroupIndex{a};
      if (falls_back) matrix[a][b] = group.amber;
    }
  }
  return matrix;
}

Timetable rebuilt(const IntersectionConfig& config, const std::vector<StageRun>& runs,
                  const std::vector<StageIndex>& stages, Ticks cycle,
                  std::vector<std::string>& notes) {
  Timetable timetable;
  timetable.id = TimetableId{"program"};
  const std::size_t n = runs.size();
  std::vector<Ticks> spans(n);  // from the end before to this end
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t before = (i + n - 1) % n;
    const Ticks planned = runs[i].end - runs[before].end + (i == 0 ? cycle : Ticks{0});
    spans[i] = planned;
    if (n == 1) continue;
    const Ticks change = interstage(config, stages[before], stages[i]).total;
    const Ticks green = stage_min(config, stages[before], stages[i]);
    spans[i] = std::max(planned, change + green);
    const std::string& id = config.stage(stages[i]).id.text();
    if (spans[i] != planned) {
      notes.push_back(
          fmt::format("stage {} ends {:.1f} s later: change {:.1f} s, minimum green {:.1f} s", id,
                      to_seconds(spans[i] - planned), to_seconds(change), to_seconds(green)));
    } else if (spans[i] - change != runs[i].end - runs[i].begin) {
      notes.push_back(fmt::format("stage {}: green {:.1f} s instead of {:.1f} s", id,
                                  to_seconds(spans[i] - change),
                                  to_seconds(runs[i].end - runs[i].begin)));
    }
  }
  Ticks end = runs.front().end;
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) end += spans[i];
    timetable.cycle += spans[i];
    timetable.steps.push_back({stages[i], end, end, false});
  }
  if (n == 1 && timetable.cycle > cycle_most) {
    timetable.cycle = cycle_most;
    timetable.steps.front() = {stages.front(), cycle_most, cycle_most, false};
  }
  if (timetable.cycle != cycle) {
    notes.push_back(fmt::format("cycle {:.1f} s instead of {:.1f} s", to_seconds(timetable.cycle),
                                to_seconds(cycle)));
  }
  return timetable;
}

}  // namespace chorraha::sumo
