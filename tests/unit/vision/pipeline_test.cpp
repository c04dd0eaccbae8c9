#include "vision/pipeline.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/painted_street.hpp"

namespace chorraha {
namespace {

using test::PaintedStreet;
using test::PaintedVehicle;

CameraConfig camera_looking(PictureDirection direction) {
  CameraConfig camera;
  camera.id = CameraId{"painted"};
  camera.width = PaintedStreet::width;
  camera.height = PaintedStreet::height;
  camera.lines.push_back({"line", {40, 130}, {280, 130}, direction, DetectorId{"D1"}});
  return camera;
}

struct Seen {
  std::vector<LineEvent> events;
  std::vector<LineFigures> figures;
};

Seen watch(PaintedStreet street, int pictures, const CameraConfig& camera, int first = 0) {
  CountingPipeline pipeline = CountingPipeline::make(camera, PaintedStreet::fps).value();
  Seen seen;
  for (int i = first; i < first + pictures; ++i) {
    const auto events = pipeline.see(street.picture(i));
    seen.events.insert(seen.events.end(), events.begin(), events.end());
  }
  const auto rest = pipeline.finish();
  seen.events.insert(seen.events.end(), rest.begin(), rest.end());
  seen.figures = pipeline.figures();
  return seen;
}

PaintedVehicle vehicle(double begins_s, double left_px) {
  PaintedVehicle made;
  made.begins_s = begins_s;
  made.left_px = left_px;
  return made;
}

TEST(CountingPipeline, counts_each_vehicle_once_within_a_second_of_its_rear_leaving) {
  const std::vector<PaintedVehicle> vehicles{vehicle(1.5, 70), vehicle(4, 160), vehicle(6.5, 120)};

  const Seen seen = watch(PaintedStreet(vehicles), 275, camera_looking(PictureDirection::down));

  ASSERT_EQ(seen.events.size(), 3U);
  for (std::size_t i = 0; i < vehicles.size(); ++i) {
    const double rear_leaves_s =
        vehicles[i].begins_s + (130 + vehicles[i].length_px + 10) / vehicles[i].speed_px_per_s;
    EXPECT_NEAR(seen.events[i].time_s, rear_leaves_s, 1.0) << i;
  }
  EXPECT_EQ(seen.figures[0].count, 3U);
}

TEST(CountingPipeline, counts_two_vehicles_side_by_side) {
  const PaintedVehicle left = vehicle(1.5, 90);
  PaintedVehicle right = vehicle(1.5, 150);
  right.grey = 60;

  const Seen seen =
      watch(PaintedStreet({left, right}), 150, camera_looking(PictureDirection::down));

  EXPECT_EQ(seen.events.size(), 2U);
}

TEST(CountingPipeline, counts_a_vehicle_that_stands_on_the_line_for_a_long_time_once) {
  PaintedVehicle waiting = vehicle(1.5, 120);
  waiting.stops_at_px = 155;
  waiting.drives_on_s = 14;

  const Seen seen = watch(PaintedStreet({waiting}), 440, camera_looking(PictureDirection::down));

  ASSERT_EQ(seen.events.size(), 1U);
  EXPECT_GT(seen.figures[0].occupancy, 0.6);
}

TEST(CountingPipeline, does_not_count_against_the_direction) {
  PaintedVehicle against = vehicle(1.5, 120);
  against.from_px = 250;
  against.speed_px_per_s = -90;

  const Seen down = watch(PaintedStreet({against}), 120, camera_looking(PictureDirection::down));
  const Seen up = watch(PaintedStreet({against}), 120, camera_looking(PictureDirection::up));
  const Seen both = watch(PaintedStreet({against}), 120, camera_looking(PictureDirection::both));

  EXPECT_EQ(down.events.size(), 0U);
  EXPECT_EQ(up.events.size(), 1U);
  EXPECT_EQ(both.events.size(), 1U);
}

TEST(CountingPipeline, does_not_count_a_shadow) {
  PaintedVehicle with_shadow = vehicle(1.5, 90);
  with_shadow.shadow = true;

  const Seen seen =
      watch(PaintedStreet({with_shadow}), 150, camera_looking(PictureDirection::down));

  EXPECT_EQ(seen.events.size(), 1U);
}

TEST(CountingPipeline, counts_when_it_starts_in_the_middle_of_traffic) {
  // At the first picture one vehicle is on the way to the line, one has passed it.
  const std::vector<PaintedVehicle> vehicles{vehicle(0, 90), vehicle(-1.8, 200), vehicle(2.0, 150)};

  const Seen seen = watch(PaintedStreet(vehicles), 150, camera_looking(PictureDirection::down), 5);

  EXPECT_EQ(seen.events.size(), 2U);
}

TEST(CountingPipeline, skips_repeated_pictures) {
  PaintedStreet street({vehicle(1.5, 90), vehicle(3.0, 160)});
  CountingPipeline pipeline =
      CountingPipeline::make(camera_looking(PictureDirection::down), 75).value();
  std::size_t count = 0;

  for (int i = 0; i < 140; ++i) {
    Frame frame = street.picture(i);
    for (int repeat = 0; repeat < 3; ++repeat) {  // 25 pictures a second sold as 75
      frame.number = 3 * i + repeat;
      frame.time_s = static_cast<double>(frame.number) / 75;
      count += pipeline.see(frame).size();
    }
  }

  EXPECT_EQ(count, 2U);
}

TEST(CountingPipeline, an_empty_street_that_shakes_has_no_vehicles) {
  PaintedStreet street({});
  CountingPipeline pipeline =
      CountingPipeline::make(camera_looking(PictureDirection::down), 25).value();
  std::size_t count = 0;

  for (int i = 0; i < 120; ++i) {
    street.shake_by(i % 7 == 0 ? 1 : 0, i % 5 == 0 ? -1 : i % 4 == 0 ? 1 : 0);
    count += pipeline.see(street.picture(i)).size();
  }

  EXPECT_EQ(count, 0U);
}

TEST(CountingPipeline, gives_speed_where_the_camera_file_has_a_scale) {
  CameraConfig camera = camera_looking(PictureDirection::down);
  camera.metres_per_pixel = 0.05;

  const Seen seen = watch(PaintedStreet({vehicle(1.5, 120)}), 150, camera);

  ASSERT_EQ(seen.events.size(), 1U);
  ASSERT_TRUE(seen.events[0].speed_mps.has_value());
  EXPECT_NEAR(*seen.events[0].speed_mps, 90 * 0.05, 0.9);
  EXPECT_EQ(watch(PaintedStreet({vehicle(1.5, 120)}), 150, camera_looking(PictureDirection::down))
                .events.at(0)
                .speed_mps,
            std::nullopt);
}

TEST(CountingPipeline, tells_a_motorcycle_from_a_car_and_a_bus_by_metres) {
  CameraConfig camera = camera_looking(PictureDirection::down);
  camera.metres_per_pixel = 0.055;  // 36 px wide: 2.0 m
  PaintedVehicle motorcycle = vehicle(1.5, 70);
  motorcycle.width_px = 16;
  motorcycle.length_px = 36;
  PaintedVehicle car = vehicle(3.5, 120);
  car.length_px = 80;

  const Seen seen = watch(PaintedStreet({motorcycle, car}), 200, camera);

  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].vehicle_class, VehicleClass::motorcycle);
  EXPECT_EQ(seen.events[1].vehicle_class, VehicleClass::car);
}

