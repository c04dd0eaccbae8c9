#include "console/live_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "small_city.hpp"

namespace chorraha::console {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using Json = nlohmann::json;

/// A page that keeps what it got; `reading` false: everything waits.
class ReadingPage : public FeedClient {
 public:
  void send(FeedMessage message) override {
    if (!reading) {
      ++waits.frames;
      waits.bytes += message.size();
      return;
    }
    if (message.binary) {
      pictures.push_back(*message.body);
    } else {
      frames.push_back(Json::parse(message.head + *message.body));
    }
  }
  [[nodiscard]] Waiting waiting() const override { return waits; }
  void drop_waiting() override { waits = {.frames = 1}; }  // the one being written stays
  void close(std::string_view reason) override { closed = reason; }

  [[nodiscard]] std::vector<Json> of(const std::string& type) const {
    std::vector<Json> list;
    for (const Json& frame : frames) {
      if (frame["type"] == type) list.push_back(frame);
    }
    return list;
  }

  bool reading = true;
  Waiting waits;
  std::vector<Json> frames;
  std::vector<std::string> pictures;
  std::string closed;
};

class LiveFeedTest : public ::testing::Test {
 protected:
  void after(Milliseconds span) {
    wall += span;
    view.at += span;
    view.junctions[0].heard = view.at;
    view.junctions[0].report->instant += span;
    view.junctions[0].report->now += std::chrono::duration_cast<Ticks>(span);
    feed.show(view);
    view.events.clear();
  }

  Instant wall = morning;
  CityView view = quiet_view();
  LiveFeed feed{small_city(), "\"net\"", [this] { return wall; }};
  ReadingPage page;
};

Event event(Event::Kind kind, Instant at) {
  return {IntersectionId{"J1"}, at, kind, "B"};
}

TEST_F(LiveFeedTest, greets_a_page_and_tells_it_all) {
  feed.show(view);

  ASSERT_TRUE(feed.connect(page).has_value());

  ASSERT_EQ(page.frames.size(), 2U);
  EXPECT_EQ(page.frames[0]["type"], "hello");
  EXPECT_EQ(page.frames[0]["network"], "\"net\"");
  EXPECT_EQ(page.frames[0]["utc_offset_s"], 18000);
  EXPECT_EQ(page.frames[1]["type"], "overview");
  EXPECT_EQ(page.frames[1]["key"], true);
  EXPECT_EQ(page.frames[1]["junctions"][0]["mode"], "normal");
  EXPECT_EQ(page.frames[1]["age_ms"], Json::array({0}));
}

TEST_F(LiveFeedTest, greets_a_page_that_came_before_anything_was_known) {
  ASSERT_TRUE(feed.connect(page).has_value());
  EXPECT_EQ(page.frames.size(), 1U);

  feed.show(view);

  EXPECT_EQ(page.of("overview").size(), 1U);
  EXPECT_EQ(page.of("overview")[0]["key"], true);
}

TEST_F(LiveFeedTest, sends_the_overview_once_a_second_and_only_what_changed) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());

  for (int i = 0; i < 25; ++i) after(Milliseconds{100});
  EXPECT_EQ(page.of("overview").size(), 3U);
  EXPECT_TRUE(page.of("overview")[2]["junctions"].empty());
  view.junctions[0].report->mode = SignalMode::flash;
  for (int i = 0; i < 10; ++i) after(Milliseconds{100});

  EXPECT_EQ(page.of("overview").back()["junctions"][0]["mode"], "flash");
}

TEST_F(LiveFeedTest, tells_each_change_once_and_leaves_stages_out) {
  view.events = {event(Event::Kind::mode, view.at), event(Event::Kind::stage_begun, view.at)};
  feed.show(view);
  view.events = {event(Event::Kind::link_lost, view.at)};
  after(Milliseconds{500});
  ASSERT_TRUE(feed.connect(page).has_value());
  for (int i = 0; i < 10; ++i) after(Milliseconds{100});

  std::vector<std::string> told;
  for (const Json& frame : page.of("overview")) {
    for (const Json& change : frame["changes"]) told.push_back(change["kind"]);
  }
  EXPECT_THAT(told, ::testing::ElementsAre("mode", "link_lost"));
}

