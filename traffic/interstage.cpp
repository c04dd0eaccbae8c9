#include "traffic/interstage.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace chorraha {
namespace {

using TicksByGroup = std::array<Ticks, GroupSet::capacity>;

/// Builds one interstage; each step fills what the next needs.
class Builder {
 public:
  Builder(const IntersectionConfig& config, GroupSet from, GroupSet to)
      : config_(config), from_(from), to_(to) {}

  Interstage build() {
    find_restarted();
    hand_over_ = handed_over();
    end_greens();
    begin_greens();
    return answer();
  }

 private:
  [[nodiscard]] GroupSet ending() const { return (from_ - to_) | restarted_; }
  [[nodiscard]] GroupSet starting() const { return (to_ - from_) | restarted_; }

  // Permissive groups whose protected sister takes over in one tick, without amber (SAFETY.md F).
  [[nodiscard]] GroupSet handed_over() const {
    GroupSet set;
    for (const GroupIndex p : from_ - to_) {
      const GroupSet sisters = config_.same_stream(p) & (to_ - from_);
      if (!sisters.empty() && !config_.yields_to(p).empty()) set.insert(p);
    }
    return set;
  }

  // A18: where a yielding group ends, those it yields to end too. A19: where a yielded-to group
  // begins, those that yield to it begin with it or after it.
  void find_restarted() {
    const GroupSet handed = handed_over();
    GroupSet before;
    do {
      before = restarted_;
      const GroupSet staying = (from_ & to_) - restarted_;
      GroupSet more;
      for (const GroupIndex p : ending() - handed) more = more | (config_.yields_to(p) & staying);
      for (const GroupIndex p : staying) {
        if (config_.yields_to(p).intersects(starting())) more.insert(p);
      }
      restarted_ = restarted_ | more;
    } while (!(restarted_ == before));
  }

  // Ends of green; by A18 a yielding group reaches amber no sooner than those it yields to.
  void end_greens() {
    const GroupSet by_amber = ending() - hand_over_;
    for (const GroupIndex a : by_amber) end_[a.value()] = config_.group(a).flashing_green;
    settle([&] {
      bool moved = false;
      for (const GroupIndex p : by_amber) {
        for (const GroupIndex x : config_.yields_to(p) & by_amber)
          moved = raise(end_[p.value()], end_[x.value()]) || moved;
      }
      return moved;
    });
  }

  void begin_greens() {
    for (const GroupIndex b : starting()) {
      const SignalGroup& group = config_.group(b);
      Ticks at = group.red_amber;
      if (restarted_.contains(b))
        at = end_[b.value()] + group.amber + group.min_red + group.red_amber;
      for (const GroupIndex a : ending() - hand_over_) at = std::max(at, cleared(a, b));
      green_[b.value()] = at;
    }
    settle([&] {
      for (const GroupIndex p : hand_over_) end_[p.value()] = takeover(p);
      bool moved = false;
      for (const GroupIndex b : starting()) moved = raise(green_[b.value()], behind(b)) || moved;
      return moved;
    });
    for (const GroupIndex p : hand_over_) end_[p.value()] = takeover(p);
  }

  // The earliest green of b after the end of a, 0 if they do not matter to each other.
  [[nodiscard]] Ticks cleared(GroupIndex a, GroupIndex b) const {
    if (a == b || config_.relation(a, b) == Relation::compatible) return Ticks{0};
    Ticks between = config_.intergreen(a, b);
    if (config_.relation(a, b) == Relation::same_stream)
      between = std::max(between, config_.group(a).amber);
    return end_[a.value()] + between;
  }

  // A19: not before those it yields to; and after the end of a group that was handed over.
  [[nodiscard]] Ticks behind(GroupIndex b) const {
    Ticks at{0};
    for (const GroupIndex x : config_.yields_to(b) & starting())
      at = std::max(at, green_[x.value()]);
    for (const GroupIndex p : hand_over_ - config_.same_stream(b)) at = std::max(at, cleared(p, b));
    return at;
  }

  [[nodiscard]] Ticks takeover(GroupIndex p) const {
    Ticks at{0};
    for (const GroupIndex q : config_.same_stream(p) & starting())
      at = std::max(at, green_[q.value()]);
    return at;
  }

  static bool raise(Ticks& time, Ticks least) {
    if (least <= time) return false;
    time = least;
    return true;
  }

  // Repeats until nothing moves; each time is raised at most once per group that it waits for.
  template <class Round>
  static void settle(Round round) {
    for (std::size_t i = 0; i < 2 * GroupSet::capacity && round(); ++i) {
    }
  }

  Interstage answer() {
    Interstage result;
    result.restarted = restarted_;
    for (const GroupIndex a : ending()) {
      const SignalGroup& group = config_.group(a);
      const Ticks end = end_[a.value()];
      if (hand_over_.contains(a)) {
        result.edges.push_back({a, Aspect::red, end});
        continue;
      }
      if (group.flashing_green > Ticks{0})
        result.edges.push_back({a, Aspect::flashing_green, end - group.flashing_green});
      if (group.amber > Ticks{0}) result.edges.push_back({a, Aspect::amber, end});
      result.edges.push_back({a, Aspect::red, end + group.amber});
    }
    for (const GroupIndex b : starting()) {
      const Ticks green = green_[b.value()];
      const Ticks red_amber = config_.group(b).red_amber;
      if (red_amber > Ticks{0}) result.edges.push_back({b, Aspect::red_amber, green - red_amber});
      result.edges.push_back({b, Aspect::green, green});
      result.total = std::max(result.total, green);
    }
    std::ranges::stable_sort(result.edges, [](const InterstageEdge& a, const InterstageEdge& b) {
      return std::tuple(a.at, a.group) < std::tuple(b.at, b.group);
    });
    return result;
  }

  const IntersectionConfig& config_;
  GroupSet from_, to_;
  GroupSet restarted_;
  GroupSet hand_over_;
  TicksByGroup end_{};    // of green
  TicksByGroup green_{};  // begin
};

}  // namespace

Interstage interstage(const IntersectionConfig& config, StageIndex from, StageIndex to) {
  return interstage(config, config.stage(from).green, config.stage(to).green);
}

Interstage interstage(const IntersectionConfig& config, GroupSet from, GroupSet to) {
  if (from == to) return {};
  return Builder(config, from, to).build();
}

}  // namespace chorraha
