#include "control/junction_model.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace chorraha {
namespace {

constexpr double feeder_reach_s = 60.0;  // releases from farther away are not known in time

GroupSet groups_of(const IntersectionConfig& config, const MovementId& movement) {
  GroupSet groups;
  for (std::size_t g = 0; g < config.groups().size(); ++g) {
    if (std::ranges::find(config.groups()[g].movements, movement) !=
        config.groups()[g].movements.end())
      groups.insert(GroupIndex{g});
  }
  return groups;
}

bool may_turn_on_red(const IntersectionConfig& config, GroupSet groups) {
  for (const GroupIndex g : groups) {
    if (config.group(g).turn_on_red) return true;
  }
  return false;
}

bool any_yields(const IntersectionConfig& config, GroupSet these, GroupSet those) {
  for (const GroupIndex a : these) {
    if (config.yields_to(a).intersects(those)) return true;
  }
  return false;
}

/// When `group` stops (or, of `begin`, starts) to be green in an interstage; nothing if it does
/// not.
std::optional<double> edge_s(const Interstage& way, GroupIndex group, bool begin) {
  for (const InterstageEdge& edge : way.edges) {
    if (edge.group != group) continue;
    const bool ends = edge.aspect == Aspect::amber || edge.aspect == Aspect::red;
    if (begin ? edge.aspect == Aspect::green : ends) return to_seconds(edge.at);
  }
  return std::nullopt;
}

/// How far before the stop line of `lane` the first detector of `intersection` stands; 0 without.
double watched_m(const Network& network, LaneIndex lane, IntersectionIndex intersection) {
  double farthest_m = 0;
  for (const Detector& detector : network.detectors()) {
    const bool serves = !detector.intersection.valid() || detector.intersection == intersection;
    if (serves && detector.lane == lane && detector.kind != Detector::Kind::button)
      farthest_m = std::max(farthest_m, network.lane(lane).length_m - detector.position_m);
  }
  return farthest_m;
}

}  // namespace

Result<JunctionModel> JunctionModel::make(const Network& network, IntersectionIndex intersection,
                                          const IntersectionConfig& config,
                                          const Discharge& discharge) {
  const std::string thing = "intersection " + config.id().text();
  if (!intersection.valid() || intersection.value() >= network.junctions().size())
    return Fault{Reason::bad_input, thing, "not in the network", "one of its intersections"};
  if (network.junction(intersection).id != config.id()) {
    return Fault{Reason::bad_input, thing, network.junction(intersection).id.text(),
                 "the configuration of that intersection"};
  }
  JunctionModel model(intersection, config, discharge);
  if (const Done done = model.add_lanes_and_turns(network); !done) return done.error();
  for (const DetectorUse& use : config.detectors()) {
    if (use.role == DetectorUse::Role::button) model.on_demand_ = model.on_demand_ | use.calls;
  }
  model.add_stages(network);
  model.add_changes();
  model.add_feeders(network);
  return model;
}

Done JunctionModel::add_lanes_and_turns(const Network& network) {
  const Junction& junction = network.junction(intersection_);
  for (const LaneIndex index : junction.approaches) {
    const chorraha::Lane& source = network.lane(index);
    Lane lane;
    lane.lane = index;
    lane.first_turn = turns_.size();
    lane.length_m = source.length_m;
    lane.speed_mps = source.speed_limit_mps;
    for (const MovementIndex m : source.outgoing) {
      const Movement& movement = network.movement(m);
      if (movement.intersection != intersection_) continue;
      Turn turn;
      turn.movement = m;
      turn.lane = lanes_.size();
      turn.to = movement.to;
      turn.groups = groups_of(config_, movement.id);
      const bool straight = movement.turn == chorraha::Turn::straight;
      turn.headway_s = straight ? discharge_.headway_s : discharge_.headway_turn_s;
      turn.passage_s = movement.length_m / movement.speed_limit_mps;
      lane.groups = lane.groups | turn.groups;
      turns_.push_back(turn);
    }
    lane.turn_count = turns_.size() - lane.first_turn;
    lane.main_turn = lane.first_turn;
    for (std::size_t t = turns_.size(); t-- > lane.first_turn;) {
      if (network.movement(turns_[t].movement).turn == chorraha::Turn::straight) lane.main_turn = t;
    }
    lanes_.push_back(lane);
  }
  if (turns_.empty()) {
    return Fault{Reason::not_possible, "intersection " + config_.id().text(), "no movement",
                 "at least one"};
  }
  return {};
}

