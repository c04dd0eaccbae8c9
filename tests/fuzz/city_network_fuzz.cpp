// Whatever bytes come: a fault or a network that is written and read back to the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/city/network_file.hpp"
#include "traffic/expect.hpp"

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto map = chorraha::read_network_text(text, "fuzz.json");
  if (!map) return 0;
  const std::string written =
      chorraha::network_text(map->network, map->link_classes, map->background);
  const auto again = chorraha::read_network_text(written, "again.json");
  CHORRAHA_EXPECT(again && chorraha::network_text(again->network, again->link_classes,
                                                  again->background) == written);
  return 0;
}
