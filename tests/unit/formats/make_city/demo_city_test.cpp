// The city in config/demo_city: drawn from config/demo_city.toml, and fit to be run.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/make_city/description.hpp"
#include "apps/make_city/make_city.hpp"
#include "formats/city/city_folder.hpp"
#include "sim/virtual_camera.hpp"
#include "tests/support/places.hpp"
#include "traffic/interstage.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

fs::path config() {
  return test::source_root() / "config";
}

const City& demo() {
  static const City city = read_city(config() / "demo_city").value();
  return city;
}

std::map<std::string, std::string> files(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all[entry.path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(in),
                                                             {}};
  }
  return all;
}

TEST(DemoCity, is_what_its_description_draws) {
  const fs::path again = fs::path(::testing::TempDir()) / "chorraha_demo_city_again";
  fs::remove_all(again);

  const auto description = make_city::read_description(config() / "demo_city.toml");
  ASSERT_TRUE(description) << description.error().text();
  const auto made = make_city::make_city(*description);
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_TRUE(write_city(made->city, again));

  const auto drawn = files(again);
  const auto committed = files(config() / "demo_city");
  ASSERT_EQ(drawn.size(), committed.size());
  for (const auto& [name, text] : drawn) {
    ASSERT_TRUE(committed.contains(name)) << name;
    EXPECT_TRUE(committed.at(name) == text) << name << ": draw it again with chorraha-make-city";
  }
  fs::remove_all(again);
}

TEST(DemoCity, has_a_district_of_signals_with_two_corridors) {
  EXPECT_GE(demo().intersections.size(), 24U);
  EXPECT_EQ(demo().intersections.size(), demo().network.junctions().size());
  EXPECT_EQ(demo().assets.size(), demo().intersections.size());
  const auto count = [](Group::Kind kind) {
    return std::ranges::count(demo().groups, kind, &Group::kind);
  };
  EXPECT_EQ(count(Group::Kind::corridor), 2);
  EXPECT_EQ(count(Group::Kind::district), 1);
  for (const Group& group : demo().groups) {
    if (group.kind != Group::Kind::corridor) continue;
    EXPECT_GE(group.intersections.size(), 5U) << group.id;
  }
}

TEST(DemoCity, names_each_signal_in_latin_and_cyrillic) {
  for (const Asset& asset : demo().assets) {
    EXPECT_TRUE(asset.names.contains("uz-Latn")) << asset.intersection;
    EXPECT_TRUE(asset.names.contains("uz-Cyrl")) << asset.intersection;
    EXPECT_EQ(asset.owner, "demo");
    EXPECT_EQ(asset.crew, "demo");
    EXPECT_FALSE(asset.aliases.empty());
  }
}

TEST(DemoCity, follows_the_gost_profile) {
  for (const IntersectionConfig& junction : demo().intersections) {
    EXPECT_EQ(junction.profile(), Profile::gost);
    for (const SignalGroup& group : junction.groups()) {
      const bool walks = group.type == GroupType::pedestrian;
      EXPECT_EQ(group.red_amber, walks ? Ticks{0} : Ticks{10});
      EXPECT_EQ(group.amber, walks ? Ticks{0} : Ticks{30});
      EXPECT_EQ(group.flashing_green, walks ? Ticks{30} : Ticks{0});
    }
  }
}

TEST(DemoCity, every_group_is_in_some_stage_and_serves_something) {
  for (const IntersectionConfig& junction : demo().intersections) {
    GroupSet lit;
    for (const Stage& stage : junction.stages()) lit = lit | stage.green;
    EXPECT_EQ(lit, junction.all_groups()) << junction.id();
    for (const SignalGroup& group : junction.groups())
      EXPECT_FALSE(group.movements.empty() && group.crossings.empty()) << junction.id() << group.id;
  }
}

