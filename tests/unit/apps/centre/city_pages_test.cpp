#include "apps/centre/city_pages.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "formats/city/city_folder.hpp"
#include "tests/support/places.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{1'704'067'200'000ms};

/// The demo city, whose camera has one line more that drives nothing.
City city() {
  City city = read_city(test::source_root() / "config" / "demo_city").value();
  CountingLine shown = city.cameras.at(0).lines.at(0);
  shown.name = "shown only";
  shown.detector = {};
  city.cameras[0].lines.push_back(shown);
  return city;
}

Region region_of(const City& city) {
  Region::Setup setup;
  setup.network = std::make_shared<const Network>(city.network);
  setup.intersections = city.intersections;
  setup.hashes = city.hashes;
  setup.cameras = city.cameras;
  return Region::make(std::move(setup)).value();
}

struct CityPagesTest : testing::Test {
  City folder = city();
  Region region = region_of(folder);
  CityPages pages{folder, {"demo_city", true, 0ms}, begin};
  IntersectionIndex watched = folder.network.find(IntersectionId{folder.cameras[0].intersection});

  [[nodiscard]] std::string trouble(const DetectorId& id, Instant now) {
    const auto& all = folder.network.junction(watched).detectors;
    const auto place = std::ranges::find(all, folder.network.find(id)) - all.begin();
    return pages.view(region, now)
        .junctions[watched.value()]
        .detectors[static_cast<std::size_t>(place)]
        .trouble;
  }
  [[nodiscard]] CameraHealth health(Instant at) const {
    CameraHealth health;
    health.camera = folder.cameras[0].id;
    health.at = at;
    health.streaming = true;
    return health;
  }
};

TEST_F(CityPagesTest, tell_every_name_and_number_that_the_folder_knows) {
  const console::City& still = *pages.city();
  const std::size_t j01 = folder.network.find(IntersectionId{"J01"}).value();

  EXPECT_EQ(still.numbers.at(j01), 1);
  for (const char* name : {"Абдуллы Кадыри / Сагбан", "Абдулла Қодирий / Сағбон", "улица Сагбан"})
    EXPECT_EQ(std::ranges::count(still.aliases.at(j01), name), 1) << name;
  ASSERT_EQ(still.corridors.size(), 2U);  // the district is none
  EXPECT_EQ(still.corridors[0].junctions.size(), 7U);
  EXPECT_EQ(std::ranges::count(still.corridors[0].names, "проспект Навои"), 1);
}

TEST_F(CityPagesTest, class_each_street_as_the_folder_does) {
  const console::City& still = *pages.city();

  ASSERT_EQ(still.street_classes.size(), folder.network.links().size());
  for (std::size_t i = 0; i < still.street_classes.size(); ++i)
    EXPECT_EQ(still.street_classes[i] == console::StreetClass::arterial,
              folder.link_classes[i] == LinkClass::arterial);
}

TEST_F(CityPagesTest, know_vehicles_by_their_own_numbers_and_people_by_their_places) {
  StreetView street{begin, {}, {{4, 5}}};
  street.vehicles.push_back({10, 20, 0.5F, 12, VehicleClass::bus, 731, 8.5F});
  pages.street(street);

  const console::CityView view = pages.view(region, begin);

  ASSERT_EQ(view.vehicles->size(), 1U);
  EXPECT_EQ(view.vehicles->front().number, 731U);
  EXPECT_DOUBLE_EQ(view.vehicles->front().speed_mps, 8.5);
  ASSERT_EQ(view.people->size(), 1U);
  EXPECT_DOUBLE_EQ(view.people->front().x_m, 4);
}

TEST_F(CityPagesTest, count_a_line_without_a_detector_as_its_camera_does) {
  Picture picture;
  picture.camera = folder.cameras[0].id;
  for (int second = 0; second <= 60; ++second) {
    picture.at = begin + std::chrono::seconds{second};
    picture.counts = {{"shown only", 100 + static_cast<std::uint64_t>(second)}};
    pages.picture(picture);
  }

  const console::CityView view = pages.view(region, begin + 60s);

  const console::CameraView::Line& line = view.cameras[0].lines.back();
  EXPECT_EQ(line.total, 160U);
  EXPECT_EQ(line.last_minute, 60);
  EXPECT_EQ(line.counted, begin + 60s);
}

TEST_F(CityPagesTest, do_not_know_a_line_without_a_detector_before_a_picture_came) {
  const console::CameraView::Line line = pages.view(region, begin).cameras[0].lines.back();

  EXPECT_EQ(line.total, std::nullopt);
  EXPECT_EQ(line.last_minute, std::nullopt);
}

TEST_F(CityPagesTest, count_a_line_with_a_detector_as_the_centre_saw_it_until_the_camera_tells) {
  const CountingLine& line = folder.cameras[0].lines[0];
  region.saw(std::vector<Detection>{{line.detector, begin, Detection::Kind::crossing}}, begin);
  EXPECT_EQ(pages.view(region, begin).cameras[0].lines[0].total, 1U);

  Picture picture;
  picture.camera = folder.cameras[0].id;
  picture.at = begin;
  picture.counts = {{line.name, 41}};  // it counted before this centre began
  pages.picture(picture);

  const console::CameraView::Line told = pages.view(region, begin).cameras[0].lines[0];
  EXPECT_EQ(told.total, 41U);
  EXPECT_EQ(told.last_minute, 1);
}

TEST_F(CityPagesTest, do_not_believe_a_detector_whose_camera_is_silent_or_blind) {
  const DetectorId& detector = folder.cameras[0].lines[0].detector;
  EXPECT_EQ(trouble(detector, begin), "camera_silent");

  region.camera_says(health(begin));
  EXPECT_EQ(trouble(detector, begin + 1s), "");
  EXPECT_EQ(trouble(detector, begin + 4s), "camera_silent");

  CameraHealth blind = health(begin + 5s);
  blind.dark = 0.9;
  region.camera_says(blind);
  EXPECT_EQ(trouble(detector, begin + 5s), "camera_blind");
}

TEST_F(CityPagesTest, say_of_a_silent_camera_that_it_does_not_stream) {
  region.camera_says(health(begin));
  const auto told = [&](Instant now) {
    return pages.view(region, now).cameras[0].health.value_or(CameraHealth{});
  };
  EXPECT_TRUE(told(begin + 3s).streaming);

  EXPECT_FALSE(told(begin + 4s).streaming);
  EXPECT_EQ(told(begin + 4s).trouble, "not heard for 4 s");
}

TEST_F(CityPagesTest, have_nothing_against_a_loop_that_no_camera_serves) {
  const auto& all = folder.network.junction(watched).detectors;
  const auto loop = std::ranges::find_if(
      all, [&](DetectorIndex index) { return !folder.network.detector(index).camera; });

  EXPECT_EQ(trouble(folder.network.detector(*loop).id, begin), "");
}

}  // namespace
}  // namespace chorraha
