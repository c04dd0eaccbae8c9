#include "sim/sumo/link_letters.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

/// The cross: 0-2 from north, 3-5 from east, 6-8 from south, 9-11 from west, 12 a walk.
class SumoLinkLetters : public testing::Test {
 protected:
  SumoLinkLetters() : aspects_(config_.groups().size(), Aspect::red) {}

  void set(const char* group, Aspect aspect) {
    aspects_[config_.find_group(GroupId{group}).value()] = aspect;
  }
  [[nodiscard]] std::string letters(SignalMode mode = SignalMode::normal) const {
    return sumo::LinkLetters(network_, IntersectionIndex{0}, config_, "rrrrrrrrrrrrrR")
        .letters(aspects_, mode);
  }

  Network network_ = sumo::read_sumo_network(test::cross_folder() / "cross.net.xml").value();
  IntersectionConfig config_ =
      sumo::import_signals(
          network_, sumo::read_sumo_programs(test::cross_folder() / "cross.net.xml", {}).value(),
          {})
          .value()
          .intersections[0];
  std::vector<Aspect> aspects_;
};

TEST_F(SumoLinkLetters, are_red_with_what_the_network_does_not_use_left_alone) {
  EXPECT_EQ(letters(), "rrrrrrrrrrrrrR");
}

TEST_F(SumoLinkLetters, tell_protected_from_permissive_green) {
  set("L4", Aspect::green);   // 4, 9, 10
  set("L5g", Aspect::green);  // gives way to 10
  EXPECT_EQ(letters(), "rrrrGgrrrGGrrR");

  set("L5g", Aspect::red);
  set("L4", Aspect::amber);
  set("L11", Aspect::green);
  set("L12", Aspect::flashing_green);
  EXPECT_EQ(letters(), "rrrryrrrryyGGR");
}

TEST_F(SumoLinkLetters, show_red_and_amber_as_red) {
  set("L4", Aspect::red_amber);
  EXPECT_EQ(letters(), "rrrrrrrrrrrrrR");
}

TEST_F(SumoLinkLetters, leave_flash_and_dark_to_the_right_of_way) {
  set("L4", Aspect::green);
  // Only 9 gives way to nobody, and the walk goes first.
  EXPECT_EQ(letters(SignalMode::dark), "oooooooooOooOR");
  EXPECT_EQ(letters(SignalMode::flash), letters(SignalMode::dark));
}

TEST_F(SumoLinkLetters, start_up_amber_is_amber) {
  for (Aspect& aspect : aspects_) aspect = Aspect::amber;
  EXPECT_EQ(letters(SignalMode::start_up).substr(0, 12), "yyyyyyyyyyyy");

  for (Aspect& aspect : aspects_) aspect = Aspect::flashing_amber;
  EXPECT_EQ(letters(SignalMode::start_up), letters(SignalMode::flash));
}

}  // namespace
}  // namespace chorraha