TEST(DemoCity, every_movement_and_walk_of_a_junction_has_its_group) {
  std::set<MovementId> movements;
  std::set<CrossingId> crossings;
  for (const IntersectionConfig& junction : demo().intersections) {
    for (const SignalGroup& group : junction.groups()) {
      for (const MovementId& id : group.movements) EXPECT_TRUE(movements.insert(id).second) << id;
      for (const CrossingId& id : group.crossings) EXPECT_TRUE(crossings.insert(id).second) << id;
    }
  }
  for (const Movement& movement : demo().network.movements())
    EXPECT_EQ(movements.contains(movement.id), movement.intersection.valid()) << movement.id;
  EXPECT_EQ(crossings.size(), demo().network.crossings().size());
}

// Left turns of arterials have their own stage, others yield; who turns over a walk yields to it.
TEST(DemoCity, left_turns_are_protected_on_arterials_and_permissive_elsewhere) {
  int arrows = 0;
  int permissive = 0;
  for (const IntersectionConfig& junction : demo().intersections) {
    for (const GroupIndex g : junction.all_groups()) {
      const SignalGroup& group = junction.group(g);
      if (!group.id.text().ends_with("_left")) continue;
      const Movement& movement =
          demo().network.movement(demo().network.find(group.movements.front()));
      const LinkIndex link = demo().network.lane(movement.from).link;
      const bool arterial = demo().link_classes[link.value()] == LinkClass::arterial;
      EXPECT_EQ(group.type, arterial ? GroupType::arrow : GroupType::vehicle);
      EXPECT_EQ(junction.yields_to(g).empty(), arterial) << junction.id() << " " << group.id;
      (arterial ? arrows : permissive) += 1;
    }
  }
  EXPECT_GT(arrows, 10);
  EXPECT_GT(permissive, 10);
}

/// Plays a timetable from stage to stage as the kernel would, with the ends of all groups known.
class Playing {
 public:
  Playing(const IntersectionConfig& junction, const Timetable& timetable)
      : junction_(junction),
        timetable_(timetable),
        begun_(junction.groups().size(), Ticks{-9999}),
        ended_(junction.groups().size(), Ticks{-9999}),
        greens_(junction.groups().size(), 0) {}

  void play(int cycles, bool earliest) {
    StageIndex now = timetable_.steps.back().stage;
    for (int cycle = 0; cycle < cycles; ++cycle) {
      for (std::size_t i = 0; i < timetable_.steps.size(); ++i) {
        const bool first = cycle == 0 && i == 0;
        enter(now, timetable_.steps[i].stage, at_, first);
        now = timetable_.steps[i].stage;
        const Ticks end =
            earliest ? timetable_.steps[i].end_earliest : timetable_.steps[i].end_latest;
        at_ = timetable_.cycle * cycle + end;
      }
    }
  }
  [[nodiscard]] const std::vector<int>& greens() const { return greens_; }

 private:
  void enter(StageIndex from, StageIndex to, Ticks at, bool first) {
    for (const InterstageEdge& edge : interstage(junction_, from, to).edges) {
      const SignalGroup& group = junction_.group(edge.group);
      const bool ends =
          edge.aspect == Aspect::amber || (edge.aspect == Aspect::red && group.amber == Ticks{0});
      if (edge.aspect == Aspect::green) begin(edge.group, at + edge.at);
      if (ends) end(edge.group, at + edge.at, first);
    }
  }

  void begin(GroupIndex g, Ticks at) {
    for (std::size_t x = 0; x < ended_.size(); ++x) {
      const GroupIndex other{x};
      if (junction_.relation(other, g) == Relation::compatible) continue;
      EXPECT_GE(at, ended_[x] + junction_.intergreen(other, g))
          << where(g) << " after " << junction_.group(other).id;
    }
    begun_[g.value()] = at;
    ++greens_[g.value()];
  }

  // The first end is of a green that began before we looked.
  void end(GroupIndex g, Ticks at, bool first) {
    ended_[g.value()] = at;
    if (first || begun_[g.value()] == Ticks{-9999}) return;
    EXPECT_GE(at - begun_[g.value()], junction_.group(g).min_green) << where(g);
  }

  [[nodiscard]] std::string where(GroupIndex g) const {
    return junction_.id().text() + " " + timetable_.id.text() + " " + junction_.group(g).id.text();
  }

