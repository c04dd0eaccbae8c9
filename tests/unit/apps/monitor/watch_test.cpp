#include "apps/monitor/watch.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/city/intersection_file.hpp"
#include "tests/support/one_junction.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

constexpr BootId boot{5};

struct Watched : testing::Test {
  test::ScratchFolder var;
  MonitorFiles files{var.path()};
  IntersectionConfig config = test::one_junction_config();
  std::uint64_t frames = 0;
  std::uint64_t beats = 0;
  int now = 0;
  std::chrono::nanoseconds sent{std::chrono::hours{1}};

  Watched() { EXPECT_TRUE(files.accept({config})); }
  [[nodiscard]] Watch open() const { return {files.read(config.id()).value(), files}; }

  [[nodiscard]] std::vector<LensSet> lamps(bool flashing) const {
    std::vector<LensSet> lenses;
    for (const SignalGroup& group : config.groups())
      lenses.push_back(flashing ? LensSet{0} : static_cast<LensSet>(group.lenses & lens_green));
    return lenses;
  }
  /// 100 ms of a driver that shows these lamps and a controller that is alive.
  std::vector<Trip> show(Watch& watch, const std::vector<LensSet>& lenses) {
    std::vector<Trip> tripped;
    watch.step(Tick{Ticks{++now}});
    watch.hear_controller(boot, {config.id(), ++beats, hash_of(config)});
    for (int i = 0; i < 5; ++i) {
      sent += Milliseconds{20};
      for (const Trip& trip : watch.hear_lamps(boot, {config.id(), ++frames, lenses}, sent))
        tripped.push_back(trip);
    }
    return tripped;
  }
  std::vector<Trip> show_for(Watch& watch, const std::vector<LensSet>& lenses, int ticks) {
    std::vector<Trip> tripped;
    for (int i = 0; i < ticks; ++i)
      for (const Trip& trip : show(watch, lenses)) tripped.push_back(trip);
    return tripped;
  }
};

TEST_F(Watched, permits_while_it_sees_lamps_and_hears_its_controller) {
  Watch watch = open();
  EXPECT_FALSE(watch.permit());

  EXPECT_TRUE(show_for(watch, lamps(true), 5).empty());

  EXPECT_TRUE(watch.permit());
  EXPECT_TRUE(watch.permit_entry().permit);
}

TEST_F(Watched, is_blind_without_read_backs_and_latches_nothing_for_it) {
  Watch watch = open();
  show_for(watch, lamps(true), 5);

  now += 11;  // silence_max is 1 s
  watch.step(Tick{Ticks{now}});

  EXPECT_FALSE(watch.permit());
  EXPECT_TRUE(show_for(watch, lamps(true), 2).empty());
  EXPECT_TRUE(watch.permit());
}

TEST_F(Watched, trips_on_conflicting_greens_and_keeps_it_over_a_power_loss) {
  {
    Watch watch = open();
    show_for(watch, lamps(true), 5);
    const std::vector<Trip> tripped = show_for(watch, lamps(false), 5);
    ASSERT_FALSE(tripped.empty());
    EXPECT_EQ(name_of(tripped.front().rule), "B1");
    EXPECT_FALSE(watch.permit());
  }

  Watch again = open();
  show_for(again, lamps(true), 20);

  EXPECT_FALSE(again.permit());
  ASSERT_FALSE(again.monitor().latched().empty());
  EXPECT_EQ(name_of(again.monitor().latched().front().rule), "B1");
}

TEST_F(Watched, gives_its_permit_again_after_people_reset_it) {
  Watch watch = open();
  show_for(watch, lamps(true), 5);
  show_for(watch, lamps(false), 5);
  EXPECT_FALSE(watch.mind_latch().value());

  ASSERT_TRUE(files.reset(config.id()));

  EXPECT_TRUE(watch.mind_latch().value());
  show_for(watch, lamps(true), 2);
  EXPECT_TRUE(watch.permit());
}

