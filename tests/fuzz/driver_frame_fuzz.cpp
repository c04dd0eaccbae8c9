// Any bytes: a frame that comes back as the same bytes, or a Fault.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "field/driver_frame.hpp"
#include "traffic/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto frame = chorraha::decode_driver_frame(bytes);
  if (!frame) return 0;
  const auto again = chorraha::encode(*frame);
  CHORRAHA_EXPECT(std::ranges::equal(again, bytes));
  return 0;
}
