#include "apps/centre/event_log.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

struct EventLogTest : testing::Test {
  test::ScratchFolder var;
  std::filesystem::path file = var.path() / "centre" / "events.log";
  EventLog log = EventLog::open(file).value();

  /// Events `first` to `last` of a boot, each named by its number.
  [[nodiscard]] static Events events(BootId boot, std::uint64_t first, std::uint64_t last) {
    Events batch{boot, first, {}};
    for (std::uint64_t n = first; n <= last; ++n) {
      batch.events.push_back({IntersectionId{"J"}, Instant{1'704'067'200'250ms},
                              Event::Kind::stage_begun, "n" + std::to_string(n)});
    }
    return batch;
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
};

constexpr BootId boot{1};
constexpr BootId next_boot{2};

TEST_F(EventLogTest, is_on_disk_when_it_is_acknowledged) {
  const EventLog::Kept kept = log.keep("controller-J", events(boot, 1, 2)).value();

  EXPECT_EQ(kept.seen, (EventsSeen{boot, 2}));
  EXPECT_EQ(kept.first_new, 0U);
  EXPECT_EQ(lines(), (std::vector<std::string>{"2024-01-01T00:00:00.250Z J stage_begun n1",
                                               "2024-01-01T00:00:00.250Z J stage_begun n2"}));
}

TEST_F(EventLogTest, repeats_are_acknowledged_but_not_written_again) {
  static_cast<void>(log.keep("controller-J", events(boot, 1, 3)).value());

  const EventLog::Kept again = log.keep("controller-J", events(boot, 2, 5)).value();
  const EventLog::Kept old = log.keep("controller-J", events(boot, 1, 2)).value();

  EXPECT_EQ(again.first_new, 2U);
  EXPECT_EQ(again.seen.up_to, 5U);
  EXPECT_EQ(old.first_new, 2U);
  EXPECT_EQ(old.seen.up_to, 5U);
  EXPECT_EQ(lines().size(), 5U);
}

TEST_F(EventLogTest, numbers_begin_again_with_a_boot) {
  static_cast<void>(log.keep("controller-J", events(boot, 1, 3)).value());

  const EventLog::Kept kept = log.keep("controller-J", events(next_boot, 1, 2)).value();

  EXPECT_EQ(kept.first_new, 0U);
  EXPECT_EQ(kept.seen, (EventsSeen{next_boot, 2}));
  EXPECT_EQ(lines().size(), 5U);
}

TEST_F(EventLogTest, devices_are_numbered_apart) {
  static_cast<void>(log.keep("controller-J", events(boot, 1, 3)).value());

  EXPECT_EQ(log.keep("controller-K", events(boot, 1, 3)).value().first_new, 0U);
}

TEST_F(EventLogTest, what_was_written_before_stays) {
  static_cast<void>(log.keep("controller-J", events(boot, 1, 3)).value());
  log = EventLog::open(file).value();
  static_cast<void>(log.keep("controller-J", events(boot, 4, 4)).value());

  EXPECT_EQ(lines().size(), 4U);
}

TEST_F(EventLogTest, an_event_is_one_line_whatever_it_says) {
  Events batch = events(boot, 1, 1);
  batch.events[0].detail = "two\nlines\r";

  static_cast<void>(log.keep("controller-J", batch).value());

  EXPECT_EQ(lines(), std::vector<std::string>{"2024-01-01T00:00:00.250Z J stage_begun two lines "});
}

}  // namespace
}  // namespace chorraha
