#include "twin/figures.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{1'000'000ms};
constexpr Instant end = begin + 600s;

TripRecord arrived(Instant scheduled, double depart_delay_s, double time_loss_s) {
  TripRecord trip;
  trip.depart_scheduled = scheduled;
  trip.depart = scheduled;
  trip.arrival = scheduled + 60s;
  trip.duration_s = 60;
  trip.depart_delay_s = depart_delay_s;
  trip.time_loss_s = time_loss_s;
  trip.stops = 2;
  return trip;
}

TEST(Figures, delay_is_time_loss_and_departure_delay) {
  const std::vector<TripRecord> trips{arrived(begin, 2, 10), arrived(begin + 5s, 4, 20)};

  const RunFigures figures = figures_of(trips, begin, end);

  EXPECT_EQ(figures.loaded, 2U);
  EXPECT_EQ(figures.finished, 2U);
  EXPECT_DOUBLE_EQ(figures.time_loss_s, 15);
  EXPECT_DOUBLE_EQ(figures.depart_delay_s, 3);
  EXPECT_DOUBLE_EQ(figures.delay_s, 18);
  EXPECT_DOUBLE_EQ(figures.stops_per_vehicle, 2);
}

TEST(Figures, who_never_entered_counts_with_all_its_waiting) {
  TripRecord shut_out;
  shut_out.depart_scheduled = begin;
  shut_out.depart_delay_s = 600;  // up to the end, as the street counts it
  const std::vector<TripRecord> trips{arrived(begin, 0, 10), shut_out};

  const RunFigures figures = figures_of(trips, begin, end);

  EXPECT_EQ(figures.loaded, 2U);
  EXPECT_EQ(figures.entered, 1U);
  EXPECT_EQ(figures.finished, 1U);
  EXPECT_DOUBLE_EQ(figures.delay_s, 305);
}

TEST(Figures, only_departures_of_the_interval_count_and_its_end_is_outside) {
  const std::vector<TripRecord> trips{arrived(begin - 1ms, 0, 100), arrived(begin, 0, 10),
                                      arrived(end - 1ms, 0, 30), arrived(end, 0, 100)};

  const RunFigures figures = figures_of(trips, begin, end);

  EXPECT_EQ(figures.loaded, 2U);
  EXPECT_DOUBLE_EQ(figures.delay_s, 20);
}

TEST(Figures, of_an_empty_street_are_zero) {
  EXPECT_EQ(figures_of({}, begin, end).loaded, 0U);
  EXPECT_DOUBLE_EQ(figures_of({}, begin, end).delay_s, 0);
}

TEST(Quantile, is_the_sample_at_the_rank) {
  const std::vector<double> samples{5, 1, 4, 2, 3};

  EXPECT_DOUBLE_EQ(quantile(samples, 0.5), 3);   // rank ceil(2.5) = 3
  EXPECT_DOUBLE_EQ(quantile(samples, 0.99), 5);  // rank ceil(4.95) = 5
  EXPECT_DOUBLE_EQ(quantile(samples, 0.2), 1);   // rank 1
  EXPECT_DOUBLE_EQ(quantile(samples, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(samples, 1), 5);
  EXPECT_DOUBLE_EQ(quantile({}, 0.5), 0);
}

// 10, 12, 14: mean 12, deviation 2, t(0.975, 2) = 4.302653: 4.302653 * 2 / sqrt(3) = 4.968276.
TEST(Spread, is_the_interval_of_students_t) {
  const std::vector<double> samples{10, 12, 14};

  const Spread spread = spread_of(samples);

  EXPECT_DOUBLE_EQ(spread.mean, 12);
  EXPECT_NEAR(spread.ci95, 4.968276, 1e-5);
}

TEST(Spread, of_one_sample_has_no_width) {
  const std::vector<double> samples{10};

  EXPECT_DOUBLE_EQ(spread_of(samples).mean, 10);
  EXPECT_DOUBLE_EQ(spread_of(samples).ci95, 0);
  EXPECT_DOUBLE_EQ(spread_of({}).mean, 0);
}

}  // namespace
}  // namespace chorraha
