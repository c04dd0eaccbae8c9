// docs/tour.md names files and functions: they are there.
#include <cctype>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/source_tree.hpp"

namespace chorraha {
namespace {

// - `path/file.cpp` · `name`: what it does
struct Stop {
  std::string file;
  std::string name;
};

constexpr std::string_view stop_begin = "- `";

std::optional<Stop> stop_of(std::string_view line) {
  constexpr std::string_view between = "` · `";
  constexpr std::string_view after = "`: ";
  if (!line.starts_with(stop_begin)) return std::nullopt;
  line.remove_prefix(stop_begin.size());
  const std::size_t middle = line.find(between);
  if (middle == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(middle + between.size());
  const std::size_t end = rest.find(after);
  if (end == std::string_view::npos || end + after.size() == rest.size()) return std::nullopt;
  return Stop{std::string(line.substr(0, middle)), std::string(rest.substr(0, end))};
}

bool is_part_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Whether `line` has `name` as a whole word with its argument list: a definition or a call.
bool names_function(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos;
       at = line.find(name, at + 1)) {
    const bool begins = at == 0 || !is_part_of_name(line[at - 1]);
    const std::size_t end = at + name.size();
    if (begins && end < line.size() && line[end] == '(') return true;
  }
  return false;
}

/// What is wrong with one line of the tour; empty if nothing is.
std::string complaint(std::string_view line) {
  if (!line.starts_with(stop_begin)) return {};
  const std::optional<Stop> stop = stop_of(line);
  if (!stop) return "is not of the form - `file` · `function`: words";
  const std::filesystem::path file = test::source_root() / stop->file;
  if (!std::filesystem::is_regular_file(file)) return "there is no file " + stop->file;
  for (const std::string& code : test::lines_of(file))
    if (names_function(code, stop->name)) return {};
  return stop->file + " has no function " + stop->name;
}

TEST(Tour, leads_only_to_files_and_functions_that_are_there) {
  const std::vector<std::string> lines = test::lines_of(test::source_root() / "docs/tour.md");
  std::vector<std::string> complaints;
  std::size_t stops = 0;

  for (const std::string& line : lines) {
    if (stop_of(line)) ++stops;
    if (const std::string what = complaint(line); !what.empty())
      complaints.push_back(std::string(line).append(": ").append(what));
  }

  EXPECT_EQ(complaints, std::vector<std::string>{});
  constexpr std::size_t stops_min = 40;  // from frame to lamp and back
  EXPECT_GE(stops, stops_min);
}

TEST(Tour, passes_every_room_on_the_way) {
  std::string files;
  for (const std::string& line : test::lines_of(test::source_root() / "docs/tour.md"))
    if (const std::optional<Stop> stop = stop_of(line)) files += " " + stop->file;

  for (const std::string room :
       {"sim/virtual_camera", "apps/street/", "apps/camera/", "vision/", "messaging/link/",
        "messaging/codec/", "centre/region", "control/", "apps/controller/", "field/plan_check",
        "field/sequencer", "field/safety_kernel", "field/lamp_driver", "field/monitor"})
    EXPECT_NE(files.find(" " + room), std::string::npos) << room;
}

TEST(Tour, notices_what_is_gone) {
  EXPECT_EQ(complaint("- `vision/tracker.cpp` · `Tracker::step`: follows"), "");
  EXPECT_NE(complaint("- `vision/no_such_file.cpp` · `Tracker::step`: follows"), "");
  EXPECT_NE(complaint("- `vision/tracker.cpp` · `Tracker::no_such_step`: follows"), "");
  EXPECT_NE(complaint("- `vision/tracker.cpp` · `racker::step`: part of a name"), "");
  EXPECT_NE(complaint("- `vision/tracker.cpp` · `Tracker::ste`: part of a name"), "");
  EXPECT_NE(complaint("- `vision/tracker.cpp`: without a function"), "");
  EXPECT_NE(complaint("- `vision/tracker.cpp` · `Tracker::step`: "), "");
}

}  // namespace
}  // namespace chorraha
