#include "control/junction_planning.hpp"

#include <utility>
#include <variant>

namespace chorraha {

Result<JunctionPlanning> JunctionPlanning::make(Setup setup) {
  Result<JunctionModel> model = JunctionModel::make(*setup.network, setup.at, setup.config);
  if (!model) return model.error();
  return JunctionPlanning(std::move(setup),
                          std::make_unique<const JunctionModel>(std::move(*model)));
}

JunctionPlanning::JunctionPlanning(Setup setup, std::unique_ptr<const JunctionModel> model)
    : setup_(std::move(setup)), model_(std::move(model)), estimator_(*setup_.network, *model_) {}

void JunctionPlanning::see(std::span<const Detection> detections, const StateReport& report) {
  scene_ = estimator_.from_detections(detections, report);
}

void JunctionPlanning::see(std::span<const Sighting> sightings, const StateReport& report) {
  scene_ = estimator_.from_sightings(sightings, report);
}

std::optional<Plan> JunctionPlanning::plan(const StateReport& report,
                                           std::span<const Release> from_neighbours,
                                           PlanSequence sequence) {
  decision_ = plan_horizon(*model_, scene_, from_neighbours, setup_.horizon);
  const HorizonEnvelope envelope{setup_.hash, sequence, report.now + setup_.lease};
  auto message = as_message(running_, decision_, report, envelope);
  if (!message) return std::nullopt;
  if (const auto* plan = std::get_if<HorizonPlan>(&*message)) running_ = *plan;
  return std::visit([](auto&& noun) -> Plan { return std::forward<decltype(noun)>(noun); },
                    std::move(*message));
}

void JunctionPlanning::answered(const PlanAnswer& answer) {
  if (!answer.accepted()) running_.reset();
}

std::vector<MovementFlow> JunctionPlanning::flows(Instant now) const {
  return estimator_.flows(now);
}

GroupSet JunctionPlanning::groups_of(LaneIndex approach, MovementIndex movement) const {
  const std::size_t turn = model_->turn_of(movement);
  if (turn < model_->turns().size()) return model_->turns()[turn].groups;
  const std::size_t lane = model_->lane_of(approach);
  return lane < model_->lanes().size() ? model_->lanes()[lane].groups : GroupSet{};
}

}  // namespace chorraha
