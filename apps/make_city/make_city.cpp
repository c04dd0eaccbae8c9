#include "apps/make_city/make_city.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "apps/make_city/detectors.hpp"
#include "apps/make_city/geometry.hpp"
#include "apps/make_city/layout.hpp"
#include "apps/make_city/signals.hpp"
#include "apps/make_city/streets.hpp"
#include "apps/make_city/timetables.hpp"
#include "apps/make_city/traffic_model.hpp"
#include "formats/city/intersection_file.hpp"

namespace chorraha::make_city {
namespace {

constexpr double background_step_m = 25;
constexpr double background_tolerance_m = 0.5;

std::vector<MapArea> background_of(const Description& description) {
  std::vector<MapArea> areas;
  for (const CanalDescription& canal : description.canals) {
    const Curve curve(smooth(canal.points, background_step_m));
    MapArea area{MapArea::Kind::river, canal.name, {}};
    Polyline back;
    for (const double station_m : curve.stations()) {
      const Point aside = canal.width_m / 2 * right_of(curve.tangent(station_m));
      area.polygon.push_back(curve.at(station_m) + aside);
      back.push_back(curve.at(station_m) - aside);
    }
    area.polygon.insert(area.polygon.end(), back.rbegin(), back.rend());
    area.polygon = to_cm(area.polygon);
    areas.push_back(std::move(area));
  }
  for (const ParkDescription& park : description.parks) {
    areas.push_back(
        {MapArea::Kind::park, park.name,
         to_cm(simplified(smooth_closed(park.points, background_step_m), background_tolerance_m))});
  }
  return areas;
}

// "Navoiy / Amir Temur" in each language in which both streets have a name.
Asset asset_of(std::size_t number, const Crossroads& crossroads, const Layout& layout) {
  Asset asset;
  asset.intersection = IntersectionId{crossroads.id};
  asset.number = static_cast<int>(number) + 1;
  asset.owner = asset.crew = "demo";
  std::vector<std::size_t> streets;
  for (const Arm& arm : crossroads.arms) {
    if (std::ranges::find(streets, arm.street) == streets.end()) streets.push_back(arm.street);
  }
  std::ranges::sort(streets);
  for (const std::size_t s : streets) {
    const StreetDescription& street = layout.streets[s].description;
    for (const auto& [language, name] : street.short_names) {
      std::string& all = asset.names[language];
      all += (all.empty() ? "" : " / ") + name;
    }
    for (const auto& [language, name] : street.names) asset.aliases.push_back(name);
  }
  return asset;
}

// Four feeds and two switches by quarter of the city, so that one fault has several victims.
void connect(std::vector<Asset>& assets, const Layout& layout) {
  Point middle;
  for (const Crossroads& crossroads : layout.crossroads)
    middle = middle + (1.0 / static_cast<double>(layout.crossroads.size())) * crossroads.centre;
  for (std::size_t c = 0; c < assets.size(); ++c) {
    const Point at = layout.crossroads[c].centre - middle;
    const int quarter = (at.y_m > 0 ? 0 : 2) + (at.x_m > 0 ? 2 : 1);
    assets[c].feed = "TP-" + std::to_string(quarter);
    assets[c].switch_name = at.y_m > 0 ? "SW-1" : "SW-2";
  }
}

Group corridor_of(std::size_t s, const Layout& layout) {
  const Street& street = layout.streets[s];
  Group group{street.description.id, Group::Kind::corridor, street.description.names, {}};
  for (const Segment& segment : layout.segments) {
    if (segment.street == s && segment.last != Segment::edge)
      group.intersections.emplace_back(layout.crossroads[segment.last].id);
  }
  return group;
}

std::vector<Group> groups_of(const Description& description, const Layout& layout,
                             const std::vector<Asset>& assets) {
  std::vector<Group> groups;
  for (std::size_t s = 0; s < layout.streets.size(); ++s) {
    if (layout.streets[s].description.link_class == LinkClass::arterial)
      groups.push_back(corridor_of(s, layout));
  }
  Group district{"district", Group::Kind::district, {{"uz-Latn", description.name}}, {}};
  std::map<std::string, Group> wired;
  for (const Asset& asset : assets) {
    district.intersections.push_back(asset.intersection);
    for (const auto& [id, kind] : {std::pair(asset.feed, Group::Kind::feed),
                                   std::pair(asset.switch_name, Group::Kind::network_switch)}) {
      Group& group = wired.try_emplace(id, Group{id, kind, {}, {}}).first->second;
      group.intersections.push_back(asset.intersection);
    }
  }
  groups.push_back(std::move(district));
  for (auto& [id, group] : wired) groups.push_back(std::move(group));
  return groups;
}

/// The steps from description to city, each with what the former ones made.
class Maker {
 public:
  explicit Maker(const Description& description) : description_(description) {}

  Result<MadeCity> make() {
    Result<Layout> layout = lay_out(description_);
    if (!layout) return layout.error();
    layout_ = *std::move(layout);
    streets_ = build_streets(layout_);
    Result<Detectors> detectors = add_detectors(description_, layout_, streets_);
    if (!detectors) return detectors.error();
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c)
      signals_.push_back(build_signals(c, layout_, streets_, *detectors));
    if (const Done done = load(); !done) return done.error();
    const Done timed = add_timetables(description_, layout_, ratios_,
                                      segment_balance(layout_, streets_, flows_), signals_);
    if (!timed) return timed.error();
    return city(std::move(detectors->cameras));
  }

