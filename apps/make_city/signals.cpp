#include "apps/make_city/signals.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "apps/make_city/geometry.hpp"
#include "apps/make_city/intergreen.hpp"

namespace chorraha::make_city {
namespace {

constexpr Ticks red_amber{10};        // A4
constexpr Ticks amber{30};            // A3
constexpr Ticks min_green{70};        // A11: GOST
constexpr Ticks min_green_left{50};   // A11
constexpr Ticks flashing_man{30};     // end of walk
constexpr Ticks min_walk{100};        // A13: 7 s and the flashing green man
constexpr Ticks long_clearance{115};  // people who need longer get a clearing stage

/// What a group serves.
struct Served {
  enum class Kind { approach, left, walk };
  Kind kind = Kind::approach;
  std::size_t arm = 0;
  bool arrow = false;  // left turns in a stage of their own
  std::vector<MovementIndex> movements;
};

class Engineer {
 public:
  Engineer(std::size_t crossroads, const Layout& layout, const Streets& streets)
      : at_(crossroads),
        layout_(layout),
        streets_(streets),
        arms_(layout.crossroads[crossroads].arms) {}

  Signals engineer(const Detectors& detectors) {
    signals_.crossroads = at_;
    signals_.parts.id = IntersectionId{layout_.crossroads[at_].id};
    signals_.parts.profile = Profile::gost;
    for (std::size_t a = 0; a < arms_.size(); ++a) add_approach(a);
    for (std::size_t a = 0; a < arms_.size(); ++a) add_walk(a);
    relate();
    add_stages();
    for (const auto& row : signals_.parts.intergreen) {
      for (const Ticks between : row)
        signals_.parts.start_up.all_red = std::max(signals_.parts.start_up.all_red, between);
    }
    use(detectors);
    return std::move(signals_);
  }

 private:
  [[nodiscard]] const ArmLanes& lanes(std::size_t arm) const { return streets_.arms[at_][arm]; }
  [[nodiscard]] const StreetDescription& street(std::size_t arm) const {
    return layout_.streets[arms_[arm].street].description;
  }
  [[nodiscard]] std::optional<std::size_t> opposite(std::size_t arm) const {
    for (std::size_t b = 0; b < arms_.size(); ++b) {
      if (b != arm && arms_[b].street == arms_[arm].street) return b;
    }
    return std::nullopt;
  }

  void add_group(SignalGroup group, Served served) {
    for (const MovementIndex movement : served.movements)
      group.movements.push_back(streets_.parts.movements[movement.value()].id);
    signals_.parts.groups.push_back(std::move(group));
    served_.push_back(std::move(served));
  }

  void add_approach(std::size_t a) {
    const ArmLanes& ways = lanes(a);
    const bool own_left = !ways.left.empty() && opposite(a).has_value();
    Served approach{Served::Kind::approach, a, false, ways.straight};
    approach.movements.insert(approach.movements.end(), ways.right.begin(), ways.right.end());
    if (!own_left)
      approach.movements.insert(approach.movements.end(), ways.left.begin(), ways.left.end());
    SignalGroup group;
    group.id = GroupId{arms_[a].compass};
    group.red_amber = red_amber;
    group.amber = amber;
    group.min_green = min_green;
    if (!approach.movements.empty()) add_group(group, std::move(approach));
    if (!own_left) return;
    const bool arrow = street(a).link_class == LinkClass::arterial;
    group.id = GroupId{arms_[a].compass + "_left"};
    group.type = arrow ? GroupType::arrow : GroupType::vehicle;
    group.min_green = arrow ? min_green_left : min_green;
    add_group(group, {Served::Kind::left, a, arrow, ways.left});
  }

  void add_walk(std::size_t a) {
    SignalGroup group;
    group.id = GroupId{arms_[a].compass + "_walk"};
    group.type = GroupType::pedestrian;
    group.lenses = lens_red | lens_green;
    group.amber = Ticks{0};
    group.flashing_green = flashing_man;
    group.min_green = min_walk;
    group.crossings = {streets_.parts.crossings[lanes(a).walk.value()].id};
    add_group(group, {Served::Kind::walk, a, false, {}});
  }

