#include "apps/make_city/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

namespace chorraha::make_city {
namespace {

constexpr double curve_step_m = 4;
constexpr double stub_max_m = 60;  // shorter ends are cut: a T
constexpr double row_m = 200;      // crossroads are numbered by rows of this height
constexpr double corner_m = 3;     // from the cross street's kerb to the walk
constexpr double walk_width_m = 4;
constexpr double walk_to_stop_m = 1.5;  // GOST R 52289: stop line 1 m and more before a walk
constexpr double between_min_m = 60;    // of lanes between two stop lines

struct Passing {
  std::size_t crossroads = 0;
  double station_m = 0;
};

std::string compass_of(Point outward) {
  constexpr std::array<const char*, 4> names{"N", "E", "S", "W"};
  const double clockwise = std::atan2(outward.x_m, outward.y_m) / (std::numbers::pi / 2);
  return names[static_cast<std::size_t>(std::lround(clockwise) + 4) % 4];
}

double clockwise_of(Point outward) {
  const double angle = std::atan2(outward.x_m, outward.y_m);
  return angle < -std::numbers::pi / 4 ? angle + 2 * std::numbers::pi : angle;
}

class Surveyor {
 public:
  explicit Surveyor(const Description& description) {
    for (const StreetDescription& street : description.streets)
      layout_.streets.push_back({street, Curve(smooth(street.points, curve_step_m))});
    passings_.resize(layout_.streets.size());
  }

  Result<Layout> survey() {
    find_crossroads();
    number_crossroads();
    cut_streets();
    if (const Done done = place_stop_lines(); !done) return done.error();
    if (const Done done = check_spacing(); !done) return done.error();
    return std::move(layout_);
  }

 private:
  void find_crossroads() {
    for (std::size_t a = 0; a < layout_.streets.size(); ++a) {
      for (std::size_t b = a + 1; b < layout_.streets.size(); ++b) {
        const auto meeting = meeting_of(layout_.streets[a].curve, layout_.streets[b].curve);
        if (!meeting) continue;
        Crossroads crossroads;
        crossroads.centre = layout_.streets[a].curve.at(meeting->on_a_m);
        crossroads.name = fmt::format("{} / {}", short_name(a), short_name(b));
        passings_[a].push_back({layout_.crossroads.size(), meeting->on_a_m});
        passings_[b].push_back({layout_.crossroads.size(), meeting->on_b_m});
        layout_.crossroads.push_back(std::move(crossroads));
      }
    }
  }

  [[nodiscard]] std::string short_name(std::size_t street) const {
    const auto& names = layout_.streets[street].description.short_names;
    return names.empty() ? layout_.streets[street].description.id : names.rbegin()->second;
  }

  // Rows from north to south, west to east in a row.
  void number_crossroads() {
    std::vector<std::size_t> order(layout_.crossroads.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto place = [this](std::size_t i) {
      const Point at = layout_.crossroads[i].centre;
      return std::pair(std::lround(-at.y_m / row_m), at.x_m);
    };
    std::ranges::sort(order, {}, place);
    std::vector<std::size_t> rank(order.size());
    std::vector<Crossroads> sorted;
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank[order[i]] = i;
      sorted.push_back(std::move(layout_.crossroads[order[i]]));
      sorted.back().id = fmt::format("J{:02}", i + 1);
    }
    layout_.crossroads = std::move(sorted);
    for (auto& street : passings_) {
      for (Passing& passing : street) passing.crossroads = rank[passing.crossroads];
      std::ranges::sort(street, {}, &Passing::station_m);
    }
  }

  void cut_streets() {
    for (std::size_t s = 0; s < layout_.streets.size(); ++s) {
      const Street& street = layout_.streets[s];
      std::size_t before = Segment::edge;
      double station_m = 0;
      for (const Passing& passing : passings_[s]) {
        add_segment({s, station_m, passing.station_m, before, passing.crossroads});
        before = passing.crossroads;
        station_m = passing.station_m;
      }
      if (before != Segment::edge)
        add_segment({s, station_m, street.curve.length_m(), before, Segment::edge});
    }
    for (Crossroads& crossroads : layout_.crossroads)
      std::ranges::sort(crossroads.arms, {},
                        [](const Arm& arm) { return clockwise_of(arm.outward); });
  }

