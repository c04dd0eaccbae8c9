// Any demand, any signals: no two vehicles overlap on a lane, nobody is lost.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/sim/street_run.hpp"

namespace chorraha {
namespace {

// Changes each group's aspect now and then, always over amber; conflicts do not matter here.
class RandomLamps {
 public:
  RandomLamps(std::size_t groups, std::uint64_t seed)
      : aspects_(groups, Aspect::red), random_(seed) {}
  const std::vector<Aspect>& next() {
    for (Aspect& aspect : aspects_) {
      if (aspect == Aspect::amber && chance(3)) {
        aspect = Aspect::red;
      } else if (aspect == Aspect::green && chance(20)) {
        aspect = Aspect::amber;
      } else if (aspect == Aspect::red && chance(30)) {
        aspect = Aspect::green;
      }
    }
    return aspects_;
  }

 private:
  bool chance(int one_in) { return std::uniform_int_distribution<>(1, one_in)(random_) == 1; }
  std::vector<Aspect> aspects_;
  std::mt19937_64 random_;
};

void expect_no_overlap(const test::StreetRun& run) {
  std::map<LaneIndex, std::vector<std::pair<double, double>>> by_lane;  // front, length
  for (const VehicleView& v : run.street->vehicles()) {
    if (!v.lane.valid()) continue;
    const Point begin = run.network.lane(v.lane).shape.front();
    by_lane[v.lane].emplace_back(std::hypot(v.front.x_m - begin.x_m, v.front.y_m - begin.y_m),
                                 v.length_m);
  }
  for (auto& [lane, queue] : by_lane) {
    std::ranges::sort(queue, std::greater<>{});
    for (std::size_t i = 1; i < queue.size(); ++i) {
      EXPECT_GE(queue[i - 1].first - queue[i - 1].second, queue[i].first - 1e-6)
          << run.network.lane(lane).id << " at " << run.second();
    }
  }
}

void expect_nobody_lost(const Street& street) {
  const Totals totals = street.totals();
  EXPECT_EQ(totals.loaded, totals.finished + totals.in_network + totals.waiting_to_enter);
  EXPECT_EQ(totals.entered, totals.finished + totals.in_network);
  EXPECT_EQ(street.vehicles().size(), totals.in_network);
}

class AnySeed : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AnySeed, no_overlap_and_nobody_lost_under_random_signals) {
  const std::uint64_t seed = GetParam();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  constexpr std::array<int, 4> steps_ms{1000, 500, 200, 100};
  const test::StreetRun run({.flow_veh_per_h = 100.0 + static_cast<double>(random() % 900),
                             .flow_persons_per_h = static_cast<double>(random() % 400),
                             .seed = seed,
                             .step_length = Milliseconds{steps_ms[random() % steps_ms.size()]}});
  RandomLamps lamps(run.config.groups().size(), seed);
  double next_s = 0;
  std::vector<Aspect> aspects(run.config.groups().size(), Aspect::red);

  while (run.second() < 300) {
    if (run.second() >= next_s) {
      aspects = lamps.next();
      next_s += 1;
    }
    run.step(aspects, SignalMode::normal);
    expect_no_overlap(run);
    expect_nobody_lost(*run.street);
    if (HasFailure()) break;
  }
}

TEST_P(AnySeed, all_demand_finishes_under_the_fixed_timetable) {
  const std::uint64_t seed = GetParam();
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::StreetRun run({.flow_veh_per_h = 380, .seed = seed});

  run.run_until(3000);

  EXPECT_EQ(run.street->totals().finished, run.street->totals().loaded);
  EXPECT_FALSE(run.street->totals().locked);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnySeed, ::testing::Range<std::uint64_t>(1, 7));

}  // namespace
}  // namespace chorraha
