#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "field/controller.hpp"
#include "field/lamp_driver.hpp"
#include "field/monitor.hpp"
#include "field/plan_check.hpp"
#include "field/trial.hpp"
#include "tests/property/kernel_watch.hpp"
#include "tests/support/random_junction.hpp"

namespace chorraha {
namespace {

using test::KernelWatch;
using test::random_between;

constexpr BootId boot{7};
constexpr std::uint64_t junctions = 25;
constexpr Milliseconds step_length{100};

/// A random junction, warm, with its driver, its monitor and somebody who looks at the lamps.
struct World {
  World(std::uint64_t seed, TimetableIndex use)
      : random(seed),
        config(made(seed, use)),
        controller(config, ConfigHash{}, boot, Start::warm) {}

  static IntersectionConfig made(std::uint64_t seed, TimetableIndex use) {
    IntersectionParts parts = test::random_junction_parts(seed);
    parts.day_plan = {{std::chrono::seconds{0}, 0x7f, use}};
    return IntersectionConfig::make(std::move(parts)).value();
  }

  void step() {
    const Tick now{Ticks{next++}};
    std::vector<Detection> seen;
    for (const DetectorUse& use : config.detectors()) {
      if (random_between(random, 0, 50) != 0) continue;
      const bool on = random_between(random, 0, 1) == 1;
      const auto kind = on ? Detection::Kind::on : Detection::Kind::off;
      seen.push_back({use.id, Instant{}, kind, VehicleClass::car, {}, 1.0});
    }
    controller.hear_centre(now);
    controller.step(now, Instant{} + now.time_since_epoch(), LocalTime{}, seen, {});
    const auto frame = static_cast<std::uint64_t>(next);
    driver.receive_aspects(frame, controller.aspects());
    driver.receive_permit(frame, permit);
    driver.step(step_length);
    const Monitor::Answer answer = monitor.step(step_length, driver.lenses(), ConfigHash{});
    permit = answer.permit;
    for (const Trip& trip : answer.tripped)
      trips.push_back(std::string(name_of(trip.rule)) + " at " + std::to_string(next));
    watch.look(now, controller.aspects());
  }

  HorizonPlan random_plan() {
    const StateReport report = controller.report();
    HorizonPlan plan;
    plan.intersection = config.id();
    plan.boot = boot;
    plan.built_on = report.now;
    plan.sequence = {1, ++number};
    plan.lease_until = report.now + Ticks{random_between(random, 100, 600)};
    Tick end = report.now;
    const int count = random_between(random, 1, 5);
    for (int i = 0; i < count; ++i) {
      const int stages = static_cast<int>(config.stages().size());
      const auto any = static_cast<std::size_t>(random_between(random, 0, stages - 1));
      const StageIndex stage = i == 0 ? report.stage : StageIndex{any};
      const Tick earliest = end + Ticks{random_between(random, 20, 250)};
      end = earliest + Ticks{random_between(random, 0, 1) * random_between(random, 0, 100)};
      if (end > report.now + Ticks{1150}) break;
      plan.stages.push_back({stage, earliest, end, random_between(random, 0, 4) == 0});
    }
    return plan;
  }

  std::mt19937_64 random;
  IntersectionConfig config;
  Controller controller;
  LampDriver driver{config, Start::warm};
  Monitor monitor{config, ConfigHash{}, Monitor::Begin::warm};
  KernelWatch watch{config};
  std::int64_t next = 0;
  std::uint64_t number = 0;
  bool permit = true;
  std::vector<std::string> trips;
};

/// Groups that the timetable must serve each cycle: not in skippable steps only, not on demand.
GroupSet owed_each_cycle(const IntersectionConfig& config, const Timetable& timetable) {
  GroupSet owed;
  for (const TimetableStep& step : timetable.steps) {
    if (!step.skippable) owed = owed | config.stage(step.stage).green;
  }
  for (const DetectorUse& use : config.detectors()) {
    if (use.role == DetectorUse::Role::button) owed = owed - use.calls;
  }
  return owed;
}

void run_four_cycles(std::uint64_t seed, TimetableIndex use) {
  World world(seed, use);
  const Timetable& timetable = world.config.timetables()[use.value()];
  ASSERT_TRUE(check_timetable(timetable, world.config).empty())
      << check_timetable(timetable, world.config)[0].thing << ' '
      << check_timetable(timetable, world.config)[0].seen;
  const GroupSet owed = owed_each_cycle(world.config, timetable);
  for (int cycle = 0; cycle < 4; ++cycle) {
    world.watch.forget_greens();
    for (Ticks t{0}; t < timetable.cycle; ++t) world.step();
    if (cycle == 0) continue;
    ASSERT_TRUE((owed - world.watch.been_green()).empty());
  }
  ASSERT_TRUE(world.watch.broken().empty()) << world.watch.broken().front();
  ASSERT_TRUE(world.trips.empty()) << world.trips.front();
}

TEST(ControllerProperty, serves_everybody_each_cycle_and_never_trips_the_monitor) {
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    for (const TimetableIndex use : {TimetableIndex{0}, TimetableIndex{1}}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " timetable " + std::to_string(use.value()));
      ASSERT_NO_FATAL_FAILURE(run_four_cycles(seed, use));
    }
  }
}

