#include "field/safety_kernel.hpp"

#include <algorithm>

#include "traffic/expect.hpp"

namespace chorraha {

SafetyKernel::SafetyKernel(const IntersectionConfig& config, Ticks decision_step) {
  auto made = std::make_shared<Rules>();
  made->all = config.all_groups();
  made->decision_step = std::max(decision_step, Ticks{1});
  for (const GroupIndex g : made->all) {
    const SignalGroup& group = config.group(g);
    Rules::Group& r = made->groups[g.value()];
    r.red_amber = group.red_amber;
    r.flashing_green = group.flashing_green;
    r.amber = group.amber;
    r.min_green = group.min_green;
    r.max_green = group.max_green;
    r.min_red = group.min_red;
    r.conflicts = config.conflicts(g);
    r.same_stream = config.same_stream(g);
    for (const GroupIndex x : made->all) {
      const Relation relation = config.relation(g, x);
      if (relation == Relation::yields || relation == Relation::yielded_to) r.yielding.insert(x);
      Ticks wait = config.intergreen(x, g);
      if (relation == Relation::same_stream) wait = std::max(wait, config.group(x).amber);
      r.intergreen_from[x.value()] = static_cast<std::int16_t>(wait.count());
    }
  }
  rules_ = std::move(made);
}

void SafetyKernel::all_red(Tick end) {
  state_ = State{};
  for (Times& t : state_.times) t = Times{end, long_ago, end, end, never};
}

bool SafetyKernel::on_grid(Tick t) const {
  return t.time_since_epoch() % rules_->decision_step == Ticks{0};
}

Tick SafetyKernel::to_grid(Tick t) const {
  const Ticks step = rules_->decision_step;
  if (t == never || step == Ticks{1}) return t;
  const Ticks over = t.time_since_epoch() % step;
  return over > Ticks{0} ? t + (step - over) : t - over;
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
  state_.forced_off = GroupSet{};
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
    if (now - times(g).since >= rules(g).flashing_green) end_green(g, now);
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

GroupSet SafetyKernel::leaving(Wishes wishes) const {
  GroupSet set = wishes.must_end;
  for (const GroupIndex g : wishes.want - taken()) set = set | (rules(g).conflicts - wishes.want);
  return set & state_.green;
}

/// Permissive groups of the same stream that g may follow in one tick: lit, no longer wanted.
GroupSet SafetyKernel::hands_over_to(GroupIndex g, GroupSet wanted) const {
  return (rules(g).same_stream & state_.green) - wanted;
}

void SafetyKernel::end_greens(Tick now, Wishes wishes) {
  const GroupSet wished = leaving(wishes);
  for (const GroupIndex g : state_.green) {
    const Tick rival = times(g).rival_called;
    const bool overdue = rival != never && now - rival >= rules(g).max_green;
    if (!overdue && !wished.contains(g)) continue;
    if (now < may_end_from(g)) continue;
    // A group that may be lit beside it and has begun its red+amber must meet it lit: shown one
    // after the other they would owe an intergreen.
    if (rules(g).yielding.intersects(state_.red_amber)) continue;
    // p waits for q of its stream, to follow it without an amber.
    if (!overdue && rules(g).same_stream.intersects(wishes.want)) continue;
    if (overdue && !wished.contains(g)) state_.forced_off.insert(g);
    begin_end(g, now);
  }
}

/// What x, which may not be lit before or beside g, still owes g.
StartBar SafetyKernel::bar_of_pair(GroupIndex x, GroupIndex g, GroupSet handed_over) const {
  using Kind = StartBar::Kind;
  if (handed_over.contains(x)) return {Kind::lit_group, x, may_end_from(x)};
  if (!taken().contains(x)) {
    const Ticks wait{rules(g).intergreen_from[x.value()]};
    return {Kind::intergreen, x, times(x).end + wait};
  }
  if (!rules(g).yielding.contains(x)) return {Kind::lit_group, x, never};
  // Lit beside each other is allowed, unless x ends before g would be green.
  if (state_.flashing.contains(x)) return {Kind::lit_group, x, never};
  return {Kind::none, x, long_ago};
}

StartBar SafetyKernel::start_bar(GroupIndex g, GroupSet wanted) const {
  const Rules::Group& r = rules(g);
  const GroupSet handed_over = hands_over_to(g, wanted);
  StartBar bar{StartBar::Kind::none, GroupIndex::none(), long_ago};
  if (handed_over.empty()) {
    const bool is_red = !state_.amber.contains(g);
    const Tick red = is_red ? times(g).red : times(g).since + r.amber;
    bar = {StartBar::Kind::minimum_red, GroupIndex::none(), red + r.min_red + r.red_amber};
  }
  for (const GroupIndex x : r.conflicts | r.yielding | r.same_stream) {
    const StartBar other = bar_of_pair(x, g, handed_over);
    if (other.kind != StartBar::Kind::none && other.green_at > bar.green_at) bar = other;
  }
  return bar;
}

/// The Tick at which its first start aspect may light.
Tick SafetyKernel::start_of(GroupIndex g, GroupSet wanted) const {
  const StartBar bar = start_bar(g, wanted);
  if (bar.green_at == never) return never;
  return hands_over_to(g, wanted).empty() ? bar.green_at - rules(g).red_amber : bar.green_at;
}

void SafetyKernel::start_greens(Tick now, Wishes wishes) {
  for (const GroupIndex g : wishes.want - taken() - state_.amber) {
    if (now < start_of(g, wishes.want)) continue;
    const GroupSet handed_over = hands_over_to(g, wishes.want);
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
  }
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
  for (const GroupIndex g : state_.amber) at(times(g).since + rules(g).amber);
  for (const GroupIndex g : state_.flashing) at(times(g).since + rules(g).flashing_green);
  for (const GroupIndex g : state_.red_amber) at(times(g).since + rules(g).red_amber);
  const GroupSet wished = leaving(wishes);
  for (const GroupIndex g : state_.green) {
    if (wished.contains(g)) at(to_grid(may_end_from(g)));
    const Tick rival = times(g).rival_called;
    if (rival != never) at(to_grid(std::max(rival + rules(g).max_green, may_end_from(g))));
  }
  for (const GroupIndex g : wishes.want - taken() - state_.amber)
    at(to_grid(start_of(g, wishes.want)));
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
