#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::console {

/// What a page wants to be shown; replaces what it wanted before.
struct ViewWanted {
  static constexpr std::size_t junctions_max = 16;
  std::vector<std::string> junctions;  // ids; unknown ones are for the feed to ignore
  struct Box {
    Point low, high;
  };
  std::optional<Box> box;             // of the street, for its vehicles
  std::optional<std::string> camera;  // id
};

struct Ping {
  std::int64_t sent_wall_ms = 0;  // the page's own clock, given back unchanged
};

struct Resync {};

using ClientMessage = std::variant<ViewWanted, Ping, Resync>;

/// Reads one text frame of a page (docs/live-feed.md). The sender is not trusted: anything else
/// than one of these messages is a Fault, unknown fields are ignored.
[[nodiscard]] Result<ClientMessage> client_message(std::string_view text);

}  // namespace chorraha::console