  // Of two vehicle groups: do their ways touch, and does the first give way when both are lit?
  [[nodiscard]] Relation relation_of_vehicles(const Served& a, const Served& b) const {
    bool touch = false;
    for (const MovementIndex m : a.movements) {
      for (const Movement::Foe& foe : streets_.parts.movements[m.value()].foes)
        touch = touch || std::ranges::find(b.movements, foe.movement) != b.movements.end();
    }
    if (!touch) return Relation::compatible;
    const bool opposed = opposite(a.arm) == b.arm;
    if (opposed && a.kind == Served::Kind::left && !a.arrow && b.kind == Served::Kind::approach)
      return Relation::yields;
    if (opposed && b.kind == Served::Kind::left && !b.arrow && a.kind == Served::Kind::approach)
      return Relation::yielded_to;
    return Relation::conflict;
  }

  // A way in goes over its own arm's walk at full speed: conflict. A way out yields when it turns,
  // unless an arrow promises a free way.
  [[nodiscard]] Relation relation_to_walk(const Served& vehicles, const Served& walk) const {
    Relation relation = Relation::compatible;
    for (const MovementIndex m : vehicles.movements) {
      const Movement& movement = streets_.parts.movements[m.value()];
      if (std::ranges::find(movement.crossings, lanes(walk.arm).walk) == movement.crossings.end())
        continue;
      if (vehicles.arm == walk.arm || movement.turn == Turn::straight || vehicles.arrow)
        return Relation::conflict;
      relation = Relation::yields;
    }
    return relation;
  }

  [[nodiscard]] Relation relation_of(const Served& a, const Served& b) const {
    if (a.kind == Served::Kind::walk && b.kind == Served::Kind::walk) return Relation::compatible;
    if (b.kind == Served::Kind::walk) return relation_to_walk(a, b);
    if (a.kind != Served::Kind::walk) return relation_of_vehicles(a, b);
    const Relation back = relation_to_walk(b, a);
    return back == Relation::yields ? Relation::yielded_to : back;
  }

  void relate() {
    const std::size_t n = served_.size();
    IntersectionParts& parts = signals_.parts;
    parts.relations.assign(n, std::vector<Relation>(n, Relation::compatible));
    parts.intergreen.assign(n, std::vector<Ticks>(n, Ticks{0}));
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) {
        if (a == b) continue;
        parts.relations[a][b] = relation_of(served_[a], served_[b]);
        if (parts.relations[a][b] == Relation::compatible) continue;
        const Ticks between = intergreen_between(a, b);
        parts.intergreen[a][b] =
            std::max({between, parts.groups[a].amber, parts.groups[b].red_amber});
      }
    }
  }

  [[nodiscard]] Ticks intergreen_between(std::size_t a, std::size_t b) const {
    if (served_[a].kind == Served::Kind::walk) return clearance_of(walk_of(served_[a].arm));
    Ticks most{0};
    for (const MovementIndex m : served_[a].movements) {
      const Movement& clearing = streets_.parts.movements[m.value()];
      most = std::max(most, served_[b].kind == Served::Kind::walk
                                ? before_walk(clearing, served_[b].arm)
                                : before_vehicles(clearing, served_[b]));
    }
    return most;
  }
  [[nodiscard]] const Crossing& walk_of(std::size_t arm) const {
    return streets_.parts.crossings[lanes(arm).walk.value()];
  }
  [[nodiscard]] Ticks before_walk(const Movement& clearing, std::size_t arm) const {
    const auto& over = clearing.crossings;
    if (std::ranges::find(over, lanes(arm).walk) == over.end()) return Ticks{0};
    return intergreen(clearing, walk_of(arm), amber);
  }
  [[nodiscard]] Ticks before_vehicles(const Movement& clearing, const Served& entering) const {
    Ticks most{0};
    for (const MovementIndex k : entering.movements)
      most = std::max(most, intergreen(clearing, streets_.parts.movements[k.value()], amber));
    return most;
  }

  [[nodiscard]] std::vector<std::size_t> streets_here() const {
    std::vector<std::size_t> all;
    for (const Arm& arm : arms_) {
      if (std::ranges::find(all, arm.street) == all.end()) all.push_back(arm.street);
    }
    std::ranges::sort(all);  // the description begins with the main streets
    return all;
  }

