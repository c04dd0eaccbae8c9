#include "apps/make_city/timetables.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "formats/city/words.hpp"
#include "traffic/interstage.hpp"

namespace chorraha::make_city {
namespace {

constexpr std::int64_t second = 10;  // in ticks
constexpr Ticks walk_stage_min{100};
constexpr Ticks stage_min{70};
constexpr Ticks arrow_stage_min{60};
constexpr double progression_share = 0.9;  // of the speed limit

Ticks whole_seconds_up(Ticks span) {
  return Ticks{(span.count() + second - 1) / second * second};
}

/// One stage of the cycle with what it needs.
struct Slot {
  StageIndex stage;
  std::size_t unit = 0;
  bool clearing = false;
  Ticks entry{0};  // interstage into it
  Ticks least{0};  // green after the entry
  Ticks green{0};
};

/// The cycle of one junction: slots in order, with entries and minimums.
class Cycle {
 public:
  Cycle(const IntersectionConfig& config, const std::vector<StageUnit>& units)
      : config_(config), units_(units) {
    for (std::size_t u = 0; u < units.size(); ++u) {
      slots_.push_back({units[u].main, u, false, {}, least_of(units[u]), {}});
      if (units[u].clearing.valid()) slots_.push_back({units[u].clearing, u, true, {}, {}, {}});
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      slots_[i].entry = interstage(config, before(i).stage, slots_[i].stage).total;
      if (slots_[i].clearing) slots_[i].least = clearing_least(i);
    }
  }

  [[nodiscard]] Ticks lost() const {
    Ticks sum{0};
    for (const Slot& slot : slots_) sum += slot.entry;
    return sum;
  }
  [[nodiscard]] Ticks shortest() const {
    Ticks sum = lost();
    for (const Slot& slot : slots_) sum += slot.least;
    return sum;
  }

  // Greens by flow ratios, none under its minimum; the rest of a unit beyond its clearing goes to
  // its main stage.
  void split(Ticks cycle, const FlowRatios& ratios) {
    std::vector<Ticks> least(units_.size()), green(units_.size());
    for (const Slot& slot : slots_) least[slot.unit] += slot.least;
    std::vector<bool> fixed(units_.size(), false);
    while (share_out(cycle, ratios, least, green, fixed)) {
    }
    for (Slot& slot : slots_) slot.green = slot.clearing ? slot.least : green[slot.unit];
    for (const Slot& slot : slots_) {
      if (slot.clearing) main_of(slot.unit).green -= slot.least;
    }
  }

  [[nodiscard]] std::vector<double> unit_greens_s() const {
    std::vector<double> greens(units_.size(), 0);
    for (const Slot& slot : slots_) greens[slot.unit] += to_seconds(slot.green);
    return greens;
  }

  // Ends on whole seconds, the last one at `cycle`; rounding never takes a minimum.
  [[nodiscard]] std::vector<TimetableStep> steps(Ticks cycle, bool actuated) const {
    std::vector<TimetableStep> all;
    Ticks at{0};
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Slot& slot = slots_[i];
      const Ticks soonest = whole_seconds_up(at + slot.entry + slot.least);
      Ticks end{(at + slot.entry + slot.green).count() / second * second};
      end = std::min(std::max(end, soonest), cycle - rest_least(i + 1));
      if (i + 1 == slots_.size()) end = cycle;
      TimetableStep step{slot.stage, end, end, false};
      const bool side = units_[slot.unit].left || units_[slot.unit].street != units_[0].street;
      if (actuated && side && !slot.clearing) {
        step.end_earliest = std::min(soonest, end);
        step.skippable = units_[slot.unit].left;
      }
      all.push_back(step);
      at = end;
    }
    return all;
  }

  /// Place in the cycle at which the main stage of `street` is green.
  [[nodiscard]] Ticks green_at(const std::vector<TimetableStep>& steps, std::size_t street,
                               Ticks cycle) const {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const StageUnit& unit = units_[slots_[i].unit];
      if (unit.left || slots_[i].clearing || unit.street != street) continue;
      const Ticks begin = i == 0 ? steps.back().end_latest - cycle : steps[i - 1].end_latest;
      return begin + slots_[i].entry;
    }
    return Ticks{0};
  }

