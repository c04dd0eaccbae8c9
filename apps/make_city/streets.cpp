#include "apps/make_city/streets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace chorraha::make_city {
namespace {

constexpr double lane_step_m = 4;
constexpr double lane_tolerance_m = 0.04;
constexpr double taper_m = 24;  // over which a pocket opens
constexpr double joint_m = 2;   // between a road and its part with the pocket
constexpr double left_speed_mps = 8.3;
constexpr double right_speed_mps = 6.5;
constexpr double main_lane_least_m = 40;

class Builder {
 public:
  explicit Builder(const Layout& layout) : layout_(layout) {
    streets_.arms.resize(layout.crossroads.size());
    for (std::size_t c = 0; c < layout.crossroads.size(); ++c)
      streets_.arms[c].resize(layout.crossroads[c].arms.size());
  }

  Streets build() {
    for (const Crossroads& crossroads : layout_.crossroads) add_junction(crossroads);
    for (std::size_t i = 0; i < layout_.segments.size(); ++i) {
      add_road(layout_.segments[i], 1);
      add_road(layout_.segments[i], -1);
    }
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c) {
      for (std::size_t a = 0; a < layout_.crossroads[c].arms.size(); ++a) add_walk(c, a);
    }
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c) add_movements(c);
    add_foes();
    return std::move(streets_);
  }

 private:
  [[nodiscard]] const Street& street(std::size_t s) const { return layout_.streets[s]; }
  [[nodiscard]] std::size_t arm_place(std::size_t c, std::size_t s, int sign) const {
    const auto& arms = layout_.crossroads[c].arms;
    const Arm* arm = layout_.arm(c, s, sign);
    return static_cast<std::size_t>(arm - arms.data());
  }
  [[nodiscard]] const Arm* opposite(std::size_t c, const Arm& arm) const {
    return layout_.arm(c, arm.street, -arm.sign);
  }

  // The ring of kerbs: the ends of the walks' both sides, arm by arm.
  void add_junction(const Crossroads& crossroads) {
    Junction junction;
    junction.id = IntersectionId{crossroads.id};
    junction.name = crossroads.name;
    junction.centre = to_cm(crossroads.centre);
    for (const Arm& arm : crossroads.arms) {
      const double half_m = street(arm.street).half_width_m();
      for (const double side : {-1.0, 1.0})
        junction.outline.push_back(to_cm(on_arm(arm, arm.stop_m, side * half_m)));
    }
    streets_.parts.junctions.push_back(std::move(junction));
  }

  // `right_m` to the right of somebody who drives out of the crossroads.
  [[nodiscard]] Point on_arm(const Arm& arm, double from_middle_m, double right_m) const {
    return place(arm.street, arm.sign, arm.station_m + arm.sign * from_middle_m, right_m);
  }
  [[nodiscard]] Point place(std::size_t s, int sign, double station_m, double right_m) const {
    const Curve& curve = street(s).curve;
    return curve.at(station_m) + (right_m * sign) * right_of(curve.tangent(station_m));
  }

  // Both parts of one direction of a segment: the road, and before the stop line the part with the
  // pocket, if there is one.
  void add_road(const Segment& segment, int sign) {
    const std::size_t from = sign > 0 ? segment.first : segment.last;
    const std::size_t to = sign > 0 ? segment.last : segment.first;
    double begin_m = sign > 0 ? segment.begin_m : segment.end_m;
    double end_m = sign > 0 ? segment.end_m : segment.begin_m;
    if (from != Segment::edge) begin_m += sign * layout_.arm(from, segment.street, sign)->stop_m;
    if (to != Segment::edge) end_m -= sign * layout_.arm(to, segment.street, -sign)->stop_m;
    const std::string id = name_of_end(segment, from) + "-" + name_of_end(segment, to);

    const double pocket_m = pocket_length_m(segment, to, sign, std::abs(end_m - begin_m));
    const double main_end_m = pocket_m > 0 ? end_m - sign * (pocket_m + joint_m) : end_m;
    const int lanes = street(segment.street).description.lanes;
    const LinkIndex main = add_link(segment.street, sign, id, {begin_m, main_end_m}, lanes);
    LinkIndex last = main;
    if (pocket_m > 0) {
      last = add_link(segment.street, sign, id + "a", {end_m - sign * pocket_m, end_m}, lanes + 1);
      join_to_pocket(main, last);
    }
    if (from != Segment::edge) {
      link(main).upstream = IntersectionIndex{from};
      streets_.arms[from][arm_place(from, segment.street, sign)].out = link(main).lanes;
    }
    if (to != Segment::edge) {
      link(last).downstream = IntersectionIndex{to};
      ArmLanes& arm = streets_.arms[to][arm_place(to, segment.street, -sign)];
      arm.in = link(last).lanes;
      arm.pocket = pocket_m > 0;
    }
  }

  Link& link(LinkIndex i) { return streets_.parts.links[i.value()]; }
  Lane& lane(LaneIndex i) { return streets_.parts.lanes[i.value()]; }

  [[nodiscard]] std::string name_of_end(const Segment& segment, std::size_t crossroads) const {
    if (crossroads != Segment::edge) return layout_.crossroads[crossroads].id;
    const bool first = segment.first == Segment::edge;
    return street(segment.street).description.id + (first ? "_begin" : "_end");
  }

  // 0: no pocket. The opposite pocket shares the median, so each gets less than half of it.
  [[nodiscard]] double pocket_length_m(const Segment& segment, std::size_t to, int sign,
                                       double road_m) const {
    if (to == Segment::edge || !street(segment.street).has_pockets()) return 0;
    const Arm& arm = *layout_.arm(to, segment.street, -sign);
    if (!has_left(to, arm) || opposite(to, arm) == nullptr) return 0;
    const bool shared = segment.first != Segment::edge && segment.last != Segment::edge;
    const double most_m = shared ? road_m / 2 - joint_m : road_m - main_lane_least_m - joint_m;
    return std::floor(std::min(street(segment.street).description.pocket_m, most_m));
  }

  [[nodiscard]] bool has_left(std::size_t c, const Arm& in) const {
    return std::ranges::any_of(layout_.crossroads[c].arms,
                               [&](const Arm& out) { return turn_of(in, out) == Turn::left; });
  }

  // From one arm to another; the same street goes straight on.
  static Turn turn_of(const Arm& in, const Arm& out) {
    if (&in == &out || (in.street == out.street && in.sign == out.sign)) return Turn::u_turn;
    if (in.street == out.street) return Turn::straight;
    return cross(-1 * in.outward, out.outward) > 0 ? Turn::left : Turn::right;
  }

  LinkIndex add_link(std::size_t s, int sign, const std::string& id,
                     std::pair<double, double> stations_m, int lanes) {
    const StreetDescription& description = street(s).description;
    const LinkIndex at{streets_.parts.links.size()};
    Link link;
    link.id = LinkId{id};
    const auto name = description.names.find("uz-Latn");
    link.street = name != description.names.end() ? name->second : description.id;
    for (int number = 0; number < lanes; ++number) {
      Lane lane;
      lane.id = LaneId{id + "_" + std::to_string(number)};
      lane.link = at;
      lane.number = number;
      lane.shape = lane_shape(s, sign, stations_m, number);
      lane.speed_limit_mps = to_cm(description.speed_mps);
      lane.width_m = number == description.lanes ? description.median_m : description.lane_width_m;
      link.lanes.emplace_back(streets_.parts.lanes.size());
      streets_.parts.lanes.push_back(std::move(lane));
    }
    share_length(link);
    streets_.parts.links.push_back(std::move(link));
    streets_.link_classes.push_back(description.link_class);
    streets_.street_of_link.push_back(s);
    return at;
  }

  // Side by side on all lanes is the same position, so they share one length: the lanes' mean.
  void share_length(const Link& link) {
    double sum_m = 0;
    for (const LaneIndex index : link.lanes) sum_m += length_m(lane(index).shape);
    const double mean_m = to_cm(sum_m / static_cast<double>(link.lanes.size()));
    for (const LaneIndex index : link.lanes) lane(index).length_m = mean_m;
  }

  // To the right of the road's middle. The pocket, one more than the street has lanes, begins over
  // its neighbour and swings into the median.
  static double right_m(const StreetDescription& street, int number, double from_begin_m) {
    const auto of_lane = [&](int n) {
      return street.median_m / 2 + (street.lanes - n - 0.5) * street.lane_width_m;
    };
    if (number < street.lanes) return of_lane(number);
    const double t = std::min(from_begin_m / taper_m, 1.0);
    return (1 - t * t * (3 - 2 * t)) * of_lane(street.lanes - 1);
  }

  [[nodiscard]] Polyline lane_shape(std::size_t s, int sign, std::pair<double, double> stations_m,
                                    int number) const {
    Polyline line;
    const double all_m = std::abs(stations_m.second - stations_m.first);
    const int pieces = std::max(1, static_cast<int>(std::ceil(all_m / lane_step_m)));
    for (int i = 0; i <= pieces; ++i) {
      const double from_begin_m = all_m * i / pieces;
      line.push_back(place(s, sign, stations_m.first + sign * from_begin_m,
                           right_m(street(s).description, number, from_begin_m)));
    }
    return to_cm(simplified(line, lane_tolerance_m));
  }

  void join_to_pocket(LinkIndex from, LinkIndex to) {
    const std::size_t lanes = link(from).lanes.size();
    for (std::size_t n = 0; n <= lanes; ++n) {
      const LaneIndex a = link(from).lanes[std::min(n, lanes - 1)];
      add_movement(a, link(to).lanes[n], Turn::straight, IntersectionIndex::none());
    }
  }

  MovementIndex add_movement(LaneIndex from, LaneIndex to, Turn turn, IntersectionIndex at) {
    const MovementIndex index{streets_.parts.movements.size()};
    Movement movement;
    movement.from = from;
    movement.to = to;
    movement.id = MovementId{lane(from).id.text() + ">" + lane(to).id.text()};
    movement.turn = turn;
    movement.intersection = at;
    const Polyline& a = lane(from).shape;
    const Polyline& b = lane(to).shape;
    constexpr int pieces = 12;
    movement.shape = to_cm(simplified(turn_curve(a.back(), unit(a.back() - a[a.size() - 2]),
                                                 b.front(), unit(b[1] - b.front()), pieces),
                                      lane_tolerance_m));
    movement.length_m = to_cm(length_m(movement.shape));
    const double limit_mps = std::min(lane(from).speed_limit_mps, lane(to).speed_limit_mps);
    movement.speed_limit_mps = turn == Turn::left    ? std::min(limit_mps, left_speed_mps)
                               : turn == Turn::right ? std::min(limit_mps, right_speed_mps)
                                                     : limit_mps;
    streets_.parts.movements.push_back(std::move(movement));
    return index;
  }

  void add_walk(std::size_t c, std::size_t a) {
    const Arm& arm = layout_.crossroads[c].arms[a];
    const double half_m = street(arm.street).half_width_m();
    Crossing crossing;
    crossing.id = CrossingId{layout_.crossroads[c].id + "_" + arm.compass + "_walk"};
    crossing.intersection = IntersectionIndex{c};
    crossing.shape =
        to_cm(Polyline{on_arm(arm, arm.walk_m, -half_m), on_arm(arm, arm.walk_m, half_m)});
    streets_.arms[c][a].walk = CrossingIndex{streets_.parts.crossings.size()};
    streets_.parts.crossings.push_back(std::move(crossing));
  }

  void add_movements(std::size_t c) {
    const auto& arms = layout_.crossroads[c].arms;
    for (std::size_t a = 0; a < arms.size(); ++a) {
      for (std::size_t b = 0; b < arms.size(); ++b) {
        const Turn turn = turn_of(arms[a], arms[b]);
        if (turn != Turn::u_turn) add_turn(c, {a, b}, turn);
      }
    }
  }

  void add_turn(std::size_t c, std::pair<std::size_t, std::size_t> arms, Turn turn) {
    ArmLanes& in = streets_.arms[c][arms.first];
    const ArmLanes& out = streets_.arms[c][arms.second];
    auto& ways = turn == Turn::left ? in.left : turn == Turn::right ? in.right : in.straight;
    for (const std::size_t n : lanes_for(c, arms.first, turn)) {
      const std::size_t to = turn == Turn::left    ? out.out.size() - 1
                             : turn == Turn::right ? 0
                                                   : std::min(n, out.out.size() - 1);
      ways.push_back(add_movement(in.in[n], out.out[to], turn, IntersectionIndex{c}));
      streets_.parts.movements.back().crossings = {in.walk, out.walk};
    }
  }

  // Lanes of an approach, by place in `in`, that a turn may use.
  [[nodiscard]] std::vector<std::size_t> lanes_for(std::size_t c, std::size_t a, Turn turn) const {
    const ArmLanes& in = streets_.arms[c][a];
    const std::size_t last = in.in.size() - 1;
    if (turn == Turn::right) return {0};
    if (turn == Turn::left) return {last};
    std::vector<std::size_t> lanes;
    for (std::size_t n = 0; n <= last - (in.pocket ? 1 : 0); ++n) lanes.push_back(n);
    return lanes;
  }

  // Right of way when the signals are off, and of permissive turns when they are on: the street of
  // the higher class goes first, of equal ones the one described first; on one street the left turn
  // gives way.
  [[nodiscard]] bool gives_way(const Movement& a, const Movement& b) const {
    const auto rank = [this](const Movement& movement) {
      const LinkIndex link = streets_.parts.lanes[movement.from.value()].link;
      return std::pair(streets_.link_classes[link.value()], streets_.street_of_link[link.value()]);
    };
    if (rank(a) != rank(b)) return rank(a) > rank(b);
    return a.turn == Turn::left && b.turn != Turn::left;
  }

  void add_foes() {
    auto& movements = streets_.parts.movements;
    std::vector<std::vector<MovementIndex>> by_junction(layout_.crossroads.size());
    for (std::size_t i = 0; i < movements.size(); ++i) {
      if (movements[i].intersection.valid())
        by_junction[movements[i].intersection.value()].emplace_back(i);
    }
    for (const auto& here : by_junction) {
      for (const MovementIndex a : here) {
        for (const MovementIndex b : here) add_foe(movements[a.value()], b);
      }
    }
  }

  void add_foe(Movement& a, MovementIndex other) {
    const Movement& b = streets_.parts.movements[other.value()];
    const auto link_of = [this](LaneIndex i) { return streets_.parts.lanes[i.value()].link; };
    if (link_of(a.from) == link_of(b.from)) return;
    if (touches(a.shape, b.shape, foes_nearer_than_m).empty()) return;
    a.foes.push_back({other, gives_way(a, b)});
  }

  const Layout& layout_;
  Streets streets_;
};

}  // namespace

Streets build_streets(const Layout& layout) {
  return Builder(layout).build();
}

}  // namespace chorraha::make_city
