#include "field/monitor.hpp"

#include <algorithm>
#include <utility>

namespace chorraha {
namespace {

// SAFETY.md B; the rule is named where it is not in the name.
constexpr Milliseconds dark_ends_green{700};
constexpr Milliseconds conflict_trips{300};
constexpr Milliseconds conflict_clears{666};
constexpr Milliseconds red_fail_trips{800}, red_fail_clears{300};
constexpr Milliseconds red_fail_trips_flashing{1500}, red_fail_clears_flashing{200};
constexpr Milliseconds dual_trips{450}, dual_clears{400};
constexpr Milliseconds red_amber_trips{2200}, red_amber_clears{1000};
constexpr Milliseconds amber_tolerance{300};       // A1
constexpr Milliseconds amber_starts_within{1500};  // A1, Model 2018
constexpr Milliseconds skipped_amber_trips{300};   // same_stream: q lights within 300 ms
constexpr Milliseconds short_amber_waits{300};     // longer than flash_dark: it may become FLASH
constexpr Milliseconds intergreen_tolerance{100};  // B6
constexpr Milliseconds flash_within{1000};         // NORMAL ends: all go to the flash pattern
constexpr Milliseconds flash_dark{200};            // nothing lit anywhere
constexpr Milliseconds flash_lit_max{700};         // 1 Hz, half lit; more is steady amber
constexpr Milliseconds start_up_amber_max{4300};   // 4 s
constexpr Milliseconds start_up_tolerance{300};
constexpr Milliseconds minimum_flash{10'000};  // B14
constexpr Milliseconds long_ago{100'000'000};  // 28 h

}  // namespace

std::string_view name_of(Trip::Rule rule) {
  switch (rule) {
    case Trip::Rule::conflict:
      return "B1";
    case Trip::Rule::red_fail:
      return "B3";
    case Trip::Rule::dual_indication:
      return "B4";
    case Trip::Rule::short_amber:
      return "B5";
    case Trip::Rule::short_intergreen:
      return "B6";
    case Trip::Rule::silence:
      return "B10";
    case Trip::Rule::config_mismatch:
      return "B12";
    case Trip::Rule::mode:
      return "mode";
  }
  return "";
}

Monitor::Monitor(const IntersectionConfig& config, ConfigHash hash, Begin begin)
    : hash_(hash),
      silence_max_(config.silence_max()),
      all_red_min_(config.start_up().all_red),
      groups_(config.groups().size()),
      mode_(begin == Begin::warm ? Mode::normal : Mode::flash) {
  for (const GroupIndex index : config.all_groups()) {
    const SignalGroup& from = config.group(index);
    Group& g = groups_[index.value()];
    g.lenses = from.lenses;
    g.amber = from.amber;
    g.flashing_green = from.flashing_green > Ticks{0};
    g.since_end = long_ago;
    if (begin == Begin::warm) g.lit = static_cast<LensSet>(lens_red & from.lenses);
    if ((from.lenses & lens_amber) != 0) has_amber_ = true;
    for (const GroupIndex x : config.all_groups()) {
      const Relation relation = config.relation(x, index);
      if (relation == Relation::same_stream) g.same_stream.insert(x);
      if (relation == Relation::same_stream || relation == Relation::conflict)
        g.forbidden.insert(x);
      if (relation != Relation::compatible && relation != Relation::same_stream)
        g.sequenced.insert(x);
      g.intergreen_from.emplace_back(config.intergreen(x, index));
    }
  }
}

bool Monitor::permit() const {
  return heard_ && silent_for_ <= silence_max_ && hold_ <= Milliseconds{0} && latched_.empty();
}

void Monitor::latch(const Trip& trip) {
  if (is_latched(trip.rule)) latched_.push_back(trip);
}

void Monitor::reset() {
  latched_.clear();
  conflict_for_ = Milliseconds{0};
}

void Monitor::trip(Trip::Rule rule, GroupIndex group, GroupIndex other, Milliseconds measured) {
  const Trip found{rule, group, other, measured};
  const auto same = [&found](const Trip& t) {
    return t.rule == found.rule && t.group == found.group && t.other == found.other;
  };
  if (std::ranges::any_of(latched_, same) || std::ranges::any_of(fresh_, same)) return;
  fresh_.push_back(found);
  latch(found);
}

Monitor::Answer Monitor::step(Milliseconds elapsed, std::span<const LensSet> lit,
                              const std::optional<ConfigHash>& heartbeat) {
  fresh_.clear();
  check_heartbeat(elapsed, heartbeat);
  GroupSet started;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const LensSet read = i < lit.size() ? lit[i] : LensSet{0};  // what is not told is dark
    if (follow_green(groups_[i], read, elapsed)) started.insert(GroupIndex{i});
  }
  watch_mode(elapsed);
  check_conflicts(elapsed);
  if (mode_ == Mode::normal) {
    for (const GroupIndex g : started) check_intergreens(g);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      check_amber(GroupIndex{i}, elapsed);
      check_red_fail(GroupIndex{i}, elapsed);
      check_dual(GroupIndex{i}, elapsed);
    }
  }
  return Answer{permit(), fresh_};
}

