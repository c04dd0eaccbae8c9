#include "apps/count/score.hpp"

#include <gtest/gtest.h>

namespace chorraha::count {
namespace {

Score scored(const LineTruth& truth, const std::vector<std::int64_t>& counts) {
  return score(truth, counts);
}

void expect_score(const Score& score, std::size_t missed, std::size_t false_counts) {
  EXPECT_EQ(score.missed, missed);
  EXPECT_EQ(score.false_counts, false_counts);
}

TEST(Score, accepts_front_centre_and_rear) {
  const LineTruth truth{{{100, 120}}, {}};

  for (const std::int64_t frame : {90, 100, 110, 120, 145})
    expect_score(scored(truth, {frame}), 0, 0);
  for (const std::int64_t frame : {89, 146}) expect_score(scored(truth, {frame}), 1, 1);
}

TEST(Score, counts_a_vehicle_once) {
  expect_score(scored({{{100, 600}}, {}}, {150, 300, 590}), 0, 2);
}

TEST(Score, matches_as_many_as_possible) {
  // First come, first served would give 130 to the first span and leave the second alone.
  expect_score(scored({{{100, 110}, {130, 140}}, {}}, {125, 112}), 0, 0);
  expect_score(scored({{{100, 200}, {100, 110}, {190, 200}}, {}}, {105, 150, 195}), 0, 0);
}

TEST(Score, takes_required_spans_before_optional_ones) {
  const Score one_count = scored({{{100, 110}}, {{100, 110}}}, {105});
  const Score two_counts = scored({{{100, 110}}, {{100, 110}}}, {105, 106});

  expect_score(one_count, 0, 0);
  expect_score(two_counts, 0, 0);
}

TEST(Score, optional_spans_are_never_missed) {
  expect_score(scored({{}, {{100, 110}}}, {}), 0, 0);
}

TEST(Score, adds_up_over_lines_and_divides_by_what_was_required) {
  const Score sum = Score{20, 1, 2} + Score{5, 1, 1};

  EXPECT_EQ(sum.required, 25U);
  EXPECT_DOUBLE_EQ(sum.event_error(), 0.2);
  EXPECT_EQ(Score{}.event_error(), 0.0);
}

}  // namespace
}  // namespace chorraha::count
