#include "formats/sumo/sumo_config.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

using ::testing::HasSubstr;

TEST(SumoConfig, finds_its_files_beside_itself_and_reads_clock_times) {
  const auto config = sumo::read_sumo_config(test::cross_folder() / "cross.sumocfg");

  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->network, test::cross_folder() / "cross.net.xml");
  ASSERT_EQ(config->routes.size(), 1U);
  EXPECT_EQ(config->routes[0], test::cross_folder() / "cross.rou.xml");
  EXPECT_TRUE(config->additional.empty());
  EXPECT_EQ(config->begin_s, 0);
  EXPECT_EQ(config->end_s, 120);
  EXPECT_EQ(config->step_length, Milliseconds{1000});
}

TEST(SumoConfig, knows_the_short_names_of_options_and_steps_under_a_second) {
  const auto config = sumo::read_sumo_config(test::cross_folder() / "evening.sumocfg");

  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->network.filename(), "cross.net.xml");
  ASSERT_EQ(config->additional.size(), 1U);
  EXPECT_EQ(config->end_s, 100);
  EXPECT_EQ(config->step_length, Milliseconds{500});
}

std::string fault_of(const std::string& text) {
  const test::ScratchFile file("bad.sumocfg", text);
  const auto config = sumo::read_sumo_config(file.path());
  return config ? "no fault" : config.error().text();
}

TEST(SumoConfig, names_file_line_value_and_what_is_allowed) {
  EXPECT_THAT(fault_of("<configuration>\n <input>\n  <net-file value=\"gone.net.xml\"/>\n"
                       " </input>\n</configuration>"),
              testing::AllOf(HasSubstr("bad.sumocfg:3"), HasSubstr("gone.net.xml"),
                             HasSubstr("a file that exists")));
  EXPECT_THAT(fault_of("<configuration/>"), HasSubstr("net-file"));
  EXPECT_THAT(fault_of("<configuration><input>"), HasSubstr("well-formed XML"));
  EXPECT_THAT(fault_of(""), HasSubstr("well-formed XML"));
}

TEST(SumoConfig, refuses_an_end_before_the_begin_and_a_step_finer_than_the_lamps) {
  const std::string net =
      "<c><net-file value=\"" + (test::cross_folder() / "cross.net.xml").string() + "\"/>\n";

  EXPECT_THAT(fault_of(net + "<begin value=\"100\"/><end value=\"50\"/></c>"),
              testing::AllOf(HasSubstr(":2"), HasSubstr("\"50\""), HasSubstr("after the begin")));
  EXPECT_THAT(fault_of(net + "<step-length value=\"0.25\"/></c>"), HasSubstr("multiple of 0.1 s"));
  EXPECT_THAT(fault_of(net + "<step-length value=\"0\"/></c>"), HasSubstr("0.1 to 1 s"));
  EXPECT_THAT(fault_of(net + "<begin value=\"soon\"/></c>"), HasSubstr("hh:mm:ss"));
}

TEST(SumoConfig, says_that_a_file_is_not_there) {
  const auto config = sumo::read_sumo_config("/nowhere/x.sumocfg");

  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().reason, Reason::bad_input);
  EXPECT_THAT(config.error().text(), HasSubstr("/nowhere/x.sumocfg"));
}

}  // namespace
}  // namespace chorraha
