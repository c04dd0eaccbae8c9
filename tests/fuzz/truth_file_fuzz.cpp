// Any bytes as a TRUTH.json: spans or a fault, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "apps/count/truth_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(chorraha::count::read_truth_text(text, "truth.json"));
  return 0;
}