  const IntersectionConfig& junction_;
  const Timetable& timetable_;
  Ticks at_{0};
  std::vector<Ticks> begun_, ended_;
  std::vector<int> greens_;
};

void check_played(const IntersectionConfig& junction, const Timetable& timetable) {
  for (const bool earliest : {false, true}) {
    Playing playing(junction, timetable);
    playing.play(4, earliest);
    for (const int greens : playing.greens()) EXPECT_GE(greens, 3) << junction.id();
  }
}

TEST(DemoCity, every_timetable_keeps_minimum_greens_and_intergreens_and_serves_all) {
  for (const IntersectionConfig& junction : demo().intersections) {
    ASSERT_GE(junction.timetables().size(), 3U);
    for (const Timetable& timetable : junction.timetables()) check_played(junction, timetable);
  }
}

TEST(DemoCity, timetables_share_a_cycle_and_stand_on_whole_seconds) {
  for (const IntersectionConfig& junction : demo().intersections) {
    for (std::size_t t = 0; t < junction.timetables().size(); ++t) {
      const Timetable& timetable = junction.timetables()[t];
      EXPECT_EQ(timetable.cycle, demo().intersections[0].timetables()[t].cycle);
      EXPECT_EQ(timetable.offset.count() % 10, 0);
      EXPECT_GE(timetable.offset, Ticks{0});
      EXPECT_LT(timetable.offset, timetable.cycle);
      for (const TimetableStep& step : timetable.steps)
        EXPECT_EQ(step.end_latest.count() % 10 + step.end_earliest.count() % 10, 0);
    }
    EXPECT_FALSE(junction.day_plan().empty());
    using namespace std::chrono_literals;
    const TimetableIndex peak = junction.timetable_at(7h + 30min, 0);
    EXPECT_EQ(junction.timetables()[peak.value()].id, TimetableId{"peak"});
  }
}

TEST(DemoCity, lanes_and_ways_join_end_to_end) {
  const Network& network = demo().network;
  for (const Movement& movement : network.movements()) {
    EXPECT_EQ(movement.shape.front(), network.lane(movement.from).shape.back()) << movement.id;
    EXPECT_EQ(movement.shape.back(), network.lane(movement.to).shape.front()) << movement.id;
    EXPECT_NEAR(movement.length_m, length_m(movement.shape), 0.01) << movement.id;
  }
  for (const Lane& lane : network.lanes())
    EXPECT_NEAR(lane.length_m / length_m(lane.shape), 1, 0.03) << lane.id;
}

TEST(DemoCity, of_two_ways_that_touch_at_most_one_gives_way) {
  const Network& network = demo().network;
  for (std::size_t i = 0; i < network.movements().size(); ++i) {
    for (const Movement::Foe& foe : network.movements()[i].foes) {
      const auto& back = network.movement(foe.movement).foes;
      const auto me = std::ranges::find(back, MovementIndex{i}, &Movement::Foe::movement);
      ASSERT_NE(me, back.end()) << network.movements()[i].id;
      EXPECT_FALSE(foe.yields_to && me->yields_to) << network.movements()[i].id;
      EXPECT_TRUE(foe.yields_to || me->yields_to ||
                  network.movements()[i].turn == network.movement(foe.movement).turn)
          << network.movements()[i].id << " and " << network.movement(foe.movement).id;
    }
  }
}

// How far before the end of `lane` the detectors of its junction lie.
std::vector<double> places_before_end_m(const Junction& junction, LaneIndex lane) {
  std::vector<double> places;
  for (const DetectorIndex index : junction.detectors) {
    const Detector& detector = demo().network.detector(index);
    if (detector.lane != lane) continue;
    places.push_back(demo().network.lane(lane).length_m - detector.position_m);
  }
  std::ranges::sort(places);
  return places;
}