 private:
  // One round: shares what the fixed units leave. True if a further unit fell to its minimum.
  bool share_out(Ticks cycle, const FlowRatios& ratios, const std::vector<Ticks>& least,
                 std::vector<Ticks>& green, std::vector<bool>& fixed) const {
    Ticks free = cycle - lost();
    double all = 0;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      free -= fixed[u] ? least[u] : Ticks{0};
      all += fixed[u] ? 0 : ratio(ratios, u);
    }
    bool fell = false;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (fixed[u]) continue;
      green[u] = Ticks{
          static_cast<std::int64_t>(static_cast<double>(free.count()) * ratio(ratios, u) / all)};
      if (green[u] >= least[u]) continue;
      fixed[u] = fell = true;
      green[u] = least[u];
    }
    return fell;
  }
  [[nodiscard]] const Slot& before(std::size_t i) const {
    return slots_[(i + slots_.size() - 1) % slots_.size()];
  }
  Slot& main_of(std::size_t unit) {
    return *std::ranges::find_if(
        slots_, [&](const Slot& slot) { return slot.unit == unit && !slot.clearing; });
  }
  static double ratio(const FlowRatios& ratios, std::size_t unit) {
    return std::max(ratios[unit], 0.01);
  }

  [[nodiscard]] Ticks least_of(const StageUnit& unit) const {
    if (unit.left) return arrow_stage_min;
    const GroupSet green = config_.stage(unit.main).green;
    return green.intersects(config_.pedestrians()) ? walk_stage_min : stage_min;
  }

  // People who walked in the main stage must be off the road when the next stage goes.
  [[nodiscard]] Ticks clearing_least(std::size_t i) const {
    const GroupSet walks =
        config_.stage(before(i).stage).green - config_.stage(slots_[i].stage).green;
    const Interstage out =
        interstage(config_, slots_[i].stage, slots_[(i + 1) % slots_.size()].stage);
    Ticks least{10};
    for (const InterstageEdge& edge : out.edges) {
      if (edge.aspect != Aspect::green) continue;
      for (const GroupIndex walk : walks) {
        const Ticks ends = config_.group(walk).flashing_green;
        least = std::max(least, ends + config_.intergreen(walk, edge.group) - edge.at);
      }
    }
    return least;
  }

  // What the slots from `first` on need, with room for rounding each end up.
  [[nodiscard]] Ticks rest_least(std::size_t first) const {
    Ticks sum{0};
    for (std::size_t i = first; i < slots_.size(); ++i)
      sum += whole_seconds_up(slots_[i].entry + slots_[i].least);
    return sum;
  }

  const IntersectionConfig& config_;
  const std::vector<StageUnit>& units_;
  std::vector<Slot> slots_;
};

std::int64_t modulo(std::int64_t a, std::int64_t m) {
  return ((a % m) + m) % m;
}

/// Offsets of one timetable over the city: a tree of segments from the crossing of the two main
/// streets, arterials first.
class Offsets {
 public:
  Offsets(const Layout& layout, const std::vector<double>& balance, Ticks cycle)
      : layout_(layout), balance_(balance), cycle_(cycle) {}

  /// `green_at(c, street)`: place in the cycle. Gives offsets by crossroads.
  template <class GreenAt>
  std::vector<Ticks> spread(GreenAt green_at) {
    std::vector<Ticks> offsets(layout_.crossroads.size(), Ticks{0});
    std::vector<bool> known(layout_.crossroads.size(), false);
    known[root()] = true;
    for (std::size_t next = best_segment(known); next < layout_.segments.size();
         next = best_segment(known)) {
      const Segment& segment = layout_.segments[next];
      const bool along = known[segment.first];
      const std::size_t from = along ? segment.first : segment.last;
      const std::size_t to = along ? segment.last : segment.first;
      const double speed_mps =
          layout_.streets[segment.street].description.speed_mps * progression_share;
      const double travel_s = (segment.end_m - segment.begin_m) / speed_mps;
      const bool with_traffic = (balance_[next] >= 0) == along;
      const Ticks at_from = green_at(from, segment.street) - offsets[from];
      const Ticks at_to =
          at_from + Ticks{std::lround(with_traffic ? travel_s : -travel_s) * second};
      const std::int64_t offset = (green_at(to, segment.street) - at_to).count();
      offsets[to] = Ticks{modulo(offset / second * second, cycle_.count())};
      known[to] = true;
    }
    return offsets;
  }

 private:
  // Where the first two streets of the description meet.
  [[nodiscard]] std::size_t root() const {
    const auto on = [](const Crossroads& crossroads, std::size_t street) {
      return std::ranges::find(crossroads.arms, street, &Arm::street) != crossroads.arms.end();
    };
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c) {
      if (on(layout_.crossroads[c], 0) && on(layout_.crossroads[c], 1)) return c;
    }
    return 0;
  }

  // The segment of the first street that leads from a known crossroads to an unknown one; as many
  // as there are if none does.
  [[nodiscard]] std::size_t best_segment(const std::vector<bool>& known) const {
    std::size_t best = layout_.segments.size();
    for (std::size_t i = 0; i < layout_.segments.size(); ++i) {
      const Segment& segment = layout_.segments[i];
      if (segment.first == Segment::edge || segment.last == Segment::edge) continue;
      if (known[segment.first] == known[segment.last]) continue;
      if (best == layout_.segments.size() || segment.street < layout_.segments[best].street) {
        best = i;
      }
    }
    return best;
  }

  const Layout& layout_;
  const std::vector<double>& balance_;
  Ticks cycle_;
};

