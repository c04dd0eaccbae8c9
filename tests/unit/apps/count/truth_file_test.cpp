#include "apps/count/truth_file.hpp"

#include <gtest/gtest.h>

namespace chorraha::count {
namespace {

TEST(TruthFile, reads_spans_by_line) {
  const auto truth = read_truth_text(
      R"({"lines":[{"name":"a","crossings":[[1,2],[3,9]],"optional":[[5,6]]},{"name":"b"}]})", "t");

  ASSERT_TRUE(truth);
  EXPECT_EQ(truth->at("a").required.size(), 2U);
  EXPECT_EQ(truth->at("a").optional.at(0).last, 6);
  EXPECT_TRUE(truth->at("b").required.empty());
}

TEST(TruthFile, names_what_is_wrong) {
  for (const char* text :
       {"", "[]", "{}", R"({"lines":3})", R"({"lines":[{}]})", R"({"lines":[{"name":1}]})",
        R"({"lines":[{"name":"a","crossings":[[1]]}]})",
        R"({"lines":[{"name":"a","crossings":[[9,3]]}]})",
        R"({"lines":[{"name":"a","optional":"x"}]})",
        R"({"lines":[{"name":"a","crossings":[[1.5,2]]}]})"}) {
    const auto truth = read_truth_text(text, "truth.json");

    ASSERT_FALSE(truth) << text;
    EXPECT_EQ(truth.error().reason, Reason::bad_input);
    EXPECT_EQ(truth.error().thing.rfind("truth.json", 0), 0U);
  }
}

}  // namespace
}  // namespace chorraha::count