void JunctionModel::add_stages(const Network& network) {
  stages_.reserve(config_.stages().size());
  for (const Stage& stage : config_.stages()) stages_.push_back(view_of(network, stage));
}

JunctionModel::StageView JunctionModel::view_of(const Network& network, const Stage& stage) const {
  StageView view;
  view.foes.resize(turns_.size());
  view.pedestrians = stage.green & config_.pedestrians();
  view.max_green = Ticks::max();
  for (const GroupIndex g : stage.green)
    view.max_green = std::min(view.max_green, config_.group(g).max_green);
  view.rights.reserve(turns_.size());
  for (const Turn& turn : turns_) {
    const bool on_red = may_turn_on_red(config_, turn.groups);
    view.rights.push_back(turn.groups.intersects(stage.green) ? Right::free
                          : on_red                            ? Right::on_red
                                                              : Right::closed);
  }
  add_foes(network, view, stage.green);
  for (std::size_t turn = 0; turn < turns_.size(); ++turn) {
    const std::size_t lane = turns_[turn].lane;
    const bool listed = !view.open_lanes.empty() && view.open_lanes.back() == lane;
    if (view.rights[turn] != Right::closed && !listed) view.open_lanes.push_back(lane);
  }
  return view;
}

void JunctionModel::add_foes(const Network& network, StageView& view, GroupSet lit) const {
  for (std::size_t t = 0; t < turns_.size(); ++t) {
    if (view.rights[t] == Right::closed) continue;
    const bool on_red = view.rights[t] == Right::on_red;
    for (const Movement::Foe& foe : network.movement(turns_[t].movement).foes) {
      const std::size_t other = turn_of(foe.movement);
      if (other == turns_.size() || !turns_[other].groups.intersects(lit)) continue;
      const bool yields =
          foe.yields_to && any_yields(config_, turns_[t].groups & lit, turns_[other].groups & lit);
      if (on_red || yields) view.foes[t].push_back({turns_[other].lane, other});
    }
    if (!on_red && !view.foes[t].empty()) view.rights[t] = Right::yielding;
  }
}

void JunctionModel::add_changes() {
  using enum OnDemand;
  constexpr std::array<std::pair<OnDemand, OnDemand>, 4> walks{
      {{none, none}, {none, all}, {all, none}, {all, all}}};
  const std::size_t count = stages_.size();
  changes_.reserve(count * count * walks.size());
  for (std::size_t pair = 0; pair < count * count; ++pair) {
    for (const auto& [before, after] : walks) {
      changes_.push_back(
          make_change(StageIndex{pair / count}, StageIndex{pair % count}, before, after));
    }
  }
  wait_for_clearing();
}

// A stage is left no sooner than for the stage that can follow it first.
void JunctionModel::wait_for_clearing() {
  for (std::size_t place = 0; place < changes_.size(); ++place) {
    Change& change = changes_[place];
    if (change.clear_s > change.leave_s)
      change.leave_s = std::max(change.leave_s, first_way_out_s(place));
  }
}

double JunctionModel::first_way_out_s(std::size_t place) const {
  const std::size_t count = stages_.size();
  const std::size_t stage = place / 4 % count;
  const std::size_t walks = place % 2;  // lit in the stage
  double first_s = count > 1 ? never_s : 0.0;
  for (std::size_t next = 0; next < count; ++next) {
    if (next == stage) continue;
    for (const std::size_t after : {std::size_t{0}, std::size_t{1}}) {
      const Change& out = changes_[4 * (stage * count + next) + 2 * walks + after];
      double out_s = 0;
      for (const GroupIndex b : out.starting)
        out_s = std::max(out_s, clear_for_s(changes_[place], b) - out.green_s[b.value()]);
      first_s = std::min(first_s, out_s);
    }
  }
  return first_s;
}

GroupSet JunctionModel::lit(StageIndex stage, OnDemand walks) const {
  const GroupSet all = config_.stage(stage).green;
  const GroupSet asked = all - on_demand_;
  return walks == OnDemand::all || asked.empty() ? all : asked;
}

