#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "control/estimator.hpp"
#include "control/horizon.hpp"
#include "control/horizon_messages.hpp"
#include "control/junction_model.hpp"
#include "traffic/detection.hpp"
#include "traffic/flow.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/plan.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// Everything that is planned for one junction: estimator, horizon planner, and what was sent last.
/// The centre and the closed loop in one process both drive this, with time handed in.
/// Order:   see() what was sensed, then plan(), then answered() when the controller's answer comes.
/// Plans:   a decision equal to the running plan goes as Renew; leases are `lease` long.
/// Threads: one owner at a time.
class JunctionPlanning {
 public:
  struct Setup {
    std::shared_ptr<const Network> network;
    IntersectionIndex at;
    IntersectionConfig config;
    ConfigHash hash;
    HorizonOptions horizon;
    Ticks lease{100};
  };
  /// Faults: as JunctionModel::make.
  [[nodiscard]] static Result<JunctionPlanning> make(Setup setup);

  /// Detections since the last call; those of other intersections are passed over.
  void see(std::span<const Detection> detections, const StateReport& report);
  /// Full sensing: all sightings of this moment, those of other intersections too.
  void see(std::span<const Sighting> sightings, const StateReport& report);

  /// The next plan for the state in `report`; nothing while it is not in service or there is
  /// nothing to say. `sequence` is used only if a plan is returned.
  [[nodiscard]] std::optional<Plan> plan(const StateReport& report,
                                         std::span<const Release> from_neighbours,
                                         PlanSequence sequence);

  /// A refused plan is never renewed.
  void answered(const PlanAnswer& answer);

  [[nodiscard]] const JunctionModel& model() const { return *model_; }
  [[nodiscard]] const Scene& scene() const { return scene_; }
  [[nodiscard]] const std::vector<Release>& releases() const { return decision_.releases; }
  [[nodiscard]] const HorizonDecision& decision() const { return decision_; }
  [[nodiscard]] std::vector<MovementFlow> flows(Instant now) const;

  /// Groups that let somebody go from `approach` over `movement`; all of the lane's if it is
  /// none().
  [[nodiscard]] GroupSet groups_of(LaneIndex approach, MovementIndex movement) const;

 private:
  JunctionPlanning(Setup setup, std::unique_ptr<const JunctionModel> model);

  Setup setup_;
  std::unique_ptr<const JunctionModel> model_;  // the estimator points into it
  SceneEstimator estimator_;
  Scene scene_;
  HorizonDecision decision_;
  std::optional<HorizonPlan> running_;  // the last one sent, until it is refused
};

}  // namespace chorraha
