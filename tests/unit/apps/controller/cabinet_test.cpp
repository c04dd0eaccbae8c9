// A cabinet with the real lamp driver and the real monitor around it, by hand, tick by tick.
#include "apps/controller/cabinet.hpp"

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "apps/monitor/watch.hpp"
#include "field/lamp_driver.hpp"
#include "formats/city/intersection_file.hpp"
#include "tests/support/one_junction.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

constexpr BootId boot{11};
const Instant monday = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

struct Street : testing::Test {
  test::ScratchFolder var;
  MonitorFiles files{var.path()};
  IntersectionConfig config = test::one_junction_config();
  ConfigHash hash = hash_of(config);
  Cabinet cabinet{config, hash, boot};
  LampDriver driver{config, Start::cold};
  std::unique_ptr<Watch> watch;
  std::vector<Message> sent;
  std::vector<BackFrame::Loop> loops;
  int now = 0;
  std::uint64_t read_backs = 0;
  bool monitor_runs = true;
  bool driver_is_heard = true;

  Street() {
    EXPECT_TRUE(files.accept({config}));
    start_watch();
  }
  void start_watch() { watch = std::make_unique<Watch>(files.read(config.id()).value(), files); }

  [[nodiscard]] Instant utc() const { return monday + Milliseconds{now * 100}; }

  /// 100 ms of all three: the driver makes lamps each 20 ms, the others speak once.
  void tick() {
    ++now;
    cabinet.step(Tick{Ticks{now}}, utc(), {std::chrono::seconds{now / 10}, 0});
    const AspectFrame::Entry aspects = cabinet.aspects();
    driver.receive_aspects(aspects.number, aspects.aspects);
    for (int i = 0; i < 5; ++i) read_back();
    if (driver_is_heard)
      cabinet.hear_driver(
          boot, {config.id(), read_backs, driver.self_flash(), driver.lenses(), loops}, utc());
    if (monitor_runs) {
      watch->step(Tick{Ticks{now}});
      watch->hear_controller(boot, cabinet.heartbeat());
      cabinet.hear_monitor(boot, watch->heartbeat());
      const PermitFrame::Entry permit = watch->permit_entry();
      driver.receive_permit(permit.number, permit.permit);
    }
    for (Message& message : cabinet.take_messages()) sent.push_back(std::move(message));
  }
  void read_back() {
    driver.step(Milliseconds{20});
    ++read_backs;
    const std::chrono::nanoseconds at = Milliseconds{1'000'000 + 20 * read_backs};
    if (!monitor_runs) return;
    EXPECT_TRUE(watch->hear_lamps(boot, {config.id(), read_backs, driver.lenses()}, at).empty());
  }
  [[nodiscard]] bool ticks_until(SignalMode mode, int most) {
    for (int i = 0; i < most && cabinet.controller().mode() != mode; ++i) tick();
    return cabinet.controller().mode() == mode;
  }
  template <class Noun>
  [[nodiscard]] std::vector<Noun> all() const {
    std::vector<Noun> found;
    for (const Message& message : sent)
      if (const auto* noun = std::get_if<Noun>(&message)) found.push_back(*noun);
    return found;
  }
};

TEST_F(Street, comes_into_service_and_serves_every_stage_without_a_trip) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  GroupSet green;
  for (const char* button : {"N_button", "E_button", "S_button", "W_button"})
    loops.push_back({DetectorId{button}, true});

  for (int i = 0; i < 3000; ++i) {
    tick();
    for (BackFrame::Loop& button : loops) button.occupied = i < 5;  // pressed once
    for (std::size_t g = 0; g < config.groups().size(); ++g)
      if (is_green(cabinet.controller().aspects()[g])) green.insert(GroupIndex{g});
    ASSERT_FALSE(driver.self_flash()) << "tick " << now;
  }

  GroupSet served;
  for (const Stage& stage : config.stages()) served = served | stage.green;
  EXPECT_EQ(green, served);
}

TEST_F(Street, flashes_while_the_monitor_is_gone_and_starts_up_when_it_is_back) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));

  monitor_runs = false;
  ASSERT_TRUE(ticks_until(SignalMode::flash, 15)) << "silence_max is 1 s";
  EXPECT_TRUE(driver.self_flash());

  monitor_runs = true;
  EXPECT_TRUE(ticks_until(SignalMode::normal, 300));
  EXPECT_FALSE(driver.self_flash());
}