TEST_F(Watched, clears_no_latch_that_it_could_not_write) {
  Watch watch = open();
  show_for(watch, lamps(true), 5);
  // A folder in the place of the file that is written first: nothing can be kept on disk.
  std::filesystem::create_directory(files.latch_path(config.id()).string() + ".new");

  show_for(watch, lamps(false), 5);

  const Result<bool> reset = watch.mind_latch();
  EXPECT_FALSE(reset);
  EXPECT_FALSE(watch.permit());
}

TEST_F(Watched, takes_a_latch_that_it_cannot_read_for_a_latch) {
  std::ofstream(files.latch_path(config.id())) << "nonsense";

  Watch watch = open();
  show_for(watch, lamps(true), 5);

  EXPECT_FALSE(watch.permit());
}

TEST_F(Watched, withdraws_the_permit_when_its_controller_has_another_configuration) {
  Watch watch = open();
  show_for(watch, lamps(true), 5);
  ConfigHash other = hash_of(config);
  other.bytes[3] ^= 1U;

  watch.hear_controller(boot, {config.id(), ++beats, other});
  sent += Milliseconds{20};
  const std::vector<Trip> tripped =
      watch.hear_lamps(boot, {config.id(), ++frames, lamps(true)}, sent);

  EXPECT_FALSE(watch.permit());
  ASSERT_FALSE(tripped.empty());
  EXPECT_EQ(name_of(tripped.front().rule), "B12");
}

TEST_F(Watched, counts_no_heartbeat_twice) {
  Watch watch = open();
  show_for(watch, lamps(true), 5);
  const HeartbeatFrame::Entry last{config.id(), beats, hash_of(config)};

  for (int i = 0; i < 20; ++i) {
    watch.step(Tick{Ticks{++now}});
    watch.hear_controller(boot, last);
    for (int k = 0; k < 5; ++k) {
      sent += Milliseconds{20};
      (void)watch.hear_lamps(boot, {config.id(), ++frames, lamps(true)}, sent);
    }
  }

  EXPECT_FALSE(watch.permit());
}

TEST(MonitorFiles, accepts_a_city_and_names_what_changed) {
  const test::ScratchFolder var;
  const MonitorFiles files(var.path());
  const IntersectionConfig config = test::one_junction_config();
  const ConfigHash hash = hash_of(config);
  const Done before = files.check(config.id(), hash, "demo");
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().reason, Reason::cannot_run);
  EXPECT_THAT(before.error().text(), testing::HasSubstr("`chorraha-monitor accept demo`"));

  ASSERT_TRUE(files.accept({config}));

  EXPECT_TRUE(files.check(config.id(), hash, "demo"));
  EXPECT_EQ(files.read_all()->size(), 1U);
  ConfigHash changed = hash;
  changed.bytes[0] ^= 1U;
  EXPECT_THAT(files.check(config.id(), changed, "demo").error().text(),
              testing::HasSubstr("`chorraha-monitor accept demo`"));
}

TEST(MonitorFiles, refuses_a_damaged_copy) {
  const test::ScratchFolder var;
  const MonitorFiles files(var.path());
  const IntersectionConfig config = test::one_junction_config();
  ASSERT_TRUE(files.accept({config}));
  std::ofstream(files.config_path(config.id())) << "{\"id\":";

  EXPECT_EQ(files.read(config.id()).error().reason, Reason::bad_input);
  EXPECT_FALSE(files.read_all());
  EXPECT_FALSE(files.check(config.id(), hash_of(config), "demo"));
}

TEST(MonitorFiles, forgets_intersections_that_are_no_longer_accepted) {
  const test::ScratchFolder var;
  const MonitorFiles files(var.path());
  ASSERT_TRUE(files.accept({test::one_junction_config()}));

  ASSERT_TRUE(files.accept({}));

  EXPECT_FALSE(files.read_all());
}

TEST(MonitorFiles, has_nothing_to_reset_where_nothing_is_latched) {
  const test::ScratchFolder var;

  EXPECT_EQ(MonitorFiles(var.path()).reset(IntersectionId{"J"}).error().reason, Reason::bad_input);
}

}  // namespace
}  // namespace chorraha
