#include "field/safety_kernel.hpp"

#include <algorithm>

#include "traffic/expect.hpp"

namespace chorraha {

SafetyKernel::SafetyKernel(const IntersectionConfig& config, Ticks decision_step) {
  auto made = std::make_shared<Rules>();
  made->all = config.all_groups();
  made->decision_step = std::max(decision_step, Ticks{1});
  for (const GroupIndex g : made->all) made->groups[g.value()] = compile(config, g);
  rules_ = std::move(made);
}

SafetyKernel::Rules::Group SafetyKernel::compile(const IntersectionConfig& config, GroupIndex g) {
  const SignalGroup& group = config.group(g);
  Rules::Group r;
  r.red_amber = group.red_amber;
  r.flashing_green = group.flashing_green;
  r.amber = group.amber;
  r.min_green = group.min_green;
  r.max_green = group.max_green;
  r.min_red = group.min_red;
  r.conflicts = config.conflicts(g);
  r.same_stream = config.same_stream(g);
  r.yields_to = config.yields_to(g);
  for (const GroupIndex x : config.all_groups()) {
    const Relation relation = config.relation(g, x);
    const bool sisters = relation == Relation::same_stream;
    if (relation == Relation::yielded_to) r.yielded_by.insert(x);
    // Of two groups of one stream the permissive one yields to more.
    const std::size_t mine = config.yields_to(g).size();
    const std::size_t theirs = config.yields_to(x).size();
    if (sisters && theirs > mine) r.permissive.insert(x);
    if (sisters && theirs < mine) r.is_protected.insert(x);
    const Ticks least = sisters ? config.group(x).amber : Ticks{0};
    const Ticks wait = std::max(config.intergreen(x, g), least);
    r.intergreen_from[x.value()] = static_cast<std::int16_t>(wait.count());
  }
  return r;
}

void SafetyKernel::all_red(Tick end) {
  state_ = State{};
  for (Times& t : state_.times) t = Times{end, long_ago, end, end, never};
}

bool SafetyKernel::on_grid(Tick t) const {
  return t.time_since_epoch() % rules_->decision_step == Ticks{0};
}

Tick SafetyKernel::to_grid(Tick t) const {
  if (t == never) return t;
  const Ticks over = t.time_since_epoch() % rules_->decision_step;
  return over > Ticks{0} ? t + (rules_->decision_step - over) : t - over;
}

Aspect SafetyKernel::aspect(GroupIndex g) const {
  if (state_.green.contains(g)) return Aspect::green;
  if (state_.flashing.contains(g)) return Aspect::flashing_green;
  if (state_.amber.contains(g)) return Aspect::amber;
  if (state_.red_amber.contains(g)) return Aspect::red_amber;
  return Aspect::red;
}

Tick SafetyKernel::may_end_from(GroupIndex g) const {
  return times(g).green + rules(g).min_green - rules(g).flashing_green;
}

bool SafetyKernel::step(Tick now, Wishes wishes, GroupSet called) {
  const State& s = state_;
  const std::array<GroupSet, 4> before{s.red_amber, s.green, s.flashing, s.amber};
  state_.forced_off = state_.owed = GroupSet{};
  finish_aspects(now);
  note_rival_calls(now, called);
  if (on_grid(now)) {
    end_greens(now, wishes);
    start_greens(now, wishes);
  }
  expect_safe();
  return before != std::array<GroupSet, 4>{s.red_amber, s.green, s.flashing, s.amber};
}

void SafetyKernel::finish_aspects(Tick now) {
  for (const GroupIndex g : state_.amber) {
    if (now - times(g).since >= rules(g).amber) begin_red(g, now);
  }
  for (const GroupIndex g : state_.flashing) {
    if (now < flash_end(g)) continue;
    state_.owed = state_.owed | rules(g).yields_to;  // A18: they end in this Tick at the latest
    end_green(g, now);
  }
  for (const GroupIndex g : state_.red_amber) {
    if (now - times(g).since >= rules(g).red_amber) begin_green(g, now);
  }
}

/// A12 counts from the first call that this green keeps waiting.
void SafetyKernel::note_rival_calls(Tick now, GroupSet called) {
  for (const GroupIndex g : state_.green) {
    if (times(g).rival_called == never && rules(g).conflicts.intersects(called))
      times(g).rival_called = now;
  }
}

GroupSet SafetyKernel::leaving(Wishes wishes, Tick now) const {
  GroupSet set = wishes.must_end;
  for (const GroupIndex g : wishes.want - taken()) set = set | (rules(g).conflicts - wishes.want);
  return with_partners(set & state_.green, wishes.want, now);
}

/// A18: those that a leaving group yields to leave with it. A19: where one that others yield to
/// has yet to start, these leave, to start with it.
GroupSet SafetyKernel::with_partners(GroupSet leaving, GroupSet wanted, Tick now) const {
  const GroupSet to_start = wanted - taken();
  GroupSet lit_before;  // who has just begun may still be joined in this Tick
  for (const GroupIndex g : state_.green) {
    if (times(g).green < now) lit_before.insert(g);
  }
  for (const GroupIndex x : to_start) leaving = leaving | (rules(x).yielded_by & lit_before);
  for (const GroupIndex p : state_.flashing)
    leaving = leaving | (rules(p).yields_to & state_.green);
  GroupSet before;
  do {
    before = leaving;
    for (const GroupIndex p : leaving) {
      if (rules(p).is_protected.intersects(wanted)) continue;  // followed by its sister: no A18
      leaving = leaving | (rules(p).yields_to & state_.green);
    }
    // Who leaves though wanted will start again, and so must those that yield to it.
    for (const GroupIndex x : leaving& wanted)
      leaving = leaving | (rules(x).yielded_by & state_.green);
  } while (!(leaving == before));
  return leaving;
}

GroupSet SafetyKernel::overdue(Tick now) const {
  GroupSet set;
  for (const GroupIndex g : state_.green) {
    const Tick rival = times(g).rival_called;
    if (rival != never && now - rival >= rules(g).max_green) set.insert(g);
  }
  return set;
}

Tick SafetyKernel::green_at(GroupIndex g) const {
  return times(g).since + rules(g).red_amber;
}
Tick SafetyKernel::flash_end(GroupIndex g) const {
  return times(g).since + rules(g).flashing_green;
}

/// A18: the Tick from which g may begin its end, as far as those go that it yields to; their ends
/// are foreseen, so that end aspects of both may run at once. `asked` ends circles.
Tick SafetyKernel::yields_until(GroupIndex g, GroupSet ending, Tick now, GroupSet asked) const {
  asked.insert(g);
  Tick end = long_ago;
  for (const GroupIndex x : rules(g).yields_to & state_.flashing) end = std::max(end, flash_end(x));
  for (const GroupIndex x : rules(g).yields_to & state_.green) {
    if (asked.contains(x) || !ending.contains(x)) return never;
    const Tick begin = std::max(free_from(x, now), yields_until(x, ending, now, asked));
    if (begin == never) return never;
    end = std::max(end, to_grid(std::max(begin, now)) + rules(x).flashing_green);
  }
  return end - rules(g).flashing_green;
}

/// After its minimum. And a group that may be lit beside it and has begun its red+amber must meet
/// it lit: shown one after the other they would owe an intergreen.
Tick SafetyKernel::free_from(GroupIndex g, Tick now) const {
  Tick from = may_end_from(g);
  const GroupSet beside = rules(g).yields_to | rules(g).yielded_by;
  for (const GroupIndex y : beside& state_.red_amber) from = std::max(from, green_at(y) + Ticks{1});
  for (const GroupIndex y : beside& state_.green) {
    if (times(y).green == now) from = std::max(from, now + Ticks{1});
  }
  return from;
}

/// Permissive groups that wait for their protected sister, to go over to it without an amber.
GroupSet SafetyKernel::followed(Wishes wishes) const {
  GroupSet set;
  for (const GroupIndex g : state_.green) {
    if (rules(g).is_protected.intersects(wishes.want)) set.insert(g);
  }
  return set;
}

void SafetyKernel::end_greens(Tick now, Wishes wishes) {
  const GroupSet owed = state_.owed & state_.green;
  const GroupSet wished = with_partners(leaving(wishes, now) | owed, wishes.want, now);
  const GroupSet late = overdue(now);
  const GroupSet forced = late.empty() ? late : with_partners(late, wishes.want, now) - wished;
  const GroupSet ending = (wished | forced) - (followed(wishes) - late);
  bool moved = true;
  while (moved) {  // again, since the end of one may be what another waits for
    moved = false;
    for (const GroupIndex g : ending& state_.green) {
      if (now < free_from(g, now) || now < yields_until(g, ending, now, GroupSet{})) continue;
      if (forced.contains(g)) state_.forced_off.insert(g);
      begin_end(g, now);
      moved = true;
    }
  }
}

/// Permissive groups of the same stream that g may follow in one tick: lit, no longer wanted.
GroupSet SafetyKernel::hands_over_to(GroupIndex g, GroupSet wanted) const {
  return (rules(g).permissive & state_.green) - wanted;
}

/// What x, which may not simply be lit before or beside g, still owes g.
StartBar SafetyKernel::bar_of_pair(GroupIndex x, GroupIndex g, Tick now) const {
  using Kind = StartBar::Kind;
  const Ticks wait{rules(g).intergreen_from[x.value()]};
  if (!taken().contains(x)) return {Kind::intergreen, x, times(x).end + wait};
  const StartBar barred{Kind::lit_group, x, never};
  const bool yields = rules(g).yielded_by.contains(x);
  if (!yields && !rules(g).yields_to.contains(x)) return barred;
  if (state_.flashing.contains(x)) return barred;  // it would end before g is green
  if (state_.red_amber.contains(x) && !yields) return {Kind::lit_group, x, green_at(x)};
  if (state_.red_amber.contains(x)) return {Kind::intergreen, x, times(x).end + wait};
  return yields && times(x).green < now ? barred : StartBar{};  // A19: with it or before it
}

/// From its own times and from what has been lit.
StartBar SafetyKernel::own_bar(GroupIndex g, GroupSet wanted, Tick now) const {
  const Rules::Group& r = rules(g);
  const GroupSet handed_over = hands_over_to(g, wanted);
  StartBar bar{StartBar::Kind::none, GroupIndex::none(), long_ago};
  const auto raise = [&bar](const StartBar& other) {
    if (other.kind != StartBar::Kind::none && other.green_at > bar.green_at) bar = other;
  };
  if (handed_over.empty()) {
    const bool is_amber = state_.amber.contains(g);
    const Tick red = is_amber ? times(g).since + r.amber : times(g).red;
    raise({StartBar::Kind::minimum_red, GroupIndex::none(), red + r.min_red + r.red_amber});
  }
  for (const GroupIndex p : handed_over) raise({StartBar::Kind::lit_group, p, may_end_from(p)});
  const GroupSet others = r.conflicts | r.yields_to | r.yielded_by | r.same_stream;
  for (const GroupIndex x : others - handed_over) raise(bar_of_pair(x, g, now));
  return bar;
}

StartBar SafetyKernel::start_bar(GroupIndex g, GroupSet wanted, Tick now) const {
  return bar_beside(g, wanted, now, GroupSet{});
}

/// Its own bar and, A19, the start of those it yields to; `asked` ends circles.
StartBar SafetyKernel::bar_beside(GroupIndex g, GroupSet wanted, Tick now, GroupSet asked) const {
  StartBar bar = own_bar(g, wanted, now);
  asked.insert(g);
  for (const GroupIndex x : (rules(g).yields_to & wanted) - taken() - asked) {
    const StartBar other = bar_beside(x, wanted, now, asked);
    Tick at = other.green_at;
    if (at != never) at = std::max(now, to_grid(start_of(x, other, wanted))) + rules(x).red_amber;
    if (at > bar.green_at) bar = {StartBar::Kind::lit_group, x, at};
  }
  return bar;
}

/// The Tick at which its first start aspect may light.
Tick SafetyKernel::start_of(GroupIndex g, StartBar bar, GroupSet wanted) const {
  if (bar.green_at == never) return never;
  return hands_over_to(g, wanted).empty() ? bar.green_at - rules(g).red_amber : bar.green_at;
}

/// A19: one that yields to g has begun its red+amber and would be green before it.
bool SafetyKernel::starts_too_late(GroupIndex g, Tick now) const {
  const Tick green = now + rules(g).red_amber;
  for (const GroupIndex p : rules(g).yielded_by & state_.red_amber) {
    if (green_at(p) < green) return true;
  }
  return green > now && rules(g).yielded_by.intersects(this->green());
}

void SafetyKernel::start_greens(Tick now, Wishes wishes) {
  bool moved = true;
  while (moved) {  // again, since the start of one may be what another waits for
    moved = false;
    for (const GroupIndex g : wishes.want - taken() - state_.amber) {
      if (starts_too_late(g, now)) continue;
      const GroupSet foes = rules(g).yields_to;
      if (!foes.empty() && foes.intersects(leaving(wishes, now)))
        continue;  // it would outlast them
      moved = start(g, now, wishes.want) || moved;
    }
  }
}

bool SafetyKernel::start(GroupIndex g, Tick now, GroupSet wanted) {
  if (now < start_of(g, start_bar(g, wanted, now), wanted)) return false;
  const GroupSet handed_over = hands_over_to(g, wanted);
  for (const GroupIndex p : handed_over) {  // p -> q in one tick (F, same_stream)
    state_.green.erase(p);
    times(p).end = now;
    begin_red(p, now);
  }
  if (!handed_over.empty() || rules(g).red_amber == Ticks{0}) {
    begin_green(g, now);
  } else {
    state_.red_amber.insert(g);
    times(g).since = now;
  }
  return true;
}

void SafetyKernel::begin_end(GroupIndex g, Tick now) {
  if (rules(g).flashing_green == Ticks{0}) return end_green(g, now);
  state_.green.erase(g);
  state_.flashing.insert(g);
  times(g).since = now;
}

void SafetyKernel::end_green(GroupIndex g, Tick now) {
  state_.green.erase(g);
  state_.flashing.erase(g);
  times(g).end = now;
  if (rules(g).amber == Ticks{0}) return begin_red(g, now);
  state_.amber.insert(g);
  times(g).since = now;
}

void SafetyKernel::begin_red(GroupIndex g, Tick now) {
  state_.amber.erase(g);
  times(g).since = now;
  times(g).red = now;
}

void SafetyKernel::begin_green(GroupIndex g, Tick now) {
  state_.red_amber.erase(g);
  state_.green.insert(g);
  times(g).since = now;
  times(g).green = now;
  times(g).rival_called = never;
}

Tick SafetyKernel::next_change(Tick now, Wishes wishes) const {
  Tick next = never;
  const auto at = [&next, now](Tick t) {
    if (t > now) next = std::min(next, t);
  };
  if (!on_grid(now)) at(to_grid(now));
  for (const GroupIndex g : state_.amber) at(times(g).since + rules(g).amber);
  for (const GroupIndex g : state_.flashing) at(flash_end(g));
  for (const GroupIndex g : state_.red_amber) at(green_at(g));
  const GroupSet wished = leaving(wishes, now);
  const GroupSet ending = wished - followed(wishes);
  for (const GroupIndex g : state_.green) {
    if (wished.contains(g)) at(to_grid(yields_until(g, ending, now, GroupSet{})));
    if (wished.contains(g)) at(to_grid(free_from(g, now)));
    const Tick rival = times(g).rival_called;
    if (rival != never) at(to_grid(std::max(rival + rules(g).max_green, free_from(g, now))));
  }
  for (const GroupIndex g : wishes.want - taken() - state_.amber)
    at(to_grid(start_of(g, start_bar(g, wishes.want, now), wishes.want)));
  return next;
}

void SafetyKernel::expect_safe() const {
  const GroupSet lit = taken();
  for (const GroupIndex g : lit) {
    CHORRAHA_EXPECT(!rules(g).conflicts.intersects(lit));
    CHORRAHA_EXPECT(!rules(g).same_stream.intersects(lit));
  }
  for (const GroupIndex g : state_.amber) {
    CHORRAHA_EXPECT(!rules(g).conflicts.intersects(green()));
  }
}

}  // namespace chorraha
