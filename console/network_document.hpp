#pragma once

#include <string>

#include "console/city_view.hpp"

namespace chorraha::console {

/// The city as `GET /api/network` tells it (docs/live-feed.md): JSON text, metres to the
/// centimetre. The same city gives the same bytes.
[[nodiscard]] std::string network_document(const City& city);

}  // namespace chorraha::console
