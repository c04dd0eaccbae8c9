// Whatever a page sends: a message or a Fault that names something, never more.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "console/client_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto message =
      chorraha::console::client_message({reinterpret_cast<const char*>(bytes), size});
  if (!message && message.error().thing.empty()) std::abort();
  if (!message) return 0;
  const auto* wanted = std::get_if<chorraha::console::ViewWanted>(&*message);
  if (wanted != nullptr &&
      wanted->junctions.size() > chorraha::console::ViewWanted::junctions_max) {
    std::abort();
  }
  return 0;
}
