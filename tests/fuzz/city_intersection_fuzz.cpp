// Whatever bytes come: a fault or a configuration that is written and read back equal.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/city/intersection_file.hpp"
#include "traffic/expect.hpp"

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = chorraha::read_intersection_text(text, "fuzz.toml");
  if (config) {
    const auto again =
        chorraha::read_intersection_text(chorraha::intersection_text(*config), "again.toml");
    CHORRAHA_EXPECT(again && again->parts() == config->parts());
    const auto canonical =
        chorraha::read_canonical_text(chorraha::canonical_json(*config), "again.json");
    CHORRAHA_EXPECT(canonical && chorraha::hash_of(*canonical) == chorraha::hash_of(*config));
  }
  (void)chorraha::read_canonical_text(text, "fuzz.json");
  return 0;
}