void Monitor::check_heartbeat(Milliseconds elapsed, const std::optional<ConfigHash>& heartbeat) {
  hold_ = std::max(hold_ - elapsed, Milliseconds{0});
  silent_for_ += elapsed;
  if (heartbeat) {
    silent_for_ = Milliseconds{0};
    heard_ = true;
    if (*heartbeat != hash_)
      trip(Trip::Rule::config_mismatch, GroupIndex::none(), GroupIndex::none(), silent_for_);
    return;
  }
  if (!heard_ || silent_for_ <= silence_max_) return;
  heard_ = false;
  hold_ = minimum_flash;
  trip(Trip::Rule::silence, GroupIndex::none(), GroupIndex::none(), silent_for_);
}

/// Takes in what g shows now. True if its green has just begun.
bool Monitor::follow_green(Group& g, LensSet lit, Milliseconds elapsed) const {
  const bool green = (lit & lens_green) != 0;
  const bool was_green = (g.lit & lens_green) != 0;
  const bool amber = (lit & lens_amber) != 0;
  g.amber_lit_for =
      amber && (g.lit & lens_amber) != 0 ? g.amber_lit_for + elapsed : Milliseconds{0};
  g.since_end += elapsed;
  g.green_dark += elapsed;
  if (!green && was_green) g.since_end = g.green_dark = Milliseconds{0};
  g.lit = lit;
  if (green) return !std::exchange(g.on, true);
  if (!g.on) return false;
  if ((lit & (lens_red | lens_amber)) == 0 && g.green_dark < dark_ends_green) return false;
  g.on = false;
  if (g.amber > Milliseconds{0}) {
    g.amber_state = Amber::due;
    g.in_state = g.amber_for = Milliseconds{0};
  }
  return false;
}

void Monitor::enter(Mode mode) {
  if (mode == mode_) return;
  mode_ = mode;
  all_red_for_ = conflict_for_ = Milliseconds{0};
  if (mode == Mode::flash) amber_seen_ = false;
  for (Group& g : groups_) {
    if (mode == Mode::flash) g.on = false;
    g.amber_state = Amber::idle;
    g.dark_for = g.dual_for = g.red_amber_for = Milliseconds{0};
  }
}

/// From the lamps alone: NORMAL, FLASH/DARK, START-UP.
void Monitor::watch_mode(Milliseconds elapsed) {
  LensSet any = lens_none;
  for (const Group& g : groups_) any = static_cast<LensSet>(any | g.lit);
  const auto count = [elapsed](Milliseconds& span, bool still) {
    span = still ? span + elapsed : Milliseconds{0};
  };
  count(all_dark_for_, any == lens_none);
  count(flash_like_for_, (any & (lens_red | lens_green)) == 0);
  if (all_dark_for_ >= flash_dark) enter(Mode::flash);
  if (mode_ != Mode::normal) watch_start_up(elapsed);
}

void Monitor::watch_start_up(Milliseconds elapsed) {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const Milliseconds steady = groups_[i].amber_lit_for;
    if (steady <= flash_lit_max) continue;
    amber_seen_ = true;
    enter(Mode::start_up);
    if (steady > start_up_amber_max)
      trip(Trip::Rule::mode, GroupIndex{i}, GroupIndex::none(), steady);
  }
  const auto is_red = [](const Group& g) { return g.lit == (g.lenses & lens_red); };
  const bool all_red = std::ranges::all_of(groups_, is_red);
  all_red_for_ = all_red ? all_red_for_ + elapsed : Milliseconds{0};
  const bool in_order = amber_seen_ || !has_amber_;
  if (in_order && all_red_for_ >= all_red_min_ - start_up_tolerance) enter(Mode::normal);
}

/// Green, walk or yellow; red+amber is no yellow.
bool Monitor::shows(const Group& g) const {
  return g.on || (g.lit & (lens_amber | lens_red)) == lens_amber;
}

bool Monitor::conflict_is_lit() const {
  if (mode_ != Mode::normal) return std::ranges::any_of(groups_, &Group::on);
  if (flash_like_for_ > Milliseconds{0} && flash_like_for_ < flash_within) return false;
  GroupSet showing;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (shows(groups_[i])) showing.insert(GroupIndex{i});
  }
  const auto forbidden = [&](GroupIndex i) {
    return groups_[i.value()].forbidden.intersects(showing);
  };
  for (const GroupIndex g : showing) {
    if (forbidden(g)) return true;
  }
  return false;
}