TEST_F(LiveFeedTest, forgets_changes_after_a_quarter_of_an_hour) {
  view.events = {event(Event::Kind::mode, view.at)};
  feed.show(view);
  view.events.clear();
  after(Milliseconds{15 * 60'000 + 100});

  ASSERT_TRUE(feed.connect(page).has_value());

  EXPECT_TRUE(page.frames[1]["changes"].empty());
}

TEST_F(LiveFeedTest, follows_what_a_page_looks_at_with_deltas) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1","gone"]})");

  after(Milliseconds{100});
  after(Milliseconds{100});
  view.junctions[0].report->groups[0].aspect = Aspect::amber;
  view.junctions[0].report->groups[0].since = view.junctions[0].report->now + Ticks{1};
  after(Milliseconds{100});

  const auto frames = page.of("junction");
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0]["key"], true);
  EXPECT_EQ(frames[0]["lamps"]["groups"][0]["aspect"], "green");
  EXPECT_EQ(frames[0]["past"]["groups"][0].size(), 1U);
  EXPECT_FALSE(frames[1].contains("state"));
  EXPECT_FALSE(frames[1].contains("detectors"));
  EXPECT_EQ(frames[2]["lamps"]["groups"][0]["aspect"], "amber");
  EXPECT_EQ(frames[2]["lamps"]["changed_ms"], view.at.time_since_epoch().count());
}

TEST_F(LiveFeedTest, leaves_accepted_plans_out_of_the_events_of_a_junction) {
  view.events = {event(Event::Kind::stage_begun, view.at),
                 event(Event::Kind::plan_accepted, view.at)};
  feed.show(view);
  view.events.clear();
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1"]})");
  after(Milliseconds{100});

  const Json events = page.of("junction").at(0)["events"];
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["kind"], "stage_begun");
}

TEST_F(LiveFeedTest, a_second_page_gets_its_own_key_frame) {
  ReadingPage other;
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1"]})");
  after(Milliseconds{100});
  ASSERT_TRUE(feed.connect(other).has_value());
  feed.receive(other, R"({"type":"view","junctions":["J1"]})");
  after(Milliseconds{100});

  EXPECT_EQ(page.of("junction").back()["key"], false);
  EXPECT_EQ(other.of("junction").back()["key"], true);
  EXPECT_TRUE(other.of("junction").back().contains("state"));
}

TEST_F(LiveFeedTest, says_why_a_group_is_red) {
  StateReport& report = *view.junctions[0].report;
  report.groups[1].called = true;
  report.groups[1].called_since = report.now - Ticks{30};
  view.junctions[0].explanations = Explanations{IntersectionId{"J1"},
                                                BootId{7},
                                                report.now,
                                                {{.group = east,
                                                  .red_since = report.now - Ticks{300},
                                                  .called = true,
                                                  .called_since = report.now - Ticks{30},
                                                  .served = stage_east,
                                                  .waiting_for = north,
                                                  .earliest = report.now + Ticks{60}}}};
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1"]})");
  feed.show(view);

  const Json why = page.of("junction").at(0)["why"];
  EXPECT_EQ(why[0], Json::object());
  EXPECT_EQ(why[1]["waiting_for"], "north");
  EXPECT_EQ(why[1]["stage"], "B");
  EXPECT_EQ(why[1]["blocked_by"], Json::array({"north"}));
  EXPECT_EQ(why[1]["in_stage"], 1);
  EXPECT_EQ(why[1]["earliest_ms"].get<std::int64_t>(),
            (view.at + Milliseconds{6000}).time_since_epoch().count());
  EXPECT_FALSE(why[2].contains("waiting_for"));
}

TEST_F(LiveFeedTest, a_slow_page_loses_frames_and_then_gets_key_frames) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1"]})");
  after(Milliseconds{100});
  page.frames.clear();
  page.reading = false;
  std::size_t most = 0;
  for (int i = 0; i < 95; ++i) {
    after(Milliseconds{100});
    most = std::max(most, page.waits.frames);
  }
  EXPECT_LE(most, LiveFeed::frames_max + 4);

  page.reading = true;
  page.waits = {};
  after(Milliseconds{100});

  ASSERT_FALSE(page.frames.empty());
  EXPECT_EQ(page.frames[0]["type"], "overview");
  EXPECT_EQ(page.frames[0]["key"], true);
  EXPECT_EQ(page.frames[1]["type"], "junction");
  EXPECT_EQ(page.frames[1]["key"], true);
  EXPECT_TRUE(page.closed.empty());
}

TEST_F(LiveFeedTest, closes_a_page_that_takes_nothing_for_ten_seconds) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  page.waits = {LiveFeed::frames_max, 0};

  for (int i = 0; i < 99; ++i) after(Milliseconds{100});
  EXPECT_TRUE(page.closed.empty());
  for (int i = 0; i < 3; ++i) after(Milliseconds{100});

  EXPECT_FALSE(page.closed.empty());
}

TEST_F(LiveFeedTest, closes_a_page_that_says_nonsense) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());

  feed.receive(page, R"({"type":"green please"})");

  EXPECT_NE(page.closed.find("green please"), std::string::npos);
}

TEST_F(LiveFeedTest, asks_for_pictures_only_while_somebody_looks) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  EXPECT_TRUE(feed.cameras_wanted().empty());

  feed.receive(page, R"({"type":"view","camera":"C1"})");
  EXPECT_THAT(feed.cameras_wanted(), ::testing::ElementsAre(CameraId{"C1"}));
  feed.disconnect(page);

  EXPECT_TRUE(feed.cameras_wanted().empty());
}

