#include "apps/street/traffic_thread.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;  // of a test that fails

/// Steps of 20 ms that end in a fault after three; tells which thread made it and which ended it.
class ShortStreet final : public Street {
 public:
  explicit ShortStreet(std::promise<std::thread::id>* ended) : ended_(ended) {}
  ~ShortStreet() override {
    if (ended_ != nullptr) ended_->set_value(std::this_thread::get_id());
  }
  ShortStreet(const ShortStreet&) = delete;
  ShortStreet& operator=(const ShortStreet&) = delete;
  ShortStreet(ShortStreet&&) = delete;
  ShortStreet& operator=(ShortStreet&&) = delete;

  [[nodiscard]] Milliseconds step_length() const override { return 20ms; }
  [[nodiscard]] Instant now() const override { return Instant{} + steps_ * 20ms; }
  void show(IntersectionIndex, std::span<const Aspect>, SignalMode) override {}
  Done advance() override {
    if (steps_ == 3) return Fault{Reason::lost, "street", "gone", "a street"};
    ++steps_;
    return {};
  }
  [[nodiscard]] std::span<const Detection> detections() const override { return {}; }
  [[nodiscard]] std::vector<Sighting> sightings(double) const override { return {}; }
  [[nodiscard]] std::vector<VehicleView> vehicles() const override { return {}; }
  [[nodiscard]] std::vector<PersonView> pedestrians() const override { return {}; }
  [[nodiscard]] Totals totals() const override { return {}; }
  [[nodiscard]] std::vector<TripRecord> trips() const override { return {}; }

 private:
  std::promise<std::thread::id>* ended_;
  int steps_ = 0;
};

TEST(TrafficThread, opens_moves_and_ends_the_street_on_its_own_thread) {
  std::promise<std::thread::id> made, ended;
  std::promise<Fault> lost;
  std::atomic<int> moments = 0;
  std::atomic<bool> opened = false;

  {
    const TrafficThread traffic(
        [&](const std::stop_token&) -> Result<std::unique_ptr<Street>> {
          made.set_value(std::this_thread::get_id());
          return std::unique_ptr<Street>(std::make_unique<ShortStreet>(&ended));
        },
        {.opened = [&](const Totals&) { opened = true; },
         .moved =
             [&](const std::shared_ptr<const StreetMoment>& moment) {
               EXPECT_TRUE(opened);
               EXPECT_EQ(moment->step, 20ms);
               EXPECT_EQ(moment->at, Instant{} + ++moments * 20ms);
             },
         .lost = [&](const Fault& fault) { lost.set_value(fault); }});
    auto fault = lost.get_future();
    ASSERT_EQ(fault.wait_for(patience), std::future_status::ready);
    EXPECT_EQ(fault.get().reason, Reason::lost);
  }

  EXPECT_EQ(moments, 3);
  const auto on = made.get_future().get();
  EXPECT_NE(on, std::this_thread::get_id());
  EXPECT_EQ(ended.get_future().get(), on);
}

TEST(TrafficThread, tells_why_no_street_could_be_opened) {
  std::promise<Fault> lost;
  const TrafficThread traffic(
      [](const std::stop_token&) -> Result<std::unique_ptr<Street>> {
        return Fault{Reason::cannot_run, "program sumo", "not found on PATH", "SUMO"};
      },
      {.opened = [](const Totals&) { ADD_FAILURE() << "nothing was opened"; },
       .moved = [](const std::shared_ptr<const StreetMoment>&) { ADD_FAILURE(); },
       .lost = [&](const Fault& fault) { lost.set_value(fault); }});

  auto fault = lost.get_future();
  ASSERT_EQ(fault.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(fault.get().reason, Reason::cannot_run);
}

TEST(TrafficThread, stops_while_it_opens) {
  std::promise<void> waits;
  const auto opening = waits.get_future();
  {
    const TrafficThread traffic(
        [&](const std::stop_token& stop) -> Result<std::unique_ptr<Street>> {
          waits.set_value();
          while (!stop.stop_requested()) std::this_thread::yield();
          return std::unique_ptr<Street>(std::make_unique<ShortStreet>(nullptr));
        },
        {.opened = [](const Totals&) { ADD_FAILURE() << "nobody wants it any more"; },
         .moved = [](const std::shared_ptr<const StreetMoment>&) { ADD_FAILURE(); },
         .lost = [](const Fault&) { ADD_FAILURE() << "nothing was lost"; }});
    opening.wait();
  }
  SUCCEED();
}

}  // namespace
}  // namespace chorraha