TEST_F(Street, goes_through_start_up_when_the_driver_was_silent) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));

  driver_is_heard = false;
  for (int i = 0; i < 15; ++i) tick();

  EXPECT_NE(cabinet.controller().mode(), SignalMode::normal);
  driver_is_heard = true;
  EXPECT_TRUE(ticks_until(SignalMode::normal, 300));
}

TEST_F(Street, stays_in_flash_when_the_monitor_has_another_configuration) {
  HeartbeatFrame::Entry other = watch->heartbeat();
  other.config_hash.bytes[0] ^= 1U;
  other.number = 1'000'000;

  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  cabinet.hear_monitor(boot, other);
  monitor_runs = false;
  tick();

  EXPECT_TRUE(cabinet.monitor_differs());
  EXPECT_EQ(cabinet.outside(), Controller::Outside::monitor_gone);
  EXPECT_EQ(cabinet.controller().mode(), SignalMode::flash);
}

TEST_F(Street, counts_no_frame_of_the_driver_twice) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  const BackFrame::Entry old{config.id(), 1, false, driver.lenses(), {}};

  driver_is_heard = false;
  for (int i = 0; i < 15; ++i) {
    tick();
    cabinet.hear_driver(boot, old, utc());
  }

  EXPECT_EQ(cabinet.outside(), Controller::Outside::self_flash);
}

TEST_F(Street, reports_each_second_and_at_each_change) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  sent.clear();
  for (int i = 0; i < 1000; ++i) tick();

  const std::vector<StateReport> reports = all<StateReport>();
  Tick last = reports.front().now;
  for (const StateReport& report : reports) {
    EXPECT_LE((report.now - last).count(), 10);
    last = report.now;
  }
  EXPECT_GT(reports.size(), 100U) << "changes between the seconds";
  EXPECT_GE(all<Explanations>().size(), 95U);
}

TEST_F(Street, forwards_loops_once_a_change_and_acts_on_them) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  const DetectorId loop{"N_in_0.5m"};
  sent.clear();

  loops = {{loop, true}};
  for (int i = 0; i < 5; ++i) tick();
  loops = {{loop, false}};
  for (int i = 0; i < 5; ++i) tick();

  const std::vector<Detections> batches = all<Detections>();
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[0].detections.front().kind, Detection::Kind::on);
  EXPECT_EQ(batches[0].detections.front().detector, loop);
  EXPECT_EQ(batches[1].detections.front().kind, Detection::Kind::off);
  EXPECT_EQ(batches[1].sequence, batches[0].sequence + 1);
}

TEST_F(Street, neither_trusts_nor_forwards_detectors_that_are_not_its_own) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  sent.clear();
  Detection foreign;
  foreign.detector = DetectorId{"N_in_0.5m"};  // a loop: a camera may not speak for it

  loops = {{DetectorId{"elsewhere"}, true}};
  cabinet.see(foreign);
  tick();

  EXPECT_TRUE(all<Detections>().empty());
}

TEST_F(Street, answers_each_plan) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  tick();
  HorizonPlan plan;
  plan.intersection = config.id();
  plan.config_hash = hash;
  plan.boot = BootId{99};  // of a start that is over
  plan.sequence = {1, 1};
  plan.stages.push_back({StageIndex{0}, Tick{Ticks{now + 50}}, Tick{Ticks{now + 60}}, false, {}});
  sent.clear();

  cabinet.receive(plan);
  tick();

  const std::vector<PlanAnswer> answers = all<PlanAnswer>();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].accepted());
  EXPECT_EQ(answers[0].refusals.front().rule, "E1");
  EXPECT_EQ(answers[0].sequence, plan.sequence);
}

TEST_F(Street, drops_detections_beyond_its_queue_and_counts_them) {
  ASSERT_TRUE(ticks_until(SignalMode::normal, 300));
  for (int i = 0; i < 300; ++i) {
    const BackFrame::Entry entry{config.id(),
                                 read_backs + 1'000 + static_cast<std::uint64_t>(i),
                                 false,
                                 driver.lenses(),
                                 {{DetectorId{"N_in_0.5m"}, i % 2 == 0}}};
    cabinet.hear_driver(boot, entry, utc());
  }
  sent.clear();

  for (int i = 0; i < 11; ++i) tick();

  EXPECT_EQ(all<StateReport>().back().detections_dropped, 300 - Cabinet::detections_max);
}

}  // namespace
}  // namespace chorraha
