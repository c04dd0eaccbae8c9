#include "formats/sumo/signal_groups.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace chorraha::sumo {
namespace {

using Matrix = std::vector<std::vector<char>>;  // [link][link], 0 or 1

/// Which links touch each other, and which give way.
struct LinkFoes {
  Matrix foes;
  Matrix yields;    // [x][y]: x gives way to y
  Matrix parallel;  // foes from one edge into one edge
};

bool holds(const std::vector<MovementIndex>& movements, MovementIndex wanted) {
  return std::ranges::find(movements, wanted) != movements.end();
}

// What the movements of link x have to do with link y.
void meet(const Network& network, const std::vector<SignalLink>& links, std::size_t x,
          std::size_t y, LinkFoes& found) {
  const auto link_of = [&network](LaneIndex lane) { return network.lane(lane).link; };
  for (const MovementIndex mine : links[x].movements) {
    const Movement& a = network.movement(mine);
    const bool walks_over = std::ranges::any_of(links[y].crossings, [&a](CrossingIndex walk) {
      return std::ranges::find(a.crossings, walk) != a.crossings.end();
    });
    if (walks_over) found.foes[x][y] = found.foes[y][x] = found.yields[x][y] = 1;
    for (const Movement::Foe& foe : a.foes) {
      if (!holds(links[y].movements, foe.movement)) continue;
      const Movement& b = network.movement(foe.movement);
      found.foes[x][y] = found.foes[y][x] = 1;
      if (foe.yields_to) found.yields[x][y] = 1;
      if (link_of(a.from) == link_of(b.from) && link_of(a.to) == link_of(b.to))
        found.parallel[x][y] = found.parallel[y][x] = 1;
    }
  }
}

LinkFoes foes_among(const Network& network, const std::vector<SignalLink>& links) {
  const std::size_t n = links.size();
  const Matrix none(n, std::vector<char>(n, 0));
  LinkFoes found{none, none, none};
  for (std::size_t x = 0; x < n; ++x) {
    for (std::size_t y = 0; y < n; ++y) meet(network, links, x, y, found);
  }
  return found;
}

/// Builds the groups of one intersection; `collapsed` bundles have one group for both letters.
class GroupBuilder {
 public:
  GroupBuilder(const Network& network, const ShownProgram& shown, const std::vector<StageRun>& runs)
      : network_(network), shown_(shown), runs_(runs), foes_(foes_among(network, shown.links)) {}

  Result<GroupPlan> build(std::vector<std::string>& notes) {
    make_bundles();
    collapsed_.assign(plan_.bundles.size(), false);
    for (;;) {
      std::vector<std::string> said;
      make_groups();
      if (plan_.groups.size() > GroupSet::capacity) {
        return Fault{Reason::not_possible, "signal groups", std::to_string(plan_.groups.size()),
                     fmt::format("at most {}", GroupSet::capacity)};
      }
      if (const Done done = relate_all(said); !done) return done.error();
      if (collapse_idle()) continue;
      notes.insert(notes.end(), said.begin(), said.end());
      return std::move(plan_);
    }
  }

 private:
  [[nodiscard]] std::string column(std::size_t link) const {
    const SignalLink& signal = shown_.links[link];
    std::string letters{signal.crossings.empty() ? 'v' : 'p', signal.turn_on_red ? 's' : '-'};
    for (const std::string& phase : shown_.letters) letters.push_back(phase[link]);
    return letters;
  }

  [[nodiscard]] bool fits(std::size_t link, const Bundle& bundle) const {
    return column(bundle.links.front()) == column(link) &&
           std::ranges::none_of(bundle.links,
                                [&](std::size_t other) { return foes_.foes[link][other] != 0; });
  }

  void make_bundles() {
    for (std::size_t link = 0; link < shown_.links.size(); ++link) {
      const auto bundle =
          std::ranges::find_if(plan_.bundles, [&](const Bundle& each) { return fits(link, each); });
      if (bundle != plan_.bundles.end()) {
        bundle->links.push_back(link);
      } else {
        plan_.bundles.push_back({{link}, {}, {}});
      }
    }
  }

  [[nodiscard]] bool shows(const Bundle& bundle, char letter) const {
    return std::ranges::any_of(
        runs_, [&](const StageRun& run) { return run.letters[bundle.links.front()] == letter; });
  }

  void make_groups() {
    plan_.groups.clear();
    plan_.bundle_of.clear();
    for (std::size_t b = 0; b < plan_.bundles.size(); ++b) {
      Bundle& bundle = plan_.bundles[b];
      bundle.major = bundle.permissive = GroupIndex::none();
      const bool as_one = collapsed_[b];
      const bool has_minor = shows(bundle, 'g') && !as_one;
      if (shows(bundle, 'G') || !has_minor) bundle.major = add_group(b, "");
      if (has_minor) bundle.permissive = add_group(b, bundle.major.valid() ? "g" : "");
      if (as_one) bundle.permissive = bundle.major;
    }
    plan_.lit.assign(runs_.size(), {});
    for (std::size_t r = 0; r < runs_.size(); ++r) {
      for (const Bundle& bundle : plan_.bundles) {
        const char letter = runs_[r].letters[bundle.links.front()];
        if (letter == 'G') plan_.lit[r].insert(bundle.major);
        if (letter == 'g') plan_.lit[r].insert(bundle.permissive);
      }
    }
  }

