#include "tests/property/kernel_watch.hpp"

namespace chorraha::test {
namespace {
constexpr Tick long_ago{Ticks{-100'000}};
}

KernelWatch::KernelWatch(const IntersectionConfig& config)
    : config_(config),
      seen_(config.groups().size(), Seen{Aspect::red, long_ago, long_ago, long_ago, long_ago}) {}

void KernelWatch::complain(Tick now, const std::string& rule, GroupIndex a, GroupIndex b) {
  std::string text = rule + " at " + std::to_string(now.time_since_epoch().count());
  text += " " + config_.group(a).id.text();
  if (b.valid()) text += " " + config_.group(b).id.text();
  broken_.push_back(text);
}

bool KernelWatch::handed_over(GroupIndex g) const {
  for (const GroupIndex q : config_.same_stream(g)) {
    if (is_green(seen_[q.value()].aspect)) return true;
  }
  return false;
}

void KernelWatch::look(Tick now, const std::vector<Aspect>& aspects) {
  before_ = seen_;
  for (std::size_t g = 0; g < aspects.size(); ++g) {
    if (aspects[g] != seen_[g].aspect) change(now, GroupIndex{g}, aspects[g]);
    if (is_green(aspects[g])) been_green_.insert(GroupIndex{g});
  }
  check_pairs(now);
}

void KernelWatch::change(Tick now, GroupIndex g, Aspect to) {
  Seen& s = seen_[g.value()];
  const SignalGroup& group = config_.group(g);
  const Aspect from = s.aspect;
  const Ticks lasted = now - s.since;
  if (from == Aspect::amber && (lasted != group.amber || to != Aspect::red))
    complain(now, "A1 amber", g);
  if (from == Aspect::red_amber && (lasted != group.red_amber || to != Aspect::green))
    complain(now, "A4 red+amber", g);
  if (from == Aspect::flashing_green && lasted != group.flashing_green)
    complain(now, "A5 flashing green", g);
  if (from == Aspect::red && to != Aspect::red_amber && to != Aspect::green)
    complain(now, "start aspect", g);
  s.aspect = to;
  s.since = now;
  if (to == Aspect::red) s.red_begin = now;
  if (is_green(to) && !is_green(from)) begin_green(now, g, from);
  if (is_green(from) && !is_green(to)) end_green(now, g, to);
}

void KernelWatch::begin_green(Tick now, GroupIndex g, Aspect from) {
  Seen& s = seen_[g.value()];
  const SignalGroup& group = config_.group(g);
  const bool direct = from == Aspect::red && group.red_amber > Ticks{0};
  if (direct && config_.same_stream(g).empty()) complain(now, "A4 skipped", g);
  if (now - s.red_begin < group.min_red + group.red_amber && config_.same_stream(g).empty())
    complain(now, "A20 minimum red", g);
  s.green_begin = now;
}

void KernelWatch::end_green(Tick now, GroupIndex g, Aspect to) {
  Seen& s = seen_[g.value()];
  const SignalGroup& group = config_.group(g);
  if (now - s.green_begin < group.min_green) complain(now, "A11 minimum green", g);
  if (to == Aspect::red && group.amber > Ticks{0} && config_.same_stream(g).empty())
    complain(now, "A1 skipped", g);
  s.green_end = now;
}

/// After all groups have changed: conflicts, intergreens, A18, A19.
void KernelWatch::check_pairs(Tick now) {
  for (const GroupIndex a : config_.all_groups()) {
    const Seen& sa = seen_[a.value()];
    for (const GroupIndex b : config_.all_groups()) {
      const Relation relation = config_.relation(a, b);
      if (a == b || relation == Relation::compatible) continue;
      const Seen& sb = seen_[b.value()];
      const bool both = is_green(sa.aspect) && is_green(sb.aspect);
      const bool apart = relation == Relation::conflict || relation == Relation::same_stream;
      if (both && apart) complain(now, "B1 conflict", a, b);
      const bool begins = is_green(sb.aspect) && sb.green_begin == now;
      if (begins && !is_green(sa.aspect) && relation != Relation::same_stream &&
          now - sa.green_end < config_.intergreen(a, b))
        complain(now, "A9 intergreen", a, b);
      if (relation != Relation::yields) continue;
      const bool a_ends = sa.green_end == now && !is_green(sa.aspect);
      if (a_ends && is_green(sb.aspect) && !handed_over(a)) complain(now, "A18", a, b);
      if (begins && is_green(sa.aspect) && sa.green_begin < now) complain(now, "A19", a, b);
    }
  }
}

}  // namespace chorraha::test
