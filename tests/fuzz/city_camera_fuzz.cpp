// Whatever bytes come: a fault or a camera that is written and read back to the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/city/camera_file.hpp"
#include "traffic/expect.hpp"

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto camera = chorraha::read_camera_text(text, "fuzz.json");
  if (!camera) return 0;
  const std::string written = chorraha::camera_text(*camera);
  const auto again = chorraha::read_camera_text(written, "again.json");
  CHORRAHA_EXPECT(again && chorraha::camera_text(*again) == written);
  return 0;
}