TEST(ControllerProperty, keeps_every_rule_under_any_plan_and_no_accepted_plan_trips_the_monitor) {
  int accepted = 0;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed, TimetableIndex{1});
    for (int t = 0; t < 3000; ++t) {
      world.step();
      if (random_between(world.random, 0, 80) != 0) continue;
      const HorizonPlan plan = world.random_plan();
      if (plan.stages.empty()) continue;
      const PlanAnswer answer = world.controller.receive(plan, plan.built_on);
      ++(answer.accepted() ? accepted : refused);
    }
    ASSERT_TRUE(world.watch.broken().empty()) << world.watch.broken().front();
    ASSERT_TRUE(world.trips.empty()) << world.trips.front();
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 100);
}

/// When each entry of a horizon ended, run tick by tick or from event to event.
std::vector<Tick> ends_of(Trial trial, Tick from, Tick until, bool every_tick) {
  std::vector<Tick> ends(HorizonPlan::stages_max, Tick::max());
  for (Tick t = from; t <= until; t = every_tick ? t + Ticks{1} : trial.next()) {
    const std::size_t before = trial.sequencer.entry();
    trial.step(t);
    if (trial.sequencer.entry() != before) ends[before] = t;
  }
  return ends;
}

/// Brings a kernel and a sequencer of `config` into a random moment of its timetable.
struct Moment {
  Moment(const IntersectionConfig& config, std::uint64_t seed)
      : random(seed), kernel(config), sequencer(config, Ticks{1}), keeper(config) {
    const Timetable& timetable = config.timetables()[0];
    sequencer.begin(timetable, now, Instant{});
    const int ticks = random_between(random, 100, 1500);
    for (int t = 0; t < ticks; ++t, now += Ticks{1}) {
      const Instant utc = Instant{} + now.time_since_epoch();
      const Wishes wishes = sequencer.step({now, utc, kernel, keeper.calls()});
      kernel.step(now, wishes, {});
    }
  }
  std::mt19937_64 random;
  SafetyKernel kernel;
  Sequencer sequencer;
  CallKeeper keeper;
  Tick now{};
};

HorizonPlan plan_from(Moment& moment, const IntersectionConfig& config) {
  HorizonPlan plan;
  plan.intersection = config.id();
  plan.boot = boot;
  plan.built_on = moment.now - Ticks{1};
  plan.sequence = {1, 1};
  plan.lease_until = plan.built_on + Ticks{600};
  Tick end = moment.now;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto stage = (moment.sequencer.stage().value() + i) % config.stages().size();
    const Tick earliest = end + Ticks{random_between(moment.random, 30, 230)};
    end = earliest + Ticks{random_between(moment.random, 0, 60)};
    if (end > plan.built_on + Ticks{1200}) break;
    plan.stages.push_back({StageIndex{stage}, earliest, end});
  }
  return plan;
}

TEST(PlanCheckProperty, foresees_what_the_kernel_does_tick_by_tick) {
  int accepted = 0;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const IntersectionConfig config = test::random_junction(seed % junctions + 1);
    Moment moment(config, seed);
    const HorizonPlan plan = plan_from(moment, config);
    const ConfigHash hash;
    const PlanGround ground{
        config,   hash,           boot,          SignalMode::normal, plan.built_on, moment.now,
        Ticks{1}, PlanSequence{}, moment.kernel, moment.sequencer,   moment.keeper};
    const auto refusals = check_plan(plan, ground);
    bool late = false;
    for (const auto traffic : {Trial::Traffic::gaps, Trial::Traffic::steady}) {
      Trial trial(moment.kernel, moment.sequencer, moment.keeper.calls(), Ticks{1});
      trial.traffic = traffic;
      trial.sequencer.follow(plan, 0);
      const Tick until = std::max(plan.lease_until, plan.stages.back().end_latest);
      const auto by_tick = ends_of(trial, moment.now, until, true);
      ASSERT_EQ(by_tick, ends_of(trial, moment.now, until, false));
      for (std::size_t i = 0; i + 1 < plan.stages.size(); ++i)
        late = late || by_tick[i] > plan.stages[i].end_latest;
    }
    ++(refusals.empty() ? accepted : refused);
    ASSERT_EQ(!refusals.empty(), late)
        << (refusals.empty() ? "accepted" : refusals[0].rule + refusals[0].thing);
  }
  EXPECT_GT(accepted, 15);
  EXPECT_GT(refused, 15);
}

TEST(MonitorProperty, trips_on_any_lamp_that_shows_green_against_a_conflicting_green) {
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed, TimetableIndex{0});
    for (int t = 0; t < 400; ++t) world.step();
    std::vector<LensSet> lenses = world.driver.lenses();
    GroupIndex broken = GroupIndex::none();
    for (const GroupIndex g : world.config.all_groups()) {
      if (world.controller.aspects()[g.value()] != Aspect::green) continue;
      if (!world.config.conflicts(g).empty()) broken = *world.config.conflicts(g).begin();
    }
    if (!broken.valid()) continue;
    lenses[broken.value()] = lens_green;

    for (int i = 0; i < 4; ++i) world.monitor.step(step_length, lenses, ConfigHash{});

    ++tried;
    ASSERT_FALSE(world.monitor.permit());
    for (int i = 0; i < 3; ++i) world.step();
    ASSERT_TRUE(world.driver.self_flash());
  }
  EXPECT_GT(tried, 5);
}

}  // namespace
}  // namespace chorraha