TEST(DemoCity, every_lane_at_a_stop_line_is_watched_there_and_80_m_before) {
  for (const Junction& junction : demo().network.junctions()) {
    for (const LaneIndex lane : junction.approaches) {
      const std::vector<double> places = places_before_end_m(junction, lane);
      ASSERT_EQ(places.size(), 2U) << demo().network.lane(lane).id;
      EXPECT_LT(places[0], 20) << demo().network.lane(lane).id;
      EXPECT_NEAR(places[1], 80, 0.02) << demo().network.lane(lane).id;
    }
  }
}

TEST(DemoCity, what_the_camera_counts_calls_the_groups_of_its_lanes) {
  ASSERT_EQ(demo().cameras.size(), 1U);
  const CameraConfig& camera = demo().cameras[0];
  const IntersectionIndex at = demo().network.find(IntersectionId{camera.intersection});
  const IntersectionConfig& junction = demo().intersections[at.value()];
  ASSERT_GE(camera.lines.size(), 2U);
  EXPECT_TRUE(camera.show_pictures);
  for (const CountingLine& line : camera.lines) {
    const Detector& detector = demo().network.detector(demo().network.find(line.detector));
    EXPECT_TRUE(detector.camera);
    const auto use = std::ranges::find(junction.detectors(), line.detector, &DetectorUse::id);
    ASSERT_NE(use, junction.detectors().end());
    EXPECT_EQ(use->input, DetectorUse::Input::camera);
    EXPECT_FALSE(use->calls.empty());
    for (const Detector& other : demo().network.detectors()) {
      if (other.lane != detector.lane || other.id == detector.id) continue;
      EXPECT_GT(detector.position_m - other.position_m, 30) << "a loop where the camera counts";
    }
  }
}

// Seen from its mast, a line lies between the edges of its lane, at its detector's place.
TEST(DemoCity, the_camera_sees_each_line_across_its_lane) {
  const CameraConfig& camera = demo().cameras[0];
  const PictureSize size{camera.width, camera.height};
  for (const CountingLine& line : camera.lines) {
    const Detector& detector = demo().network.detector(demo().network.find(line.detector));
    const Lane& lane = demo().network.lane(detector.lane);
    const Pose middle =
        pose_at(lane.shape, detector.position_m / lane.length_m * length_m(lane.shape));
    const auto beside = [&](double right_m) {
      const Point at{middle.at.x_m + right_m * std::sin(middle.heading_rad),
                     middle.at.y_m - right_m * std::cos(middle.heading_rad)};
      return project(*camera.pose, size, at).value();
    };
    const Pixel right_edge = beside(lane.width_m / 2);
    const Pixel left_edge = beside(-lane.width_m / 2);

    EXPECT_GT(line.p1.x, right_edge.x) << line.name;
    EXPECT_LT(line.p2.x, left_edge.x) << line.name;
    EXPECT_NEAR((line.p1.x + line.p2.x) / 2, beside(0).x, 0.5) << line.name;
    EXPECT_NEAR((line.p1.y + line.p2.y) / 2, beside(0).y, 0.5) << line.name;
    EXPECT_GT(line.p2.x - line.p1.x, 40) << "too few pixels to count in";
    EXPECT_EQ(line.direction, PictureDirection::down);
  }
}

TEST(DemoCity, traffic_peaks_in_the_morning) {
  using namespace std::chrono_literals;
  double peak = 0;
  double night = 0;
  for (const RouteFlow& route : demo().demand.routes) {
    for (const RouteFlow::Interval& interval : route.intervals) {
      if (interval.begin <= 7h + 30min && interval.end > 7h + 30min)
        peak += interval.flow_veh_per_h;
      if (interval.begin <= 3h && interval.end > 3h) night += interval.flow_veh_per_h;
    }
  }
  EXPECT_GT(peak, 5000);
  EXPECT_LT(night, 0.3 * peak);
  EXPECT_EQ(demo().demand.pedestrians.size(), demo().network.crossings().size());
}

TEST(DemoCity, fits_in_three_megabytes) {
  std::size_t bytes = 0;
  for (const auto& [name, text] : files(config() / "demo_city")) bytes += text.size();
  EXPECT_LT(bytes, 3U << 20);
}

}  // namespace
}  // namespace chorraha
