// Who may include what: the law of the house, as data. A room is a top-level folder; a sub-room
// with a library of its own has its own row.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/source_tree.hpp"

namespace chorraha {
namespace {

using Names = std::vector<std::string_view>;

struct Row {
  Names rooms;      // folders that may be included, beside itself
  Names libraries;  // prefixes of <...> includes, beside the standard library, boost/system and fmt
};

const std::map<std::string_view, Row>& floors() {
  static const std::map<std::string_view, Row> table{
      {"traffic", {{}, {}}},
      {"formats/city", {{"traffic"}, {"nlohmann/", "toml++/", "sodium"}}},
      {"formats/sumo", {{"traffic"}, {"pugixml", "expat", "zlib"}}},
      {"sensors", {{"traffic"}, {"opencv2/", "boost/asio"}}},
      {"vision", {{"traffic"}, {"opencv2/", "Eigen/"}}},
      {"control", {{"traffic"}, {"Eigen/"}}},
      {"messaging/codec", {{"traffic"}, {"google/protobuf"}}},
      {"messaging/link", {{"traffic", "messaging/codec"}, {"zmq", "boost/asio"}}},
      {"field", {{"traffic"}, {}}},
      {"sim/sumo", {{"traffic", "sim"}, {"boost/asio", "boost/process", "pugixml"}}},
      {"sim", {{"traffic"}, {}}},
      {"twin",
       {{"traffic", "sim", "control", "field", "measures", "messaging/codec"}, {"boost/math"}}},
      {"centre",
       {{"traffic", "control", "messaging", "storage", "measures", "twin"}, {"boost/asio"}}},
      {"console",
       {{"traffic", "centre", "storage", "measures"},
        {"boost/asio", "boost/beast", "openssl/", "sodium", "nlohmann/"}}},
  };
  return table;
}

const std::vector<std::string> rooms{"traffic",   "formats", "sensors", "vision",   "control",
                                     "messaging", "field",   "sim",     "measures", "storage",
                                     "twin",      "centre",  "console", "apps"};

bool starts_with_any(std::string_view text, const Names& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// The longest row whose folder holds the file.
const std::pair<const std::string_view, Row>* row_of(std::string_view file) {
  const std::pair<const std::string_view, Row>* best = nullptr;
  for (const auto& row : floors()) {
    if (file.starts_with(std::string(row.first) + "/") &&
        (best == nullptr || row.first.size() > best->first.size()))
      best = &row;
  }
  return best;
}

// Standard headers have neither a dot nor a slash; C headers of the system are an edge matter of
// sensors, messaging, sim/sumo and apps.
bool is_standard(std::string_view header) {
  return header.find('.') == std::string_view::npos && header.find('/') == std::string_view::npos;
}
bool is_system(std::string_view header) {
  return starts_with_any(
      header, {"sys/", "unistd.h", "fcntl.h", "signal.h", "poll.h", "netinet/", "arpa/", "time.h"});
}
bool is_open_to_all(std::string_view header) {
  return starts_with_any(header, {"boost/system", "boost/assert/source_location", "fmt/"});
}

std::string complaint(const std::string& file, std::string_view line) {
  const auto* row = row_of(file);
  const bool local = line.starts_with("#include \"");
  if (!local && !line.starts_with("#include <")) return {};
  const std::size_t begin = line.find_first_of("\"<") + 1;
  const std::string_view header = line.substr(begin, line.find_first_of("\">", begin) - begin);
  if (row == nullptr) return "no floor for this folder";
  if (local) {
    if (header.find('/') == std::string_view::npos)
      return file.starts_with("messaging/codec") ? "" : "include from the root";
    if (header.starts_with(row->first) || starts_with_any(header, row->second.rooms)) return {};
    return "leaves its floor";
  }
  const bool edge = starts_with_any(file, {"messaging/link/", "sim/sumo/", "sensors/", "console/"});
  if (is_standard(header) || is_open_to_all(header) || (edge && is_system(header))) return {};
  return starts_with_any(header, row->second.libraries) ? "" : "a library that is not of this room";
}

TEST(Floors, no_room_includes_upward_or_sideways) {
  std::vector<std::string> complaints;

  for (const auto& path : test::room_sources(rooms)) {
    if (path.string().starts_with("apps/")) continue;  // apps may include everything
    for (const std::string& line : test::lines_of(test::source_root() / path)) {
      const std::string what = complaint(path.string(), line);
      if (!what.empty())
        complaints.push_back(path.string().append(": ").append(line).append(": ").append(what));
    }
  }

  EXPECT_EQ(complaints, std::vector<std::string>{});
}

TEST(Floors, notices_an_include_that_leaves_its_floor) {
  EXPECT_NE(complaint("control/horizon.cpp", "#include \"field/controller.hpp\""), "");
  EXPECT_NE(complaint("field/monitor.cpp", "#include <Eigen/Core>"), "");
  EXPECT_NE(complaint("traffic/plan.hpp", "#include \"control/horizon.hpp\""), "");
  EXPECT_EQ(complaint("twin/closed_loop.hpp", "#include \"sim/street.hpp\""), "");
}

TEST(Floors, each_room_opens_with_a_readme) {
  for (const std::string& room : rooms) {
    const auto folder = test::source_root() / room;
    if (!std::filesystem::is_directory(folder)) continue;
    EXPECT_TRUE(std::filesystem::exists(folder / "README.md")) << room;
  }
}

TEST(Floors, heavy_headers_stay_out_of_headers) {
  for (const auto& path : test::room_sources(rooms)) {
    if (path.extension() != ".hpp") continue;
    for (const std::string& line : test::lines_of(test::source_root() / path)) {
      const bool heavy =
          line == "#include <boost/asio.hpp>" || line == "#include <boost/beast.hpp>" ||
          line == "#include <opencv2/opencv.hpp>" || line == "#include <nlohmann/json.hpp>";
      EXPECT_FALSE(heavy) << path << ": " << line;
    }
  }
}

}  // namespace
}  // namespace chorraha