TEST_F(LiveFeedTest, sends_a_picture_once_and_at_most_five_a_second) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","camera":"C1"})");
  view.cameras[0].picture = PictureView{
      view.at, std::make_shared<const std::vector<std::uint8_t>>(7, 0xd8), {{1, 2, 3, 4}}};
  for (int i = 0; i < 10; ++i) {
    after(Milliseconds{100});
    view.cameras[0].picture->at = view.at;
  }

  ASSERT_FALSE(page.pictures.empty());
  EXPECT_LE(page.pictures.size(), 5U);
  const std::string& first = page.pictures[0];
  const auto head_bytes = static_cast<std::size_t>(static_cast<unsigned char>(first[0]));
  const Json head = Json::parse(first.substr(4, head_bytes));
  EXPECT_EQ(head["camera"], "C1");
  EXPECT_EQ(head["boxes"][0], Json::array({1.0, 2.0, 3.0, 4.0, "unknown"}));
  EXPECT_EQ(first.size(), 4 + head_bytes + 7);
}

TEST_F(LiveFeedTest, shows_the_vehicles_inside_the_box) {
  view.vehicles = std::make_shared<const std::vector<VehicleView>>(std::vector<VehicleView>{
      {.number = 1, .front = {5, 5}, .length_m = 5}, {.number = 2, .front = {50, 5}}});
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","box":[0,0,10,10]})");
  after(Milliseconds{100});

  const Json street = page.of("street").at(0);
  ASSERT_EQ(street["vehicles"].size(), 1U);
  EXPECT_EQ(street["vehicles"][0][0], 1);
}

TEST_F(LiveFeedTest, shows_the_street_once_for_each_word_of_it_and_again_to_a_new_box) {
  const auto street = [] {
    return std::make_shared<const std::vector<VehicleView>>(
        std::vector<VehicleView>{{.number = 1, .front = {5, 5}, .length_m = 5}});
  };
  view.vehicles = street();
  view.people = std::make_shared<const std::vector<Point>>(std::vector<Point>{{1, 2}, {99, 2}});
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","box":[0,0,10,10]})");
  after(Milliseconds{100});
  after(Milliseconds{100});
  EXPECT_EQ(page.of("street").size(), 1U);
  EXPECT_EQ(page.of("street")[0]["people"], Json::array({{1.0, 2.0}}));

  view.vehicles = street();
  after(Milliseconds{100});
  EXPECT_EQ(page.of("street").size(), 2U);

  feed.receive(page, R"({"type":"view","box":[0,0,20,20]})");
  after(Milliseconds{100});
  EXPECT_EQ(page.of("street").size(), 3U);
}

TEST_F(LiveFeedTest, says_of_a_line_only_what_is_known) {
  view.cameras[0].lines[0] = {.last_minute = std::nullopt, .total = 12};
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());

  const Json line = page.of("overview").at(0)["cameras"][0]["lines"][0];
  EXPECT_EQ(line["last_minute"], nullptr);
  EXPECT_EQ(line["total"], 12);
  EXPECT_EQ(line["counted_ms"], nullptr);
}

TEST_F(LiveFeedTest, numbers_the_frames_of_a_page_without_gaps) {
  feed.show(view);
  ASSERT_TRUE(feed.connect(page).has_value());
  feed.receive(page, R"({"type":"view","junctions":["J1"]})");
  for (int i = 0; i < 12; ++i) after(Milliseconds{100});

  for (std::size_t i = 0; i < page.frames.size(); ++i) EXPECT_EQ(page.frames[i]["seq"], i + 1);
}

TEST_F(LiveFeedTest, counts_each_junction_once) {
  feed.show(view);
  EXPECT_EQ(Json::parse(feed.status())["follow"], 1);

  view.at += Milliseconds{3000};
  feed.show(view);
  EXPECT_EQ(Json::parse(feed.status())["silent"], 1);
  EXPECT_EQ(Json::parse(feed.status())["follow"], 0);

  view.junctions[0].heard = view.at;
  view.junctions[0].report->mode = SignalMode::start_up;
  feed.show(view);
  EXPECT_EQ(Json::parse(feed.status())["starting"], 1);

  view.junctions[0].report->mode = SignalMode::dark;
  feed.show(view);
  EXPECT_EQ(Json::parse(feed.status())["off_plan"], 1);
}

TEST_F(LiveFeedTest, refuses_one_page_too_many) {
  std::vector<std::unique_ptr<ReadingPage>> pages;
  for (std::size_t i = 0; i < LiveFeed::clients_max; ++i) {
    pages.push_back(std::make_unique<ReadingPage>());
    ASSERT_TRUE(feed.connect(*pages.back()).has_value());
  }

  const Done refused = feed.connect(page);

  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, Reason::cannot_run);
}

}  // namespace
}  // namespace chorraha::console
