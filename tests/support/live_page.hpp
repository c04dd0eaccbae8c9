#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace chorraha::test {

/// The first `overview` that a new page at ws://127.0.0.1:PORT/live is sent (docs/live-feed.md),
/// JSON text; nothing when none comes in time.
[[nodiscard]] std::optional<std::string> overview(std::uint16_t port,
                                                  std::chrono::milliseconds patience);

}  // namespace chorraha::test