TEST(CountingPipeline, gives_the_same_answer_twice) {
  const std::vector<PaintedVehicle> vehicles{vehicle(1.5, 70), vehicle(2, 160)};

  const Seen first = watch(PaintedStreet(vehicles), 150, camera_looking(PictureDirection::down));
  const Seen second = watch(PaintedStreet(vehicles), 150, camera_looking(PictureDirection::down));

  ASSERT_EQ(first.events.size(), second.events.size());
  for (std::size_t i = 0; i < first.events.size(); ++i)
    EXPECT_EQ(first.events[i].frame, second.events[i].frame);
}

TEST(CountingPipeline, refuses_lines_that_cannot_be_crossed) {
  const auto made = [](Pixel p1, Pixel p2, PictureDirection direction) {
    CameraConfig camera = camera_looking(direction);
    camera.lines[0].p1 = p1;
    camera.lines[0].p2 = p2;
    return CountingPipeline::make(camera, 25);
  };

  EXPECT_FALSE(made({40, 100}, {44, 100}, PictureDirection::down));   // too short
  EXPECT_FALSE(made({40, 100}, {900, 100}, PictureDirection::down));  // outside
  EXPECT_FALSE(made({40, 100}, {240, 100}, PictureDirection::left));  // along the line
  EXPECT_TRUE(made({40, 100}, {240, 100}, PictureDirection::up));
}

TEST(CountingPipeline, refuses_a_picture_of_another_size) {
  CameraConfig camera = camera_looking(PictureDirection::down);
  camera.width = 640;
  const CountingPipeline pipeline = CountingPipeline::make(camera, 25).value();

  const Done fits = pipeline.check(PaintedStreet({}).picture(0));

  ASSERT_FALSE(fits);
  EXPECT_EQ(fits.error().reason, Reason::bad_input);
  EXPECT_EQ(fits.error().seen, "320x240");
}

TEST(Detection, carries_what_the_line_saw) {
  const CameraConfig camera = camera_looking(PictureDirection::down);
  LineEvent event;
  event.at = Instant{Milliseconds{1234}};
  event.vehicle_class = VehicleClass::bus;
  event.speed_mps = 7.0;
  event.confidence = 0.8;

  const auto detection = detection_of(event, camera);

  ASSERT_TRUE(detection.has_value());
  EXPECT_EQ(*detection, (Detection{DetectorId{"D1"}, Instant{Milliseconds{1234}},
                                   Detection::Kind::crossing, VehicleClass::bus, 7.0, 0.8}));
  CameraConfig silent = camera;
  silent.lines[0].detector = {};
  EXPECT_EQ(detection_of(event, silent), std::nullopt);
}

}  // namespace
}  // namespace chorraha