  /// What the stages of one street light.
  struct Lit {
    GroupSet arrows, approaches, walks;
    std::string name;    // its approaches: "EW"
    Ticks clearance{0};  // of its slowest walk
  };
  [[nodiscard]] Lit lit_for(std::size_t street) const {
    Lit lit;
    for (std::size_t g = 0; g < served_.size(); ++g) {
      const Served& served = served_[g];
      const bool here = arms_[served.arm].street == street;
      const bool walk = served.kind == Served::Kind::walk;
      if (here == walk) continue;  // people walk over the other street
      if (walk) {
        lit.walks.insert(GroupIndex{g});
        lit.clearance = std::max(lit.clearance, clearance_of(walk_of(served.arm)));
        continue;
      }
      (served.arrow ? lit.arrows : lit.approaches).insert(GroupIndex{g});
      if (served.kind == Served::Kind::approach) lit.name += arms_[served.arm].compass;
    }
    return lit;
  }

  // Per street: its arrows, then its approaches with the walks over the other street, then the same
  // while people clear.
  void add_stages() {
    for (const std::size_t s : streets_here()) {
      const Lit lit = lit_for(s);
      if (!lit.arrows.empty()) add_arrow_stage(s, lit.name, lit.arrows);
      StageUnit unit;
      unit.street = s;
      unit.main = add_stage(lit.name, lit.approaches | lit.walks);
      if (lit.clearance > long_clearance)
        unit.clearing = add_stage(lit.name + "_clearing", lit.approaches);
      signals_.units.push_back(unit);
    }
  }

  // Where only one approach turns left, all of that approach goes with its arrow.
  void add_arrow_stage(std::size_t s, const std::string& name, GroupSet arrows) {
    GroupSet green = arrows;
    if (arrows.size() == 1) {
      const std::size_t arm = served_[(*arrows.begin()).value()].arm;
      for (std::size_t g = 0; g < served_.size(); ++g) {
        if (served_[g].kind == Served::Kind::approach && served_[g].arm == arm)
          green.insert(GroupIndex{g});
      }
    }
    StageUnit unit;
    unit.street = s;
    unit.left = true;
    unit.main = add_stage(name + "_left", green);
    signals_.units.push_back(unit);
  }

  StageIndex add_stage(std::string id, GroupSet green) {
    signals_.parts.stages.push_back({StageId{std::move(id)}, green});
    return StageIndex{signals_.parts.stages.size() - 1};
  }

  // Groups that serve traffic of a lane.
  [[nodiscard]] GroupSet groups_of(LaneIndex lane) const {
    GroupSet set;
    for (std::size_t g = 0; g < served_.size(); ++g) {
      for (const MovementIndex m : served_[g].movements) {
        if (streets_.parts.movements[m.value()].from == lane) set.insert(GroupIndex{g});
      }
    }
    return set;
  }

  void use(const Detectors& detectors) {
    const auto& all = streets_.parts.detectors;
    for (std::size_t a = 0; a < arms_.size(); ++a) {
      for (const LaneIndex lane : lanes(a).in) {
        const auto here = std::ranges::find(detectors.lanes, lane, &LaneDetectors::lane);
        const Detector& stop_line = all[here->at_stop_line.value()];
        signals_.parts.detectors.push_back(
            {stop_line.id,
             stop_line.camera ? DetectorUse::Input::camera : DetectorUse::Input::driver,
             DetectorUse::Role::call_and_extend, groups_of(lane)});
        if (!here->upstream.valid()) continue;
        signals_.parts.detectors.push_back({all[here->upstream.value()].id,
                                            DetectorUse::Input::driver,
                                            DetectorUse::Role::count_only,
                                            {}});
      }
    }
    for (std::size_t g = 0; g < served_.size(); ++g) {
      if (served_[g].kind != Served::Kind::walk) continue;
      GroupSet calls;
      calls.insert(GroupIndex{g});
      const DetectorIndex button = detectors.buttons[lanes(served_[g].arm).walk.value()];
      signals_.parts.detectors.push_back(
          {all[button.value()].id, DetectorUse::Input::driver, DetectorUse::Role::button, calls});
    }
  }

  std::size_t at_;
  const Layout& layout_;
  const Streets& streets_;
  const std::vector<Arm>& arms_;
  std::vector<Served> served_;  // by GroupIndex
  Signals signals_;
};

}  // namespace

Signals build_signals(std::size_t crossroads, const Layout& layout, const Streets& streets,
                      const Detectors& detectors) {
  return Engineer(crossroads, layout, streets).engineer(detectors);
}

}  // namespace chorraha::make_city
