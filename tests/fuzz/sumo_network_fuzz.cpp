// SUMO networks and programs of any shape are read or refused by name; what is read is whole.
#include <cstddef>
#include <cstdint>
#include <string>

#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_program.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "traffic/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto programs = chorraha::sumo::parse_sumo_programs("fuzz", text);
  auto parts = chorraha::sumo::parse_sumo_network("fuzz", text);
  if (!programs || !parts) return 0;
  const auto network = chorraha::Network::make(*parts);
  if (!network) return 0;
  const auto signals = chorraha::sumo::import_signals(*network, *programs, {});
  if (signals) CHORRAHA_EXPECT(signals->intersections.size() == network->junctions().size());
  return 0;
}
