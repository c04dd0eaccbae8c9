// Whatever comes over the TraCI socket is read within its bounds. The first byte says how many
// commands the answers belong to, the next ones which.
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/sumo/traci_codec.hpp"
#include "traffic/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span all(data, size);
  const std::size_t count = data[0] % 8;
  if (size < 1 + count) return 0;
  const auto answers =
      chorraha::traci::parse_answers(all.subspan(1 + count), all.subspan(1, count));
  if (answers) CHORRAHA_EXPECT(answers->size() == count);
  return 0;
}
