#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "traffic/result.hpp"

namespace chorraha {

/// The body of GET `target` from 127.0.0.1:`port`; blocks at most `patience`. Fault `lost` when
/// nobody answers in time, `refused` when the status is not 200.
[[nodiscard]] Result<std::string> http_get(std::uint16_t port, const std::string& target,
                                           std::chrono::milliseconds patience);

/// Whether somebody else already listens on 127.0.0.1:`port` (or we may not).
[[nodiscard]] Done port_is_free(std::uint16_t port);

}  // namespace chorraha
