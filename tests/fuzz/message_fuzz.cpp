// Any bytes are a message or a Fault, and what is a message stays the same when sent on.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "messaging/codec/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto read = chorraha::decode(bytes);
  if (!read) return read.error().allowed.empty() ? (std::abort(), 0) : 0;
  const auto again = chorraha::decode(chorraha::encode(*read));
  if (!again || !(*again == *read)) std::abort();
  return 0;
}