JunctionModel::Change JunctionModel::make_change(StageIndex from, StageIndex to,
                                                 OnDemand walks_before,
                                                 OnDemand walks_after) const {
  const GroupSet before = lit(from, walks_before);
  const GroupSet after = lit(to, walks_after);
  const Interstage way = interstage(config_, before, after);
  Change change;
  change.total_s = to_seconds(way.total);
  change.starting = (after - before) | way.restarted;
  change.green_s.assign(config_.groups().size(), 0.0);
  for (const GroupIndex g : change.starting) {
    const SignalGroup& group = config_.group(g);
    const double green_s = edge_s(way, g, true).value_or(0.0);
    change.green_s[g.value()] = green_s;
    // A change may be decided so that flashing green ends with the minimum green at the soonest.
    change.leave_s = std::max(
        change.leave_s, green_s + to_seconds(group.min_green) - to_seconds(group.flashing_green));
    change.limit_s = std::min(
        change.limit_s, green_s + to_seconds(group.max_green) - to_seconds(group.flashing_green));
  }
  change.leave_s = std::max(change.leave_s, change.total_s);
  change.ending = before - after;
  change.end_s.assign(config_.groups().size(), 0.0);
  for (const GroupIndex g : change.ending)
    change.end_s[g.value()] = edge_s(way, g, false).value_or(0.0);
  for (const GroupIndex g : config_.all_groups())
    change.clear_s = std::max(change.clear_s, clear_for_s(change, g));
  for (std::size_t t = 0; t < turns_.size(); ++t) {
    Window window = window_of(turns_[t], before, after, way);
    if (stage(to).rights[t] == Right::on_red) window.open_s = change.total_s;
    change.windows.push_back(window);
  }
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const auto has = [lane](const std::vector<std::size_t>& lanes) {
      return std::ranges::find(lanes, lane) != lanes.end();
    };
    if (has(stage(from).open_lanes) || has(stage(to).open_lanes)) change.lanes.push_back(lane);
  }
  return change;
}

double JunctionModel::intergreen_s(GroupIndex a, GroupIndex b) const {
  const Relation relation = config_.relation(a, b);
  const bool apart = relation == Relation::compatible || relation == Relation::same_stream;
  return apart ? 0 : to_seconds(config_.intergreen(a, b));
}

double JunctionModel::clear_for_s(const Change& change, GroupIndex b) const {
  double clear_s = 0;
  for (const GroupIndex a : change.ending) {
    const double needs_s = intergreen_s(a, b);
    if (needs_s > 0) clear_s = std::max(clear_s, change.end_s[a.value()] + needs_s);
  }
  return clear_s;
}

JunctionModel::Window JunctionModel::window_of(const Turn& turn, GroupSet from, GroupSet to,
                                               const Interstage& way) const {
  Window window;
  for (const GroupIndex g : turn.groups& from) {
    window.open_before = true;
    window.close_s = std::max(window.close_s, edge_s(way, g, false).value_or(never_s));
  }
  for (const GroupIndex g : turn.groups& to) {
    const bool stays = from.contains(g) && !way.restarted.contains(g);
    window.open_s = std::min(window.open_s, stays ? 0.0 : edge_s(way, g, true).value_or(never_s));
  }
  // A protected sister takes over without a pause.
  if (window.open_before && window.open_s <= window.close_s) window.close_s = never_s;
  return window;
}

void JunctionModel::add_feeders(const Network& network) {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) add_feeders_of(network, lane);
  std::ranges::stable_sort(feeders_, {}, &Feeder::from);
}

void JunctionModel::add_feeders_of(const Network& network, std::size_t lane) {
  const double watched_s =
      watched_m(network, lanes_[lane].lane, intersection_) / lanes_[lane].speed_mps;
  std::unordered_set<LaneIndex> seen;
  std::deque<std::pair<LaneIndex, double>> open{{lanes_[lane].lane, 0.0}};
  while (!open.empty()) {
    const auto [index, below_s] = open.front();
    open.pop_front();
    const chorraha::Lane& here = network.lane(index);
    const double travel_s = below_s + here.length_m / here.speed_limit_mps;
    if (!seen.insert(index).second || travel_s > feeder_reach_s) continue;
    feeders_.push_back({index, lane, travel_s, std::max(0.0, travel_s - watched_s)});
    for (const MovementIndex m : here.incoming) {
      const Movement& movement = network.movement(m);
      if (movement.intersection.valid() && movement.intersection != intersection_) continue;
      open.emplace_back(movement.from, travel_s + movement.length_m / movement.speed_limit_mps);
    }
  }
}

std::size_t JunctionModel::turn_of(MovementIndex movement) const {
  const auto found = std::ranges::find(turns_, movement, &Turn::movement);
  return static_cast<std::size_t>(found - turns_.begin());
}

std::size_t JunctionModel::lane_of(LaneIndex lane) const {
  const auto found = std::ranges::find(lanes_, lane, &Lane::lane);
  return static_cast<std::size_t>(found - lanes_.begin());
}

}  // namespace chorraha
