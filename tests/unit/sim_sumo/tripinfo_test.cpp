#include "sim/sumo/tripinfo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

TEST(TripInfo, tells_finished_from_unfinished_trips) {
  const test::ScratchFile file(
      "t.xml",
      "<tripinfos><tripinfo id='a' depart='3.00' departDelay='1.50' arrival='40.00' "
      "duration='37.00' routeLength='400.5' waitingTime='5.00' waitingCount='2' timeLoss='9.25'/>"
      "<tripinfo id='b' depart='4' departDelay='0' arrival='-1.00' duration='30' routeLength='1' "
      "waitingTime='0' waitingCount='0' timeLoss='0'/></tripinfos>");

  const auto trips = sumo::read_tripinfo(file.path());

  ASSERT_TRUE(trips) << trips.error().text();
  ASSERT_EQ(trips->size(), 2U);
  EXPECT_EQ((*trips)[0].arrival_s, 40);
  EXPECT_EQ((*trips)[0].depart_delay_s, 1.5);
  EXPECT_EQ((*trips)[0].time_loss_s, 9.25);
  EXPECT_EQ((*trips)[0].stops, 2);
  EXPECT_EQ((*trips)[0].distance_m, 400.5);
  EXPECT_EQ((*trips)[1].arrival_s, std::nullopt);
}

TEST(TripInfo, that_is_cut_off_is_a_fault) {
  const test::ScratchFile cut("t.xml", "<tripinfos><tripinfo id='a' depart='3.00'");
  const test::ScratchFile thin("t.xml", "<tripinfos><tripinfo id='a' depart='3.00'/></tripinfos>");

  EXPECT_FALSE(sumo::read_tripinfo(cut.path()));
  const auto trips = sumo::read_tripinfo(thin.path());
  ASSERT_FALSE(trips);
  EXPECT_THAT(trips.error().text(), testing::HasSubstr("\"a\""));
}

}  // namespace
}  // namespace chorraha