  GroupIndex add_group(std::size_t b, const char* ending) {
    const Bundle& bundle = plan_.bundles[b];
    SignalGroup group;
    group.id = GroupId{fmt::format("L{}{}", shown_.links[bundle.links.front()].place, ending)};
    for (const std::size_t link : bundle.links) {
      const SignalLink& signal = shown_.links[link];
      for (const MovementIndex m : signal.movements)
        group.movements.push_back(network_.movement(m).id);
      for (const CrossingIndex c : signal.crossings)
        group.crossings.push_back(network_.crossing(c).id);
      group.turn_on_red = group.turn_on_red || signal.turn_on_red;
    }
    if (!group.crossings.empty()) {
      group.type = GroupType::pedestrian;
      group.lenses = lens_red | lens_green;
      group.amber = Ticks{0};
    }
    plan_.groups.push_back(std::move(group));
    plan_.bundle_of.push_back(b);
    return GroupIndex{plan_.groups.size() - 1};
  }

  Done relate_all(std::vector<std::string>& notes) {
    const std::size_t n = plan_.groups.size();
    plan_.relations.assign(n, std::vector<Relation>(n, Relation::compatible));
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = a + 1; b < n; ++b) {
        const Result<Relation> relation = relate(GroupIndex{a}, GroupIndex{b}, notes);
        if (!relation) return relation.error();
        plan_.relations[a][b] = plan_.relations[b][a] = *relation;
        if (*relation == Relation::yields) plan_.relations[b][a] = Relation::yielded_to;
        if (*relation == Relation::yielded_to) plan_.relations[b][a] = Relation::yields;
      }
    }
    return {};
  }

  [[nodiscard]] const Bundle& bundle(GroupIndex group) const {
    return plan_.bundles[plan_.bundle_of[group.value()]];
  }
  [[nodiscard]] bool is_permissive(GroupIndex group) const {
    return bundle(group).permissive == group && bundle(group).major != group;
  }
  [[nodiscard]] bool lit_together(GroupIndex a, GroupIndex b) const {
    return std::ranges::any_of(
        plan_.lit, [&](const GroupSet& lit) { return lit.contains(a) && lit.contains(b); });
  }
  // A permissive group whose protected one the program shows together with `other`: the change of
  // both at once, from g to G, must not wait for itself.
  [[nodiscard]] bool goes_anyway(GroupIndex group, GroupIndex other) const {
    const GroupIndex major = bundle(group).major;
    return is_permissive(group) && major.valid() && lit_together(major, other);
  }
  [[nodiscard]] int count(const Matrix& matrix, GroupIndex a, GroupIndex b) const {
    int sum = 0;
    for (const std::size_t x : bundle(a).links) {
      for (const std::size_t y : bundle(b).links) sum += matrix[x][y];
    }
    return sum;
  }

  Result<Relation> relate(GroupIndex a, GroupIndex b, std::vector<std::string>& notes) const {
    if (plan_.bundle_of[a.value()] == plan_.bundle_of[b.value()]) return Relation::same_stream;
    const int foes = count(foes_.foes, a, b);
    if (foes == 0) return Relation::compatible;
    if (!lit_together(a, b)) {
      return goes_anyway(a, b) || goes_anyway(b, a) ? Relation::compatible : Relation::conflict;
    }

    const std::string& id_a = plan_.groups[a.value()].id.text();
    const std::string& id_b = plan_.groups[b.value()].id.text();
    const int a_yields = count(foes_.yields, a, b);
    const int b_yields = count(foes_.yields, b, a);
    const bool a_gives = is_permissive(a) && a_yields > 0;
    const bool b_gives = is_permissive(b) && b_yields > 0;
    if (a_gives != b_gives) return a_gives ? Relation::yields : Relation::yielded_to;
    if (!is_permissive(a) && !is_permissive(b) && count(foes_.parallel, a, b) == foes) {
      notes.push_back(fmt::format(
          "{} and {} are both shown G: parallel lanes into one edge, kept compatible", id_a, id_b));
      return Relation::compatible;
    }
    const bool permissive_alone = is_permissive(a) != is_permissive(b);
    if (!permissive_alone && a_yields == 0 && b_yields == 0) {
      return Fault{
          Reason::not_possible, "signal groups",
          fmt::format("{} and {} are foes, lit together, and neither gives way", id_a, id_b),
          "one of them shown g, with the other in its response bits"};
    }
    bool a_is_last = a_yields > b_yields;
    if (permissive_alone) a_is_last = is_permissive(a);
    notes.push_back(fmt::format("{} and {} are foes lit together; taken: {} gives way", id_a, id_b,
                                a_is_last ? id_a : id_b));
    return a_is_last ? Relation::yields : Relation::yielded_to;
  }

  // A permissive group that has nobody to give way to is its protected one.
  bool collapse_idle() {
    bool has_changed = false;
    for (std::size_t b = 0; b < plan_.bundles.size(); ++b) {
      const Bundle& pair = plan_.bundles[b];
      if (collapsed_[b] || !pair.major.valid() || !pair.permissive.valid()) continue;
      const std::vector<Relation>& row = plan_.relations[pair.permissive.value()];
      if (std::ranges::find(row, Relation::yields) != row.end()) continue;
      collapsed_[b] = true;
      has_changed = true;
    }
    return has_changed;
  }

  const Network& network_;
  const ShownProgram& shown_;
  const std::vector<StageRun>& runs_;
  LinkFoes foes_;
  GroupPlan plan_;
  std::vector<bool> collapsed_;
};

}  // namespace

Result<GroupPlan> plan_groups(const Network& network, const ShownProgram& shown,
                              const std::vector<StageRun>& runs, std::vector<std::string>& notes) {
  return GroupBuilder(network, shown, runs).build(notes);
}

}  // namespace chorraha::sumo
