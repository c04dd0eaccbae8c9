#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/city/json_text.hpp"
#include "formats/city/network_file.hpp"
#include "formats/city/table.hpp"

namespace chorraha {
namespace {

using city::JsonObject;
using city::Node;
using city::Reading;
using city::Table;

constexpr std::int64_t week_s = 604800;  // intervals may run over midnight, up to a week
constexpr double flow_max_per_h = 1e5;

class DemandReader {
 public:
  DemandReader(Table& file, const Network& network) : file_(file), network_(network) {
    for (const Movement& movement : network.movements())
      joined_.insert(pair_of(network.lane(movement.from).link, network.lane(movement.to).link));
  }

  Demand read() {
    file_.each("types", [this](Table& table) { read_type(table); });
    file_.each("routes", [this](Table& table) { read_route(table); });
    file_.each_if_any("pedestrians", [this](Table& table) {
      PedestrianFlow flow;
      const std::string id = table.text("crossing");
      flow.crossing = network_.find(CrossingId{id});
      if (table.has("crossing") && !flow.crossing.valid())
        table.refuse("crossing", '"' + id + '"', "a crossing of the network");
      flow.intervals = intervals(table, "flow_persons_per_h");
      demand_.pedestrians.push_back(std::move(flow));
    });
    return std::move(demand_);
  }

 private:
  static std::uint64_t pair_of(LinkIndex a, LinkIndex b) {
    return std::uint64_t{a.value()} << 32U | b.value();
  }

  void read_type(Table& table) {
    VehicleType type;
    type.name = table.text("name");
    type.vehicle_class = table.word("class", vehicle_class_named,
                                    "car, truck, bus, motorcycle, bicycle, person, unknown");
    type.share = table.number_or("share", type.share, {0, 1e6});
    type.length_m = table.number_or("length_m", type.length_m, {0.1, 100});
    type.gap_min_m = table.number_or("gap_min_m", type.gap_min_m, {0, 100});
    type.acceleration_mps2 =
        table.number_or("acceleration_mps2", type.acceleration_mps2, {0.01, 50});
    type.deceleration_mps2 =
        table.number_or("deceleration_mps2", type.deceleration_mps2, {0.01, 50});
    type.speed_max_mps = table.number_or("speed_max_mps", type.speed_max_mps, {0.1, 200});
    type.speed_factor_mean =
        table.number_or("speed_factor_mean", type.speed_factor_mean, {0.01, 10});
    type.speed_factor_deviation =
        table.number_or("speed_factor_deviation", type.speed_factor_deviation, {0, 10});
    type.imperfection = table.number_or("imperfection", type.imperfection, {0, 1});
    type.reaction_s = table.number_or("reaction_s", type.reaction_s, {0, 60});
    demand_.types.push_back(std::move(type));
  }

  void read_route(Table& table) {
    RouteFlow flow;
    for (const std::string& id : table.texts("links")) {
      const LinkIndex link = network_.find(LinkId{id});
      if (!link.valid()) {
        table.refuse("links", '"' + id + '"', "links of the network");
        return;
      }
      if (!flow.route.empty() && !joined_.contains(pair_of(flow.route.back(), link))) {
        table.refuse(
            "links",
            fmt::format("\"{}\" after \"{}\"", id, network_.link(flow.route.back()).id.text()),
            "links that a movement joins");
        return;
      }
      flow.route.push_back(link);
    }
    if (table.has("links") && flow.route.empty()) table.refuse("links", "none", "at least one");
    flow.intervals = intervals(table, "flow_veh_per_h");
    demand_.routes.push_back(std::move(flow));
  }

  static std::vector<RouteFlow::Interval> intervals(Table& table, const char* flow_key) {
    std::vector<RouteFlow::Interval> all;
    table.each("intervals", [&](Table& row) {
      RouteFlow::Interval interval;
      interval.begin = std::chrono::seconds{row.integer("begin_s", 0, week_s)};
      interval.end = std::chrono::seconds{row.integer("end_s", 0, week_s)};
      interval.flow_veh_per_h = row.number(flow_key, {0, flow_max_per_h});
      const auto least = all.empty() ? std::chrono::seconds{0} : all.back().end;
      if (interval.begin < least || interval.end <= interval.begin) {
        row.refuse("begin_s",
                   fmt::format("{} to {} s", interval.begin.count(), interval.end.count()),
                   fmt::format("from {} s on, ending later than it begins", least.count()));
      }
      all.push_back(interval);
    });
    return all;
  }

  Table& file_;
  const Network& network_;
  std::unordered_set<std::uint64_t> joined_;
  Demand demand_;
};

std::string type_text(const VehicleType& type) {
  return JsonObject()
      .text("name", type.name)
      .text("class", name_of(type.vehicle_class))
      .number("share", type.share)
      .number("length_m", type.length_m)
      .number("gap_min_m", type.gap_min_m)
      .number("acceleration_mps2", type.acceleration_mps2)
      .number("deceleration_mps2", type.deceleration_mps2)
      .number("speed_max_mps", type.speed_max_mps)
      .number("speed_factor_mean", type.speed_factor_mean)
      .number("speed_factor_deviation", type.speed_factor_deviation)
      .number("imperfection", type.imperfection)
      .number("reaction_s", type.reaction_s)
      .done();
}

std::string intervals_text(const std::vector<RouteFlow::Interval>& intervals,
                           const char* flow_key) {
  std::string text = "[";
  for (const RouteFlow::Interval& interval : intervals) {
    text += (text.size() > 1 ? "," : "") + JsonObject()
                                               .integer("begin_s", interval.begin.count())
                                               .integer("end_s", interval.end.count())
                                               .number(flow_key, interval.flow_veh_per_h)
                                               .done();
  }
  return text + "]";
}

}  // namespace

Result<Demand> read_demand_text(std::string_view text, const std::string& file,
                                const Network& network) {
  const Result<Node> node = city::parse_json(text, file);
  if (!node) return node.error();
  Reading reading(file);
  Demand demand;
  {
    Table table(reading, *node, "");
    demand = DemandReader(table, network).read();
  }
  if (const Done done = reading.done(); !done) return done.error();
  return demand;
}

std::string demand_text(const Demand& demand, const Network& network) {
  std::vector<std::string> types, routes, pedestrians;
  for (const VehicleType& type : demand.types) types.push_back(type_text(type));
  for (const RouteFlow& flow : demand.routes) {
    std::vector<std::string> links;
    links.reserve(flow.route.size());
    for (const LinkIndex link : flow.route) links.push_back(network.link(link).id.text());
    routes.push_back(JsonObject()
                         .raw("links", city::json_texts(links))
                         .raw("intervals", intervals_text(flow.intervals, "flow_veh_per_h"))
                         .done());
  }
  for (const PedestrianFlow& flow : demand.pedestrians) {
    pedestrians.push_back(
        JsonObject()
            .text("crossing", network.crossing(flow.crossing).id.text())
            .raw("intervals", intervals_text(flow.intervals, "flow_persons_per_h"))
            .done());
  }
  return fmt::format("{{\n \"types\": {},\n \"routes\": {},\n \"pedestrians\": {}\n}}\n",
                     city::json_lines(types, 2), city::json_lines(routes, 2),
                     city::json_lines(pedestrians, 2));
}

}  // namespace chorraha
