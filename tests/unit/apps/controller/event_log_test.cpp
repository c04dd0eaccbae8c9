#include "apps/controller/event_log.hpp"

#include <gtest/gtest.h>

namespace chorraha {
namespace {

constexpr BootId boot{3};

Tick at(int tick) {
  return Tick{Ticks{tick}};
}

std::vector<Event> events(std::size_t count) {
  return std::vector<Event>(count, Event{IntersectionId{"J"}, {}, Event::Kind::mode, "normal"});
}

TEST(EventLog, numbers_events_from_one_and_sends_each_once) {
  EventLog log(boot);
  log.add(events(3));

  const std::optional<Events> batch = log.next(at(1));

  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->first, 1U);
  EXPECT_EQ(batch->events.size(), 3U);
  EXPECT_FALSE(log.next(at(2)));
  log.add(events(1));
  EXPECT_EQ(log.next(at(3))->first, 4U);
}

TEST(EventLog, keeps_events_until_they_are_acknowledged) {
  EventLog log(boot);
  log.add(events(3));
  ASSERT_TRUE(log.next(at(1)));

  log.seen({boot, 2});

  EXPECT_EQ(log.waiting(), 1U);
  log.send_again();
  EXPECT_EQ(log.next(at(2))->first, 3U);
}

TEST(EventLog, sends_again_when_no_acknowledgement_comes) {
  EventLog log(boot);
  log.add(events(2));
  ASSERT_TRUE(log.next(at(1)));

  EXPECT_FALSE(log.next(at(100)));

  const std::optional<Events> again = log.next(at(150));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->first, 1U);
  EXPECT_EQ(again->events.size(), 2U);
}

TEST(EventLog, believes_no_acknowledgement_of_what_it_did_not_send) {
  EventLog log(boot);
  log.add(events(2));

  log.seen({boot, 2});
  log.seen({BootId{99}, 2});

  EXPECT_EQ(log.waiting(), 2U);
}

TEST(EventLog, drops_the_oldest_beyond_its_bound_and_shows_the_gap) {
  EventLog log(boot);
  log.add(events(EventLog::kept_max + 7));

  EXPECT_EQ(log.waiting(), EventLog::kept_max);
  EXPECT_EQ(log.next(at(1))->first, 8U);
}

}  // namespace
}  // namespace chorraha
