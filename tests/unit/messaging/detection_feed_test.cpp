#include "messaging/link/detection_feed.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "tests/unit/messaging/link_fixture.hpp"

namespace chorraha {
namespace {

struct Feed : testing::Test, test::Wire {
  LinkContext camera_context{io.get_executor(), note_trouble()};
  LinkContext controller_context{io.get_executor(), note_trouble()};
  std::unique_ptr<DetectionPublisher> camera;
  std::unique_ptr<DetectionSubscriber> controller;
  std::vector<Detection> seen;

  Feed() { make_keys({"camera-K", "controller-A", "controller-B"}); }

  void open_camera(const std::string& endpoint = "tcp://127.0.0.1:*") {
    const DetectionPublisher::Settings settings{
        endpoint, store.folder(), "camera-K", {"controller-A"}};
    // A port that was just closed may be taken for a moment yet.
    const bool opened = run_until([&] {
      auto publisher = DetectionPublisher::open(camera_context, settings);
      if (publisher) camera = *std::move(publisher);
      return camera != nullptr;
    });
    ASSERT_TRUE(opened);
  }
  void open_controller(const std::string& name) {
    DetectionSubscriber::Handlers handlers;
    handlers.received = [this](std::vector<Detection> batch) {
      seen.insert(seen.end(), batch.begin(), batch.end());
    };
    handlers.trouble = note_trouble();
    const DetectionSubscriber::Settings settings{camera->endpoint(), store.folder(), name,
                                                 "camera-K", Milliseconds{20}};
    controller = DetectionSubscriber::open(controller_context, settings, handlers).value();
  }
  void publish(int number) const {
    Detection detection;
    detection.detector = DetectorId{"line"};
    detection.at = Instant{Milliseconds{number}};
    camera->publish({detection});
  }
  /// Says the same until somebody hears it: PUB drops what nobody listens to yet.
  [[nodiscard]] bool heard() {
    const std::size_t before = seen.size();
    return run_until([&] {
      publish(1);
      return seen.size() > before;
    });
  }
};

TEST_F(Feed, reaches_the_controller_of_the_intersection) {
  open_camera();
  open_controller("controller-A");

  ASSERT_TRUE(heard());

  EXPECT_EQ(seen.front().detector, DetectorId{"line"});
}

TEST_F(Feed, keeps_the_order_and_counts_what_was_lost) {
  open_camera();
  open_controller("controller-A");
  ASSERT_TRUE(heard());
  publish(-1);  // out of range on the wire: refused there, and so missing here
  for (int i = 100; i < 200; ++i) publish(i);

  ASSERT_TRUE(run_until([&] { return seen.back().at == Instant{Milliseconds{199}}; }));

  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_EQ(seen[seen.size() - 100 + i].at, Instant{Milliseconds{100 + static_cast<int>(i)}});
  EXPECT_EQ(controller->batches_lost(), 1U);
}

TEST_F(Feed, refuses_the_controller_of_another_intersection) {
  open_camera();
  open_controller("controller-B");

  ASSERT_TRUE(run_until([&] {
    publish(1);
    return troubled_by("camera-K at " + camera->endpoint() + " refused our key");
  }));

  EXPECT_TRUE(seen.empty());
}

TEST_F(Feed, lets_go_of_a_listener_whose_key_was_revoked) {
  open_camera();
  open_controller("controller-A");
  ASSERT_TRUE(heard());

  ASSERT_TRUE(store.revoke("controller-A"));
  ASSERT_TRUE(run_until([&] { return camera->reload().has_value(); }));

  ASSERT_TRUE(run_until([&] { return troubled_by("refused our key"); }));
  seen.clear();
  publish(5);
  ASSERT_TRUE(run_until([&] { return io.poll() == 0; }));
  EXPECT_TRUE(seen.empty());
}

TEST_F(Feed, is_found_again_after_the_camera_restarted) {
  open_camera();
  open_controller("controller-A");
  ASSERT_TRUE(heard());
  const std::string endpoint = camera->endpoint();
  camera.reset();

  open_camera(endpoint);

  EXPECT_TRUE(heard());
}

}  // namespace
}  // namespace chorraha
