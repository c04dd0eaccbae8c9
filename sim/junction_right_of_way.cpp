#include "sim/junction_right_of_way.hpp"

#include <algorithm>

namespace chorraha::sim {
namespace {

constexpr double standing_mps = 0.1;       // SUMO: haltingSpeed
constexpr double gap_s = 1.0;              // SUMO: lookAhead of MSLink::blockedByFoe
constexpr double patience_s = 180;         // waiting that makes impatience 1
constexpr double clear_s = 0.5;            // between one leaving a conflict and the next entering
constexpr double margin_m = 0.5;           // stand this far before a conflict or a crossing
constexpr double blocked_too_long_s = 60;  // then a standing rival inside loses its place

}  // namespace

double RightOfWay::seconds_until(const Claim& claim, double place_m) const {
  const Vehicle& vehicle = world_->fleet[claim.slot];
  const double limit = world_->allowed_mps(vehicle, world_->road.way_of_movement(claim.movement));
  return vehicle.krauss.seconds_to(claim.before_m + place_m, claim.speed_mps, limit);
}

Passage RightOfWay::passage(const Claim& claim) const {
  Passage passage;
  const Vehicle& vehicle = world_->fleet[claim.slot];
  const std::vector<Conflict>& conflicts = world_->road.conflicts(claim.movement);
  double first_m = Passage::free;
  for (const Conflict& conflict : conflicts) {
    const double to_conflict_m = claim.before_m + conflict.in_m;
    if (to_conflict_m < 0 && !conflict.merges) continue;  // in it, or past it
    first_m = std::min(first_m, std::max(0.0, to_conflict_m - margin_m));
    const Way foe = world_->road.way_of_movement(conflict.foe);
    bool blocked = !world_->fleet.empty(foe) && occupied(claim, conflict, passage);
    if (!blocked && to_conflict_m >= 0 && !world_->approaches[conflict.foe].empty()) {
      const bool may_stop =
          !claim.inside() || to_conflict_m - margin_m >= vehicle.krauss.braking_m(claim.speed_mps);
      blocked = may_stop && somebody_comes(claim, conflict);
    }
    if (blocked && to_conflict_m >= 0) {
      passage.stop_m = std::min(passage.stop_m, std::max(0.0, to_conflict_m - margin_m));
    }
  }
  if (first_m < passage.stop_m && first_m >= vehicle.krauss.braking_m(claim.speed_mps) &&
      exit_is_full_of_people(claim)) {
    passage.stop_m = first_m;
  }
  return passage;
}

bool RightOfWay::occupied(const Claim& claim, const Conflict& conflict, Passage& passage) const {
  const Way foe = world_->road.way_of_movement(conflict.foe);
  const Fleet& fleet = world_->fleet;
  bool blocked = false;
  for (const Slot slot : fleet.on(foe)) {
    const Other other{slot, fleet[slot].position_m, fleet[slot].back_m()};
    blocked = in_the_way(claim, conflict, other, passage) || blocked;
  }
  if (const Slot slot = fleet.tail(foe); slot != no_slot) {
    const double back_m = fleet.tail_back_m(foe);
    const Other other{slot, back_m + fleet[slot].length_m, back_m};
    blocked = in_the_way(claim, conflict, other, passage) || blocked;
  }
  return blocked;
}

bool RightOfWay::in_the_way(const Claim& claim, const Conflict& conflict, const Other& other,
                            Passage& passage) const {
  if (other.slot == claim.slot || other.back_m >= conflict.foe_out_m) return false;
  const Vehicle& foe = world_->fleet[other.slot];
  const bool in_conflict = other.front_m > conflict.foe_in_m;
  if (conflict.merges && in_conflict) {
    const Road& road = world_->road;
    const double mine_m = claim.before_m + road.length_m(road.way_of_movement(claim.movement));
    const double its_m = road.length_m(road.way_of_movement(conflict.foe)) - other.front_m;
    const Vehicle& vehicle = world_->fleet[claim.slot];
    const bool behind = mine_m > its_m || (mine_m == its_m && claim.slot > other.slot);
    if (!behind) return false;
    const double gap_m = mine_m - its_m - foe.length_m - vehicle.gap_m;
    if (gap_m < 0 && claim.before_m + conflict.in_m >= 0) return true;
    passage.merge_mps = std::min(
        passage.merge_mps, vehicle.krauss.follow_speed(gap_m, vehicle.speed_mps, foe.speed_mps,
                                                       foe.krauss.deceleration_mps2));
    return false;
  }
  if (claim.before_m + conflict.in_m < 0) return false;
  const double to_go_m = conflict.foe_out_m - other.back_m;
  const double limit = world_->allowed_mps(foe, world_->road.way_of_movement(conflict.foe));
  const bool moves = foe.speed_mps > 1.0;
  if (moves && foe.krauss.seconds_to(to_go_m, foe.speed_mps, limit) + clear_s <
                   seconds_until(claim, conflict.in_m)) {
    return false;
  }
  return in_conflict || !leads(claim, conflict, other);
}

bool RightOfWay::leads(const Claim& claim, const Conflict& conflict, const Other& other) const {
  if (claim.inside()) return leads_inside(claim, conflict, other);
  const Vehicle& foe = world_->fleet[other.slot];
  const Lamps& lamps = world_->lamps;
  const bool foe_clears = lamps.light(conflict.foe) == Light::red;
  const bool foe_cannot_stop =
      foe.speed_mps > standing_mps &&
      conflict.foe_in_m - other.front_m < foe.krauss.braking_m(foe.speed_mps);
  return lamps.foe_yields(claim.movement, conflict) && !lamps.yields(claim.movement, conflict) &&
         !foe_clears && !foe_cannot_stop;
}

bool RightOfWay::leads_inside(const Claim& claim, const Conflict& conflict,
                              const Other& other) const {
  const Vehicle& mine = world_->fleet[claim.slot];
  const Vehicle& foe = world_->fleet[other.slot];
  const Lamps& lamps = world_->lamps;
  const bool i_cannot_stop = mine.speed_mps > standing_mps &&
                             claim.before_m + conflict.in_m < mine.krauss.braking_m(mine.speed_mps);
  const bool foe_cannot_stop =
      foe.speed_mps > standing_mps &&
      conflict.foe_in_m - other.front_m < foe.krauss.braking_m(foe.speed_mps);
  if (i_cannot_stop != foe_cannot_stop) return i_cannot_stop;
  const bool i_clear = lamps.light(claim.movement) == Light::red;
  const bool foe_clears = lamps.light(conflict.foe) == Light::red;
  const bool foe_stuck = foe.waiting_s > blocked_too_long_s && mine.waiting_s < foe.waiting_s;
  if (foe_stuck) return true;
  if (i_clear != foe_clears) return i_clear;
  const bool i_yield = lamps.yields(claim.movement, conflict);
  const bool foe_yields = lamps.foe_yields(claim.movement, conflict);
  if (i_yield != foe_yields) return foe_yields;
  return mine.box_entry < foe.box_entry;
}

// Over whole movements, as SUMO does: a gap must last until I am out of the junction.
bool RightOfWay::somebody_comes(const Claim& claim, const Conflict& conflict) const {
  if (!world_->lamps.yields(claim.movement, conflict)) return false;
  const bool mutual = world_->lamps.foe_yields(claim.movement, conflict);
  const Vehicle& mine = world_->fleet[claim.slot];
  const Road& road = world_->road;
  const Way own = road.way_of_movement(claim.movement);
  const double limit = world_->allowed_mps(mine, own);
  const double in_m = claim.before_m + (claim.inside() ? conflict.in_m : 0);
  const double out_m = claim.before_m + road.length_m(own) + mine.length_m;
  const double in_s = mine.krauss.seconds_to(in_m, claim.speed_mps, limit);
  const double patience = std::max(0.0, 1 - mine.waiting_s / patience_s);
  const double out_s = mine.krauss.seconds_to(out_m, claim.speed_mps, limit) + gap_s * patience;
  const Way way = road.way_of_movement(conflict.foe);
  return std::ranges::any_of(world_->approaches[conflict.foe], [&](const Approach& approach) {
    if (!approach.asks || approach.slot == claim.slot) return false;
    const Vehicle& foe = world_->fleet[approach.slot];
    if (mutual && (mine.waiting_s > foe.waiting_s ||
                   (mine.waiting_s == foe.waiting_s && claim.slot < approach.slot))) {
      return false;
    }
    const double its_limit = world_->allowed_mps(foe, way);
    const auto at = [&](double along_m) {
      return foe.krauss.seconds_to(approach.distance_m + along_m, approach.speed_mps, its_limit);
    };
    return at(0) < out_s && at(road.length_m(way) + foe.length_m) > in_s;
  });
}

bool RightOfWay::room_behind(const Vehicle& vehicle, std::uint32_t movement) const {
  if (world_->road.conflicts(movement).empty()) return true;
  const Fleet& fleet = world_->fleet;
  const Way lane = world_->road.to(movement);
  const std::vector<Slot>& queue = fleet.on(lane);
  double taken_m = 0;
  auto standing = queue.rbegin();
  for (; standing != queue.rend(); ++standing) {
    const Vehicle& ahead = fleet[*standing];
    if (ahead.speed_mps < standing_mps) break;
    taken_m += ahead.length_m + ahead.gap_m;
  }
  if (standing == queue.rend()) return true;
  for (const std::uint32_t other : world_->road.into(lane)) {
    for (const Slot slot : fleet.on(world_->road.way_of_movement(other)))
      taken_m += fleet[slot].length_m + fleet[slot].gap_m;
  }
  return fleet[*standing].back_m() - taken_m >= vehicle.length_m + vehicle.gap_m;
}

double RightOfWay::stop_for_people_m(const Claim& claim) const {
  double stop_m = Passage::free;
  const Vehicle& vehicle = world_->fleet[claim.slot];
  for (const Walkway& walkway : world_->road.walkways(claim.movement)) {
    const double here_m = claim.before_m + walkway.at_m - walkway.half_m - margin_m;
    if (here_m < 0 || here_m < vehicle.krauss.braking_m(vehicle.speed_mps)) continue;
    if (world_->walkers.blocks(walkway)) stop_m = std::min(stop_m, here_m);
  }
  return stop_m;
}

// Who cannot stand between the last conflict and the crossing behind it does not start.
bool RightOfWay::exit_is_full_of_people(const Claim& claim) const {
  const Vehicle& vehicle = world_->fleet[claim.slot];
  double last_m = 0;
  for (const Conflict& conflict : world_->road.conflicts(claim.movement)) {
    if (!conflict.merges) last_m = std::max(last_m, conflict.out_m);
  }
  return std::ranges::any_of(world_->road.walkways(claim.movement), [&](const Walkway& walkway) {
    const double stand_m = walkway.at_m - walkway.half_m - margin_m;
    const bool ahead = claim.before_m + stand_m >= 0;  // who is on the crossing already clears it
    return ahead && stand_m > last_m && stand_m - last_m < vehicle.length_m &&
           world_->walkers.blocks(walkway);
  });
}

}  // namespace chorraha::sim
