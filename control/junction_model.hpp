#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/interstage.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// How traffic leaves a stop line. Sources: HCM 2010 ch. 31 (saturation flow near 2,000 veh/h of
/// cars, critical gap 4.5 s and follow-up 2.5 s of permitted left turns); measured again in SUMO.
struct Discharge {
  double headway_s = 1.8;       // between queued vehicles going straight
  double headway_turn_s = 2.0;  // turning
  double start_up_s = 1.0;      // lost by the first one
  double amber_used_s = 1.0;    // of the amber
  double gap_s = 4.0;           // that a yielding vehicle takes
  double follow_up_s = 2.5;     // between yielding vehicles in one gap
};

/// One junction as a planner sees it: lanes, turns, which stage lets whom go, and what each change
/// of stage costs. Built once from checked nouns, never changed.
/// Indices: lanes in the order of Junction::approaches; turns dense, those of one lane together.
/// Threads: immutable; share freely.
class JunctionModel {
 public:
  static constexpr double never_s = std::numeric_limits<double>::infinity();

  struct Lane {
    LaneIndex lane;
    std::size_t first_turn = 0;
    std::size_t turn_count = 0;
    std::size_t main_turn = 0;  // of a vehicle whose turn is unknown: straight, if it may
    double length_m = 0;
    double speed_mps = 0;
    GroupSet groups;  // that serve any of its turns
  };
  struct Turn {
    MovementIndex movement;
    std::size_t lane = 0;
    LaneIndex to;
    GroupSet groups;  // that let it go; protected and permissive
    double headway_s = 0;
    double passage_s = 0;  // over the junction at its speed limit
  };

  /// closed: waits; free: goes; yielding: goes when its foes leave a gap; on_red: as yielding,
  /// after a stop.
  enum class Right : std::uint8_t { closed, free, yielding, on_red };
  /// A turn that goes first.
  struct Foe {
    std::size_t lane = 0;
    std::size_t turn = 0;
  };
  struct StageView {
    std::vector<Right> rights;            // by turn
    std::vector<std::vector<Foe>> foes;   // by turn; of yielding and on_red ones
    std::vector<std::size_t> open_lanes;  // where somebody may go
    GroupSet pedestrians;                 // that get a walk
    Ticks max_green{0};                   // least over its groups
  };

  /// When a turn may go around a change of stage: until `close_s`, again from `open_s`; seconds
  /// after the change was decided. never_s, never_s: all the time; 0 as close: not before the
  /// change.
  struct Window {
    bool open_before = false;
    double close_s = 0;
    double open_s = never_s;
  };
  /// Whether groups that are served on demand only (a button calls them) are lit in a stage; all
  /// or none of them.
  enum class OnDemand : std::uint8_t { none, all };

  /// One ordered pair of stages.
  struct Change {
    double total_s = 0;  // until the last group is green
    double leave_s = 0;  // until every group that starts has run its minimum green, and somebody
                         // may start behind those who end
    double limit_s = never_s;        // until a group that starts has been green for its maximum
    std::vector<Window> windows;     // by turn
    std::vector<std::size_t> lanes;  // where somebody may go before or after
    GroupSet starting;               // groups that turn green on the way
    std::vector<double> green_s;     // by group: when; of starting ones
    GroupSet ending;                 // groups whose green ends for good
    std::vector<double> end_s;       // by group: end of green; of ending ones
    double clear_s = 0;              // when everybody who ends has cleared for whoever comes next
  };

  /// Where a vehicle comes from that a neighbour released: reaches `lane` after `travel_s`.
  struct Feeder {
    LaneIndex from;
    std::size_t lane = 0;
    double travel_s = 0;  // from the begin of `from` to the stop line, at the speed limits
    double hidden_s = 0;  // of it, until the first detector of the lane has seen it
  };

  /// Faults: not_possible if a stage lets no group of this network go, or the intersection has no
  /// approach at all; bad_input if a group names a movement of another network.
  [[nodiscard]] static Result<JunctionModel> make(const Network& network,
                                                  IntersectionIndex intersection,
                                                  const IntersectionConfig& config,
                                                  const Discharge& discharge = {});

  [[nodiscard]] IntersectionIndex intersection() const { return intersection_; }
  [[nodiscard]] const IntersectionConfig& config() const { return config_; }
  [[nodiscard]] const Discharge& discharge() const { return discharge_; }
  [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
  [[nodiscard]] const std::vector<Turn>& turns() const { return turns_; }
  [[nodiscard]] const std::vector<Feeder>& feeders() const { return feeders_; }
  [[nodiscard]] std::size_t stage_count() const { return stages_.size(); }
  [[nodiscard]] const StageView& stage(StageIndex s) const { return stages_[s.value()]; }
  /// From a stage to itself: begins anew for what was not lit.
  [[nodiscard]] const Change& change(StageIndex from, StageIndex to,
                                     OnDemand before = OnDemand::all,
                                     OnDemand after = OnDemand::all) const {
    const std::size_t pair = from.value() * stages_.size() + to.value();
    return changes_[4 * pair + 2 * static_cast<std::size_t>(before) +
                    static_cast<std::size_t>(after)];
  }
  /// Groups that are served only when called.
  [[nodiscard]] GroupSet on_demand() const { return on_demand_; }
  /// From the end of green of `a` to the begin of green of `b`; 0 where they stand in no conflict.
  [[nodiscard]] double intergreen_s(GroupIndex a, GroupIndex b) const;
  /// When `b` may be green first, for all that end in `change`; seconds after its decision.
  [[nodiscard]] double clear_for_s(const Change& change, GroupIndex b) const;
  /// What is lit in a stage.
  [[nodiscard]] GroupSet lit(StageIndex stage, OnDemand walks) const;
  /// Place of a movement in turns(); turns().size() if it is not of this junction.
  [[nodiscard]] std::size_t turn_of(MovementIndex movement) const;
  /// Place of an approach lane in lanes(); lanes().size() if it is none.
  [[nodiscard]] std::size_t lane_of(LaneIndex lane) const;

 private:
  JunctionModel(IntersectionIndex intersection, IntersectionConfig config, Discharge discharge)
      : intersection_(intersection), config_(std::move(config)), discharge_(discharge) {}

  Done add_lanes_and_turns(const Network& network);
  void add_stages(const Network& network);
  [[nodiscard]] StageView view_of(const Network& network, const Stage& stage) const;
  void add_foes(const Network& network, StageView& view, GroupSet lit) const;
  void add_changes();
  void wait_for_clearing();
  [[nodiscard]] double first_way_out_s(std::size_t place) const;
  [[nodiscard]] Change make_change(StageIndex from, StageIndex to, OnDemand before,
                                   OnDemand after) const;
  [[nodiscard]] Window window_of(const Turn& turn, GroupSet from, GroupSet to,
                                 const Interstage& way) const;
  void add_feeders(const Network& network);
  void add_feeders_of(const Network& network, std::size_t lane);

  IntersectionIndex intersection_;
  IntersectionConfig config_;
  Discharge discharge_;
  GroupSet on_demand_;
  std::vector<Lane> lanes_;
  std::vector<Turn> turns_;
  std::vector<StageView> stages_;
  std::vector<Change> changes_;
  std::vector<Feeder> feeders_;
};

}  // namespace chorraha