 private:
  // Lays the peak's traffic on the streets and scales it until the most loaded junction is as full
  // as the description says.
  Done load() {
    Result<std::vector<PeakRoute>> routes = assign_peak(description_, layout_, streets_);
    if (!routes) return routes.error();
    routes_ = *std::move(routes);
    flows_ = movement_flows(routes_, streets_);
    const std::vector<double> flows = flows_;
    const double all = fullest_at(1, flows);
    if (!(all > 0)) {
      return Fault{Reason::not_possible, "the streets", "no traffic",
                   "inflow_veh_per_h and outflow_weight above 0"};
    }
    // The fuller the streets, the fuller the fullest junction: bisection.
    double least = 0;
    double most = 1;
    while (fullest_at(most, flows) < description_.degree_of_saturation) most *= 2;
    constexpr int halvings = 40;
    for (int i = 0; i < halvings; ++i) {
      const double middle = (least + most) / 2;
      (fullest_at(middle, flows) < description_.degree_of_saturation ? least : most) = middle;
    }
    (void)fullest_at(least, flows);
    for (PeakRoute& route : routes_) route.flow_veh_per_h *= least;
    return {};
  }

  // Lays `factor` times the flows on the streets; gives the fullest junction or left turn.
  double fullest_at(double factor, const std::vector<double>& flows) {
    for (std::size_t i = 0; i < flows.size(); ++i) flows_[i] = factor * flows[i];
    ratios_.clear();
    double fullest = 0;
    for (std::size_t c = 0; c < signals_.size(); ++c) {
      FlowRatios ratios;
      ratios.reserve(signals_[c].units.size());
      for (const StageUnit& unit : signals_[c].units)
        ratios.push_back(flow_ratio(unit, signals_[c], streets_, flows_));
      ratios_.push_back(std::move(ratios));
      fullest = std::max(fullest, saturation_at(c));
    }
    return fullest;
  }

  [[nodiscard]] double saturation_at(std::size_t c) const {
    const double cycle_s = peak_cycle_s();
    double fullest = degree_of_saturation(signals_[c], ratios_[c], cycle_s);
    const std::vector<double> greens_s = unit_greens_s(signals_[c], ratios_[c], cycle_s);
    for (std::size_t u = 0; u < greens_s.size(); ++u) {
      fullest = std::max(fullest, permissive_saturation(signals_[c].units[u], signals_[c], streets_,
                                                        flows_, {greens_s[u], cycle_s}));
    }
    return fullest;
  }

  [[nodiscard]] double peak_cycle_s() const {
    return std::ranges::max_element(description_.timetables, {},
                                    &TimetableDescription::demand_share)
        ->cycle_s;
  }

  Result<MadeCity> city(std::vector<CameraConfig> cameras) {
    std::vector<JunctionLoad> loads = loads_of();
    Demand demand = demand_of_day(description_, layout_, streets_, routes_);
    Result<Network> network = Network::make(std::move(streets_.parts));
    if (!network) return network.error();
    City city(*std::move(network));
    city.name = description_.name;
    city.languages = description_.languages;
    city.origin = description_.origin;
    city.zone = description_.zone;
    city.date = description_.date;
    city.link_classes = streets_.link_classes;
    city.background = background_of(description_);
    city.cameras = std::move(cameras);
    city.demand = std::move(demand);
    for (const Signals& signals : signals_) {
      Result<IntersectionConfig> config = IntersectionConfig::make(signals.parts);
      if (!config) return config.error();
      city.hashes.push_back(hash_of(*config));
      city.intersections.push_back(*std::move(config));
    }
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c)
      city.assets.push_back(asset_of(c, layout_.crossroads[c], layout_));
    connect(city.assets, layout_);
    city.groups = groups_of(description_, layout_, city.assets);
    return MadeCity{std::move(city), std::move(loads)};
  }

  [[nodiscard]] std::vector<JunctionLoad> loads_of() const {
    std::vector<JunctionLoad> loads;
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c) {
      JunctionLoad load;
      load.id = layout_.crossroads[c].id;
      load.name = layout_.crossroads[c].name;
      load.stages = signals_[c].parts.stages.size();
      load.degree_of_saturation = saturation_at(c);
      for (std::size_t i = 0; i < flows_.size(); ++i) {
        if (streets_.parts.movements[i].intersection == IntersectionIndex{c})
          load.entering_veh_per_h += flows_[i];
      }
      loads.push_back(std::move(load));
    }
    return loads;
  }

  const Description& description_;
  Layout layout_;
  Streets streets_;
  std::vector<Signals> signals_;  // by crossroads
  std::vector<PeakRoute> routes_;
  std::vector<double> flows_;       // by movement
  std::vector<FlowRatios> ratios_;  // by crossroads
};

}  // namespace

Result<MadeCity> make_city(const Description& description) {
  return Maker(description).make();
}

}  // namespace chorraha::make_city
