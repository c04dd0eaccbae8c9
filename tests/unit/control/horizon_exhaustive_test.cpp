// The beam search against every plan there is, on a crossing of two one-way streets. The reference
// is written anew, second by second, and shares no code with the search.

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "control/horizon.hpp"
#include "tests/unit/control/cross.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

constexpr double view_s = 26;
constexpr double interstage_s = 5;
constexpr double leave_s = 10;  // interstage and minimum green
constexpr double start_up_s = 1;
constexpr double headway_s = 1.8;
constexpr double amber_s = 1;

struct Street {
  std::vector<double> at_s;
  std::size_t next = 0;
  double free_s = 0;
};
using Streets = std::array<Street, 2>;

double stop_cost(double at_s, double leaves_s) {
  return at_s > 0 && leaves_s - at_s > 2 ? 4.0 : 0.0;
}

// Lets go who can between `from_s` and `to_s`; gives what they cost.
double go(Street& street, double from_s, double to_s) {
  double cost = 0;
  while (street.next < street.at_s.size()) {
    const double at_s = street.at_s[street.next];
    const double leaves_s = std::max({at_s, street.free_s, from_s});
    if (leaves_s >= to_s) break;
    cost += leaves_s - at_s + stop_cost(at_s, leaves_s);
    street.free_s = leaves_s + headway_s;
    ++street.next;
  }
  return cost;
}

double end_cost(const Streets& streets) {
  double cost = 0;
  for (const Street& street : streets) {
    double left = 0;
    for (std::size_t i = street.next; i < street.at_s.size(); ++i) {
      if (street.at_s[i] > view_s) break;
      cost += view_s - street.at_s[i];
      if (view_s - street.at_s[i] >= 2 && street.at_s[i] > 0) cost += 4;
      left += 1;
    }
    cost += 8 * left + left * left * headway_s / 2;
  }
  return cost;
}

double cheapest(double now_s, std::size_t lit, const Streets& streets) {
  if (now_s >= view_s) return end_cost(streets);
  Streets staying = streets;
  double stay_cost = go(staying[lit], now_s, std::min(now_s + 1, view_s));
  stay_cost += cheapest(now_s + 1, lit, staying);

  Streets changing = streets;
  const std::size_t other = 1 - lit;
  const double until_s = std::min(now_s + leave_s, view_s);
  double change_cost = 1 + go(changing[lit], now_s, std::min(now_s + amber_s, until_s));
  change_cost += go(changing[other], now_s + interstage_s + start_up_s, until_s);
  change_cost += cheapest(until_s, other, changing);
  return std::min(stay_cost, change_cost);
}

TEST(HorizonExhaustive, the_beam_is_nearly_as_cheap_as_the_best_of_all_plans) {
  constexpr unsigned seed = 12;
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> queue(0, 4), coming(0, 4);
  std::uniform_real_distribution<double> when(0.5, 20.0);
  const test::Cross cross;
  HorizonOptions options;
  options.view_s = view_s;
  options.near_s = view_s;
  options.reach_s = view_s;
  double sum = 0;
  double best_sum = 0;
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    Scene scene = test::quiet(cross.junction, StageIndex{0}, Ticks{300});
    Streets streets;
    for (std::size_t lane = 0; lane < 2; ++lane) {
      test::add_queue(scene, lane, queue(random));
      std::vector<double> at_s;
      for (int n = coming(random); n > 0; --n) at_s.push_back(when(random));
      std::ranges::sort(at_s);
      for (const double at : at_s) test::add_arrivals(scene, lane, {at});
      for (const Arrival& arrival : scene.lanes[lane].arrivals)
        streets[lane].at_s.push_back(arrival.at_s);
    }

    const double found = plan_horizon(cross.junction, scene, {}, options).cost_s;

    const double best = cheapest(0, 0, streets);
    EXPECT_GE(found, best - 1e-6);
    EXPECT_LE(found, best * 1.10 + 2.0);
    sum += found;
    best_sum += best;
  }
  EXPECT_LE(sum, best_sum * 1.02) << "seed " << seed;
}

}  // namespace
}  // namespace chorraha
