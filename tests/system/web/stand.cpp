// The real console over a small city whose signal runs by the clock: for the browser's tests.
// Prints its address; runs until it is stopped. Arguments: PORT (0: a free one).
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "console/console.hpp"
#include "console/web_files.hpp"
#include "tests/unit/console/small_city.hpp"

namespace chorraha::console {
namespace {

constexpr Ticks cycle{160};
constexpr Ticks north_ends{70}, north_red{100}, east_begins{80 + 40}, east_ends{140};

Instant wall_now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

/// A two-stage signal of 16 s, as a controller would report it.
class Signal {
 public:
  [[nodiscard]] CityView view(Tick now, Instant at) {
    CityView view = test::quiet_view();
    StateReport& report = *view.junctions[0].report;
    const Ticks place = now.time_since_epoch() % cycle;
    report.now = now;
    report.instant = view.at = view.junctions[0].heard = at;
    report.source = ControlSource::horizon;
    report.lease_until = now + Ticks{600};
    view.junctions[0].plan = plan(now - place);
    report.stage = place < north_ends ? test::stage_north : test::stage_east;
    report.stage_since = now - (place < north_ends ? place : place - north_ends);
    report.entering = place >= north_ends && place < east_begins;
    show(0, aspect_north(place), now);
    show(1, place >= east_begins && place < east_ends ? Aspect::green : Aspect::red, now);
    show(2, place >= east_begins && place < east_ends ? Aspect::green : Aspect::red, now);
    for (std::size_t g = 0; g < 3; ++g) {
      report.groups[g].aspect = shown_[g].aspect;
      report.groups[g].since = report.groups[g].red_since = shown_[g].since;
      if (is_green(shown_[g].aspect)) report.groups[g].green_since = shown_[g].since;
      report.groups[g].called = shown_[g].aspect == Aspect::red;
      report.groups[g].called_since = shown_[g].since;
    }
    if (place == Ticks{0}) {
      view.events.push_back({IntersectionId{"J1"}, at, Event::Kind::plan_source, "timetable"});
    }
    view.junctions[0].detectors[0] = {.occupied = place < Ticks{30}, .occupancy = 0.25};
    return view;
  }

 private:
  struct Shown {
    Aspect aspect = Aspect::red;
    Tick since;
  };

  /// Two cycles of fixed stages from `begin` on.
  [[nodiscard]] static HorizonPlan plan(Tick begin) {
    HorizonPlan plan = test::north_then_east();
    plan.stages.clear();
    for (const Tick from : {begin, begin + cycle}) {
      plan.stages.push_back({.stage = test::stage_north,
                             .end_earliest = from + north_ends,
                             .end_latest = from + north_ends,
                             .reason = StageReason::serve_queue});
      plan.stages.push_back({.stage = test::stage_east,
                             .end_earliest = from + east_ends,
                             .end_latest = from + east_ends,
                             .reason = StageReason::call});
    }
    return plan;
  }

  [[nodiscard]] static Aspect aspect_north(Ticks place) {
    if (place < north_ends) return Aspect::green;
    return place < north_red ? Aspect::amber : Aspect::red;
  }

  void show(std::size_t group, Aspect aspect, Tick now) {
    if (shown_[group].aspect == aspect) return;
    shown_[group] = {aspect, now};
  }

  std::array<Shown, 3> shown_;
};

int run(std::uint16_t port) {
  boost::asio::io_context io;
  const auto console = Console::open(
      io, {.port = port, .files = web_files(), .wall_clock = wall_now}, test::small_city());
  if (!console) {
    std::cerr << console.error().text() << "\n";
    return 4;
  }
  std::cout << "http://127.0.0.1:" << (*console)->port() << "/\n" << std::flush;
  Signal signal;
  Tick now{Ticks{0}};
  boost::asio::steady_timer timer(io);
  const std::function<void()> step = [&] {
    now += Ticks{1};
    (*console)->show(signal.view(now, wall_now()));
    timer.expires_at(timer.expiry() + std::chrono::milliseconds(100));
    timer.async_wait([&](const boost::system::error_code& error) {
      if (!error) step();
    });
  };
  timer.expires_after(std::chrono::milliseconds(0));
  step();
  io.run();
  return 0;
}

}  // namespace
}  // namespace chorraha::console

int main(int count, char** arguments) {
  try {
    const int port = count > 1 ? std::atoi(arguments[1]) : 0;  // NOLINT(cert-err34-c)
    return chorraha::console::run(static_cast<std::uint16_t>(port));
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 4;
  }
}