void add_day_plan(const Description& description, IntersectionParts& parts) {
  for (const DayPlanDescription& entry : description.day_plan) {
    const auto found =
        std::ranges::find(parts.timetables, TimetableId{entry.timetable}, &Timetable::id);
    parts.day_plan.push_back(
        {city::second_of_day(entry.from).value_or(std::chrono::seconds{0}), 0x7f,
         TimetableIndex{static_cast<std::size_t>(found - parts.timetables.begin())}});
  }
}

}  // namespace

double degree_of_saturation(const Signals& signals, const FlowRatios& ratios, double cycle_s) {
  const Result<IntersectionConfig> config = IntersectionConfig::make(signals.parts);
  if (!config) return 0;
  double sum = 0;
  for (const double ratio : ratios) sum += ratio;
  const double lost_s = to_seconds(Cycle(*config, signals.units).lost());
  return sum * cycle_s / (cycle_s - lost_s);
}

std::vector<double> unit_greens_s(const Signals& signals, const FlowRatios& ratios,
                                  double cycle_s) {
  const Result<IntersectionConfig> config = IntersectionConfig::make(signals.parts);
  if (!config) return std::vector<double>(ratios.size(), 0);
  Cycle cycle(*config, signals.units);
  cycle.split(Ticks{std::lround(cycle_s) * second}, ratios);
  return cycle.unit_greens_s();
}

namespace {

/// All junctions' timetables of one description, coordinated.
class Program {
 public:
  Program(const TimetableDescription& described, const std::vector<IntersectionConfig>& configs,
          std::vector<Signals>& signals)
      : described_(described), cycle_(std::lround(described.cycle_s) * second), signals_(signals) {
    for (std::size_t c = 0; c < configs.size(); ++c)
      cycles_.emplace_back(configs[c], signals[c].units);
  }

  Done split(const Layout& layout, const std::vector<FlowRatios>& ratios) {
    constexpr Ticks rounding{second * 6};  // each of up to six ends is rounded up to a second
    for (std::size_t c = 0; c < cycles_.size(); ++c) {
      const Ticks shortest = cycles_[c].shortest() + rounding;
      if (shortest > cycle_) {
        return Fault{Reason::not_possible,
                     fmt::format("timetable {} at {}", described_.id, layout.crossroads[c].name),
                     fmt::format("a cycle of {} s", described_.cycle_s),
                     fmt::format("at least {} s", to_seconds(shortest))};
      }
      cycles_[c].split(cycle_, ratios[c]);
      signals_[c].parts.timetables.push_back({TimetableId{described_.id}, cycle_, Ticks{0},
                                              cycles_[c].steps(cycle_, described_.actuated)});
    }
    return {};
  }

  void coordinate(const Layout& layout, const std::vector<double>& segment_balance) {
    const auto offsets =
        Offsets(layout, segment_balance, cycle_).spread([&](std::size_t c, std::size_t street) {
          return cycles_[c].green_at(signals_[c].parts.timetables.back().steps, street, cycle_);
        });
    for (std::size_t c = 0; c < cycles_.size(); ++c)
      signals_[c].parts.timetables.back().offset = offsets[c];
  }

 private:
  const TimetableDescription& described_;
  Ticks cycle_;
  std::vector<Signals>& signals_;
  std::vector<Cycle> cycles_;
};

// Traffic that comes over the segment to its end (sign 1) or its begin (sign -1).
double flow_into(const Layout& layout, const Streets& streets, const std::vector<double>& flows,
                 const Segment& segment, int sign) {
  const std::size_t at = sign > 0 ? segment.last : segment.first;
  if (at == Segment::edge) return 0;
  const Arm* arm = layout.arm(at, segment.street, -sign);
  const ArmLanes& lanes =
      streets.arms[at][static_cast<std::size_t>(arm - layout.crossroads[at].arms.data())];
  double sum = 0;
  for (const auto* ways : {&lanes.straight, &lanes.left, &lanes.right}) {
    for (const MovementIndex way : *ways) sum += flows[way.value()];
  }
  return sum;
}

}  // namespace

Done add_timetables(const Description& description, const Layout& layout,
                    const std::vector<FlowRatios>& ratios,
                    const std::vector<double>& segment_balance, std::vector<Signals>& signals) {
  std::vector<IntersectionConfig> configs;
  for (const Signals& each : signals) {
    Result<IntersectionConfig> config = IntersectionConfig::make(each.parts);
    if (!config) return config.error();
    configs.push_back(*std::move(config));
  }
  for (const TimetableDescription& described : description.timetables) {
    Program program(described, configs, signals);
    if (const Done done = program.split(layout, ratios); !done) return done;
    program.coordinate(layout, segment_balance);
  }
  for (Signals& each : signals) add_day_plan(description, each.parts);
  return {};
}

std::vector<double> segment_balance(const Layout& layout, const Streets& streets,
                                    const std::vector<double>& flows) {
  std::vector<double> balance;
  balance.reserve(layout.segments.size());
  for (const Segment& segment : layout.segments) {
    balance.push_back(flow_into(layout, streets, flows, segment, 1) -
                      flow_into(layout, streets, flows, segment, -1));
  }
  return balance;
}

}  // namespace chorraha::make_city
