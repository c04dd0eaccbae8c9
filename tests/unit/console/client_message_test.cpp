#include "console/client_message.hpp"

#include <gtest/gtest.h>

namespace chorraha::console {
namespace {

TEST(ClientMessage, reads_what_a_page_wants) {
  const auto message = client_message(
      R"({"type":"view","junctions":["J1","J2"],"box":[0,-1.5,10,20],"camera":"C1","more":1})");

  ASSERT_TRUE(message.has_value()) << message.error().text();
  const auto& wanted = std::get<ViewWanted>(*message);
  EXPECT_EQ(wanted.junctions, (std::vector<std::string>{"J1", "J2"}));
  EXPECT_EQ(wanted.box->low, (Point{0, -1.5}));
  EXPECT_EQ(wanted.camera, "C1");
}

TEST(ClientMessage, takes_absent_and_null_as_nothing_wanted) {
  const auto message = client_message(R"({"type":"view","box":null,"camera":null})");

  const auto& wanted = std::get<ViewWanted>(message.value());
  EXPECT_TRUE(wanted.junctions.empty());
  EXPECT_EQ(wanted.box.has_value(), false);
  EXPECT_EQ(wanted.camera, std::nullopt);
}

TEST(ClientMessage, gives_a_ping_back_unchanged) {
  const auto message = client_message(R"({"type":"ping","sent_wall_ms":1704079800123})");

  EXPECT_EQ(std::get<Ping>(message.value()).sent_wall_ms, 1'704'079'800'123);
}

TEST(ClientMessage, refuses_anything_else_with_a_name) {
  for (
      const char* text :
      {"", "[]", "{", "7", R"({"type":7})", R"({"type":"command"})", R"({"type":"ping"})",
       R"({"type":"ping","sent_wall_ms":1.5})", R"({"type":"view","junctions":"J1"})",
       R"({"type":"view","junctions":[1]})", R"({"type":"view","junctions":[""]})",
       R"({"type":"view","box":[1,2,3]})", R"({"type":"view","box":[1,2,3,"4"]})",
       R"({"type":"view","camera":5})",
       R"({"type":"view","junctions":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]})"}) {
    const auto message = client_message(text);
    ASSERT_FALSE(message.has_value()) << text;
    EXPECT_FALSE(message.error().thing.empty()) << text;
    EXPECT_FALSE(message.error().allowed.empty()) << text;
  }
}

}  // namespace
}  // namespace chorraha::console
