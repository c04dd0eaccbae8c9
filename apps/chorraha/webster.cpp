#include "apps/chorraha/webster.hpp"

#include <utility>

#include "control/junction_model.hpp"
#include "control/timetable.hpp"

namespace chorraha {

Result<std::vector<IntersectionConfig>> with_webster(
    const Network& network, std::span<const IntersectionConfig> intersections,
    std::span<const double> flow_veh_per_h) {
  std::vector<IntersectionConfig> configs;
  for (std::size_t i = 0; i < intersections.size(); ++i) {
    Result<JunctionModel> model =
        JunctionModel::make(network, IntersectionIndex{i}, intersections[i]);
    if (!model) return model.error();
    std::vector<double> by_turn;
    by_turn.reserve(model->turns().size());
    for (const JunctionModel::Turn& turn : model->turns())
      by_turn.push_back(flow_veh_per_h[turn.movement.value()]);
    by_turn = spread_over_lanes(*model, network, std::move(by_turn));
    std::vector<MovementFlow> counted;
    counted.reserve(by_turn.size());
    for (std::size_t t = 0; t < by_turn.size(); ++t)
      counted.push_back({model->turns()[t].movement, by_turn[t], 0});
    Result<WebsterPlan> plan = webster_timetable(*model, counted, TimetableId{"webster"});
    if (!plan) return plan.error();
    IntersectionParts parts = intersections[i].parts();
    parts.timetables = {std::move(plan->timetable)};
    parts.day_plan.clear();
    Result<IntersectionConfig> config = IntersectionConfig::make(std::move(parts));
    if (!config) return config.error();
    configs.push_back(std::move(*config));
  }
  return configs;
}

}  // namespace chorraha
