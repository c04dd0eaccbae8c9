#include "sim/sumo/departures.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

TEST(Departures, are_read_of_vehicles_and_trips_in_seconds_and_clock_times) {
  const test::ScratchFile file("x.rou.xml",
                               "<routes><vehicle id='a' depart='12.5'/><trip id='b' "
                               "depart='1:02:03'/><trip id='c' depart='1:00:00:01'/></routes>");

  const sumo::Departures departures({file.path()});

  EXPECT_EQ(departures.of("a"), Milliseconds{12'500});
  EXPECT_EQ(departures.of("b"), Milliseconds{3'723'000});
  EXPECT_EQ(departures.of("c"), Milliseconds{86'401'000});
}

TEST(Departures, of_a_scaled_copy_are_those_of_its_original) {
  const test::ScratchFile file("x.rou.xml", "<routes><trip id='a.b' depart='7'/></routes>");

  const sumo::Departures departures({file.path()});

  EXPECT_EQ(departures.of("a.b"), Milliseconds{7'000});
  EXPECT_EQ(departures.of("a.b.1"), Milliseconds{7'000});
  EXPECT_EQ(departures.of("a"), std::nullopt);
}

TEST(Departures, that_are_no_times_are_none) {
  const test::ScratchFile file(
      "x.rou.xml",
      "<routes><trip id='a' depart='triggered'/><trip id='b' "
      "depart='1:2'/><trip id='c'/><trip id='d' depart='1e999'/></routes>");

  const sumo::Departures departures({file.path(), file.path().parent_path() / "not_there.xml"});

  for (const char* id : {"a", "b", "c", "d"}) EXPECT_EQ(departures.of(id), std::nullopt) << id;
}

TEST(Departures, follow_includes_but_not_for_ever) {
  const test::ScratchFile file(
      "x.rou.xml", "<routes><include href='x.rou.xml'/><trip id='a' depart='7'/></routes>");

  const sumo::Departures departures({file.path()});

  EXPECT_EQ(departures.of("a"), Milliseconds{7'000});
}

}  // namespace
}  // namespace chorraha
