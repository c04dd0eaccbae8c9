#include "formats/sumo/sumo_program.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

using ::testing::HasSubstr;

TEST(SumoProgram, takes_the_last_program_loaded) {
  const std::filesystem::path net = test::cross_folder() / "cross.net.xml";
  const std::vector<std::filesystem::path> additional{test::cross_folder() / "cross.add.xml"};

  const auto alone = sumo::read_sumo_programs(net, {});
  const auto both = sumo::read_sumo_programs(net, additional);

  ASSERT_TRUE(alone) << alone.error().text();
  ASSERT_EQ(alone->size(), 1U);
  EXPECT_EQ(alone->front().program, "0");
  EXPECT_EQ(alone->front().cycle(), Ticks{900});
  ASSERT_TRUE(both) << both.error().text();
  ASSERT_EQ(both->size(), 1U);
  EXPECT_EQ(both->front().program, "evening");
  EXPECT_EQ(both->front().offset, Ticks{100});
  EXPECT_EQ(both->front().phases[1].duration, Ticks{40});
  EXPECT_THAT(both->front().place, HasSubstr("cross.add.xml:3"));
}

std::string fault_of(const std::string& phases, const std::string& type = "static") {
  const auto programs =
      sumo::parse_sumo_programs("x.add.xml", "<add>\n<tlLogic id=\"J\" type=\"" + type + "\">\n" +
                                                 phases + "</tlLogic></add>");
  return programs ? "no fault" : programs.error().text();
}

TEST(SumoProgram, names_line_value_and_what_is_allowed) {
  EXPECT_THAT(fault_of("<phase duration=\"5\" state=\"GGx\"/>"),
              testing::AllOf(HasSubstr("x.add.xml:3"), HasSubstr("GGx"), HasSubstr("letters of")));
  EXPECT_THAT(fault_of("<phase duration=\"0\" state=\"G\"/>"), HasSubstr("more than 0"));
  EXPECT_THAT(fault_of("<phase duration=\"9\" state=\"GG\"/>\n<phase duration=\"9\" state=\"G\"/>"),
              testing::AllOf(HasSubstr("x.add.xml:4"), HasSubstr("2 letters")));
  EXPECT_THAT(fault_of(""), HasSubstr("at least one phase"));
  EXPECT_THAT(fault_of("<phase duration=\"9\" state=\"G\"/>", "NEMA"), HasSubstr("NEMA"));
}

}  // namespace
}  // namespace chorraha