  void add_segment(const Segment& segment) {
    const double length_m = segment.end_m - segment.begin_m;
    const bool at_edge = segment.first == Segment::edge || segment.last == Segment::edge;
    if (at_edge && length_m < stub_max_m) return;
    layout_.segments.push_back(segment);
    if (segment.first != Segment::edge) add_arm(segment, segment.first, 1);
    if (segment.last != Segment::edge) add_arm(segment, segment.last, -1);
  }

  void add_arm(const Segment& segment, std::size_t crossroads, int sign) {
    // The direction of an arm is taken where its walk will be, not in the middle.
    constexpr double look_m = 20;
    const Street& street = layout_.streets[segment.street];
    Arm arm;
    arm.street = segment.street;
    arm.sign = sign;
    arm.station_m = sign > 0 ? segment.begin_m : segment.end_m;
    arm.reach_m = segment.end_m - segment.begin_m;
    arm.outward =
        unit(street.curve.at(arm.station_m + sign * look_m) - street.curve.at(arm.station_m));
    arm.compass = compass_of(arm.outward);
    layout_.crossroads[crossroads].arms.push_back(arm);
  }

  // A walk lies behind the kerbs of the streets to its left and right, over the whole width of its
  // own; the stop line lies behind the walk.
  Done place_stop_lines() {
    for (Crossroads& crossroads : layout_.crossroads) {
      for (Arm& arm : crossroads.arms) {
        const Result<double> kerb_m = kerb_of(crossroads, arm);
        if (!kerb_m) return kerb_m.error();
        arm.walk_m = std::ceil(*kerb_m + corner_m + walk_width_m / 2);
        arm.stop_m = arm.walk_m + walk_width_m / 2 + walk_to_stop_m;
      }
    }
    return {};
  }

  // How far the cross street's kerbs reach on this arm, from the middle.
  [[nodiscard]] Result<double> kerb_of(const Crossroads& crossroads, const Arm& arm) const {
    const double own_m = layout_.streets[arm.street].half_width_m();
    double kerb_m = 0;
    for (const Arm& other : crossroads.arms) {
      if (other.street == arm.street) continue;
      const double sine = std::abs(cross(arm.outward, other.outward));
      const double cosine = std::abs(dot(arm.outward, other.outward));
      if (sine < 0.5) {
        return Fault{
            Reason::not_possible, "crossroads " + crossroads.name,
            fmt::format("an angle of {:.0f} degrees", std::asin(sine) * 180 / std::numbers::pi),
            "at least 30 degrees"};
      }
      const double half_m = layout_.streets[other.street].half_width_m();
      kerb_m = std::max(kerb_m, (half_m + own_m * cosine) / sine);
    }
    return kerb_m;
  }

  [[nodiscard]] Done check_spacing() const {
    for (const Segment& segment : layout_.segments) {
      double stops_m = 0;
      for (const auto& [crossroads, sign] :
           {std::pair(segment.first, 1), std::pair(segment.last, -1)}) {
        if (crossroads != Segment::edge)
          stops_m += layout_.arm(crossroads, segment.street, sign)->stop_m;
      }
      const double left_m = segment.end_m - segment.begin_m - stops_m;
      if (left_m >= between_min_m) continue;
      return Fault{Reason::not_possible,
                   fmt::format("street {} at {:.0f} m",
                               layout_.streets[segment.street].description.id, segment.begin_m),
                   fmt::format("{:.0f} m between stop lines", left_m),
                   fmt::format("at least {:.0f} m", between_min_m)};
    }
    return {};
  }

  Layout layout_;
  std::vector<std::vector<Passing>> passings_;  // by street
};

}  // namespace

const Arm* Layout::arm(std::size_t at, std::size_t street, int sign) const {
  for (const Arm& each : crossroads[at].arms) {
    if (each.street == street && each.sign == sign) return &each;
  }
  return nullptr;
}

Result<Layout> lay_out(const Description& description) {
  return Surveyor(description).survey();
}

}  // namespace chorraha::make_city