/// B1; B2 follows from the accumulator.
void Monitor::check_conflicts(Milliseconds elapsed) {
  if (!conflict_is_lit()) {
    conflict_free_for_ += elapsed;
    if (conflict_free_for_ >= conflict_clears) conflict_for_ = Milliseconds{0};
    return;
  }
  conflict_free_for_ = Milliseconds{0};
  conflict_for_ += elapsed;
  if (conflict_for_ < conflict_trips) return;
  GroupSet showing;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (shows(groups_[i])) showing.insert(GroupIndex{i});
  }
  for (const GroupIndex g : showing) {
    const GroupSet others = groups_[g.value()].forbidden & showing;
    if (others.empty() && mode_ == Mode::normal) continue;
    const GroupIndex other = others.empty() ? GroupIndex::none() : *others.begin();
    return trip(Trip::Rule::conflict, g, other, conflict_for_);
  }
}

/// B6
void Monitor::check_intergreens(GroupIndex started) {
  const Group& b = groups_[started.value()];
  for (const GroupIndex x : b.sequenced) {
    const Group& a = groups_[x.value()];
    if (a.on) continue;  // lit together: B1, or allowed
    if (a.since_end + intergreen_tolerance < b.intergreen_from[x.value()])
      trip(Trip::Rule::short_intergreen, x, started, a.since_end);
  }
}

/// B5: after green, amber of at least its length, before anything else.
void Monitor::check_amber(GroupIndex index, Milliseconds elapsed) {
  Group& g = groups_[index.value()];
  const bool amber = (g.lit & lens_amber) != 0;
  const bool red = (g.lit & lens_red) != 0;
  const auto change = [&g](Amber state) {
    g.amber_state = state;
    g.in_state = Milliseconds{0};
  };
  const auto fail = [&](Milliseconds measured) {
    change(Amber::idle);
    trip(Trip::Rule::short_amber, index, GroupIndex::none(), measured);
  };
  const auto taken_over = [&] {
    for (const GroupIndex q : g.same_stream) {
      if (groups_[q.value()].on) return true;
    }
    return false;
  };
  if (g.amber_state == Amber::showing) g.amber_for += elapsed;
  const bool too_short = g.amber_for < g.amber - amber_tolerance;
  if (g.on) {
    const bool cut = g.amber_state == Amber::showing || g.amber_state == Amber::gone;
    return cut && too_short ? fail(g.amber_for) : change(Amber::idle);
  }
  g.in_state += elapsed;
  switch (g.amber_state) {
    case Amber::idle:
      return;
    case Amber::due:
      if (amber && !red) return change(Amber::showing);
      if (taken_over()) return change(Amber::idle);
      if (red ? g.in_state > skipped_amber_trips : g.since_end > amber_starts_within)
        fail(Milliseconds{0});
      return;
    case Amber::showing:
      if (amber && !red) return;
      if (!too_short) return change(Amber::idle);
      return red ? fail(g.amber_for) : change(Amber::gone);
    case Amber::gone:
      if (amber && !red) return change(Amber::showing);
      if (red || g.in_state >= short_amber_waits) fail(g.amber_for);
      return;
  }
}

/// B3
void Monitor::check_red_fail(GroupIndex index, Milliseconds elapsed) {
  Group& g = groups_[index.value()];
  if ((g.lenses & lens_red) == 0) return;
  const Milliseconds trips = g.flashing_green ? red_fail_trips_flashing : red_fail_trips;
  const Milliseconds clears = g.flashing_green ? red_fail_clears_flashing : red_fail_clears;
  if (g.lit != lens_none) {
    g.lit_for += elapsed;
    if (g.lit_for >= clears) g.dark_for = Milliseconds{0};
    return;
  }
  g.lit_for = Milliseconds{0};
  g.dark_for += elapsed;
  const auto lights = [this](GroupIndex q) { return groups_[q.value()].on; };
  for (const GroupIndex q : g.same_stream) {
    if (lights(q)) return;  // dark counts as ended by its sister
  }
  if (g.dark_for >= trips) trip(Trip::Rule::red_fail, index, GroupIndex::none(), g.dark_for);
}

/// B4; red+amber is legal for a while.
void Monitor::check_dual(GroupIndex index, Milliseconds elapsed) {
  Group& g = groups_[index.value()];
  const bool dual = (g.lit & lens_green) != 0 && (g.lit & (lens_red | lens_amber)) != 0;
  const bool red_amber = g.lit == (lens_red | lens_amber);
  const auto count = [elapsed](bool now, Milliseconds& held, Milliseconds& away,
                               Milliseconds clears) {
    away = now ? Milliseconds{0} : away + elapsed;
    if (now) held += elapsed;
    if (away >= clears) held = Milliseconds{0};
  };
  count(dual, g.dual_for, g.single_for, dual_clears);
  count(red_amber, g.red_amber_for, g.not_red_amber_for, red_amber_clears);
  if (g.dual_for >= dual_trips)
    trip(Trip::Rule::dual_indication, index, GroupIndex::none(), g.dual_for);
  if (g.red_amber_for > red_amber_trips)
    trip(Trip::Rule::dual_indication, index, GroupIndex::none(), g.red_amber_for);
}

}  // namespace chorraha
