// The demo city on its own timetables: its street, its controllers, a manual clock.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "control/junction_model.hpp"
#include "control/timetable.hpp"
#include "field/controller.hpp"
#include "field/plan_check.hpp"
#include "formats/city/city_folder.hpp"
#include "sim/make_street.hpp"
#include "tests/support/places.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

City demo() {
  return read_city(test::source_root() / "config" / "demo_city").value();
}

std::string said(const Refusal& refusal) {
  return refusal.rule + " " + refusal.thing + ": saw " + refusal.seen + ", allowed " +
         refusal.allowed;
}

TEST(DemoCity, every_timetable_is_accepted_by_its_controller) {
  for (const IntersectionConfig& junction : demo().intersections) {
    for (const Timetable& timetable : junction.timetables()) {
      const std::vector<Refusal> refusals = check_timetable(timetable, junction);
      EXPECT_TRUE(refusals.empty())
          << junction.id() << " " << timetable.id << " " << said(refusals.front());
    }
  }
}

// What the centre makes from counts: the city's own stages, Webster's times (control/timetable).
TEST(DemoCity, retimed_timetables_are_accepted_for_any_flows) {
  constexpr unsigned seed = 39;
  std::mt19937 random(seed);
  std::exponential_distribution<double> flow(1.0 / 150);
  const City city = demo();
  for (std::size_t i = 0; i < city.intersections.size(); ++i) {
    const IntersectionConfig& config = city.intersections[i];
    const JunctionModel junction =
        JunctionModel::make(city.network, IntersectionIndex{i}, config).value();
    for (std::size_t round = 0; round < 6; ++round) {
      SCOPED_TRACE(config.id().text() + " seed " + std::to_string(seed) + " round " +
                   std::to_string(round));
      std::vector<MovementFlow> flows;
      for (const JunctionModel::Turn& turn : junction.turns())
        flows.push_back({turn.movement, flow(random), 0});
      WebsterOptions options;
      for (const TimetableStep& step : config.timetables()[round % 3].steps)
        options.sequence.push_back(step.stage);

      const auto made = webster_timetable(junction, flows, TimetableId{"w"}, options);

      ASSERT_TRUE(made) << made.error().text();
      const std::vector<Refusal> refusals = check_timetable(made->timetable, config);
      EXPECT_TRUE(refusals.empty()) << said(refusals.front());
    }
  }
}

/// Street and controllers, step by step.
class Loop {
 public:
  Loop(City city, std::chrono::seconds begin, std::uint64_t seed) : city_(std::move(city)) {
    const Instant midnight{std::chrono::sys_days{city_.date} -
                           offset_at(city_.zone, std::chrono::sys_days{city_.date})};
    StreetSetup setup{.network = city_.network,
                      .intersections = city_.intersections,
                      .demand = city_.demand,
                      .seed = seed,
                      .midnight = midnight,
                      .begin = midnight + begin,
                      .end = midnight + 24h};
    midnight_ = midnight;
    street_ = make_street(std::move(setup)).value();
    for (std::size_t i = 0; i < city_.intersections.size(); ++i) {
      controllers_.emplace_back(city_.intersections[i], city_.hashes[i], BootId{1}, Start::warm);
    }
  }

  void run(std::chrono::seconds span) {
    for (auto left = span; left > 0s; left -= 1s) {
      for (int tick = 0; tick < 10; ++tick) step_controllers(tick == 0);
      for (std::size_t i = 0; i < controllers_.size(); ++i)
        street_->show(IntersectionIndex{i}, controllers_[i].aspects(), controllers_[i].mode());
      ASSERT_TRUE(street_->advance());
    }
  }

  [[nodiscard]] const Street& street() const { return *street_; }

 private:
  void step_controllers(bool with_detections) {
    const Instant utc = street_->now() + Milliseconds{now_.time_since_epoch().count() % 10 * 100};
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(utc - midnight_);
    for (Controller& controller : controllers_) {
      const auto detections =
          with_detections ? street_->detections() : std::span<const Detection>{};
      controller.step(now_, utc, {since, 0}, detections, {});
    }
    now_ += Ticks{1};
  }

  City city_;
  Instant midnight_;
  std::unique_ptr<Street> street_;
  std::vector<Controller> controllers_;
  Tick now_;
};

TEST(DemoCity, plans_made_from_its_detectors_never_trip_a_monitor) {
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
    std::cout << "seed " << seed << "\n";
    const City city = demo();
    const Instant midnight{std::chrono::sys_days{city.date} -
                           offset_at(city.zone, std::chrono::sys_days{city.date})};
    const Instant begin = midnight + 7h + 30min;
    LoopSetup setup;
    setup.network = std::make_shared<const Network>(city.network);
    setup.intersections = city.intersections;
    setup.hashes = city.hashes;
    setup.midnight = midnight;
    setup.sensing = LoopSetup::Sensing::detectors;
    StreetSetup street{.network = city.network,
                       .intersections = city.intersections,
                       .demand = city.demand,
                       .seed = seed,
                       .midnight = midnight,
                       .begin = begin,
                       .end = midnight + 24h};
    ClosedLoop loop =
        ClosedLoop::make(std::move(setup), make_street(std::move(street)).value()).value();
    std::string first_refusal = "none";
    loop.on_refused([&](const PlanAnswer& answer) {
      const Refusal& why = answer.refusals.front();
      if (first_refusal == "none")
        first_refusal = answer.intersection.text() + " " + why.rule + ": " + why.thing + " saw " +
                        why.seen + ", allowed " + why.allowed;
    });

    while (loop.now() < begin + 5min) ASSERT_TRUE(loop.advance());

    const RunFigures figures = loop.figures(begin, begin + 5min);
    std::cout << figures.safety_refusals << " of " << figures.plans << " plans refused, first "
              << first_refusal << "; " << figures.finished << " of " << figures.loaded
              << " arrived, delay " << figures.delay_s << " s\n";
    EXPECT_EQ(figures.monitor_trips, 0U);
    EXPECT_EQ(loop.cabinet_count(), city.intersections.size());
    EXPECT_LE(static_cast<double>(figures.safety_refusals),
              0.02 * static_cast<double>(figures.plans))
        << first_refusal;
    for (std::size_t i = 0; i < loop.cabinet_count(); ++i) {
      EXPECT_EQ(loop.cabinet(IntersectionIndex{i}).mode(), SignalMode::normal)
          << city.intersections[i].id();
    }
    EXPECT_FALSE(loop.street().totals().locked);
  }
}

TEST(DemoCity, carries_its_morning_peak_on_its_timetables) {
  constexpr std::uint64_t seed = 7;
  RecordProperty("seed", std::to_string(seed));
  Loop run(demo(), 7h, seed);

  run.run(12min);

  const Totals totals = run.street().totals();
  EXPECT_FALSE(totals.locked);
  EXPECT_GT(totals.finished, totals.loaded / 3);
  EXPECT_LT(totals.waiting_to_enter, totals.loaded / 20);
}

}  // namespace
}  // namespace chorraha
