#pragma once

// Inside sim/sumo only: SUMO started, connected and asked its version.

#include <memory>

#include "sim/sumo/scratch_folder.hpp"
#include "sim/sumo/sumo_process.hpp"
#include "sim/sumo/sumo_street.hpp"
#include "sim/sumo/traci_client.hpp"
#include "traffic/result.hpp"

namespace chorraha::sumo {

struct RunningSumo {
  ScratchFolder scratch;  // outlives the process
  SumoProcess process;
  traci::Client client;

  [[nodiscard]] std::filesystem::path tripinfo_file() const;
  /// The fault, with the last words of SUMO's log.
  [[nodiscard]] Fault with_last_words(Fault fault) const;
};

constexpr std::chrono::milliseconds answer_wait{120'000};  // a big network takes its time to load

[[nodiscard]] Result<RunningSumo> start_sumo(const SumoSetup& setup);

}  // namespace chorraha::sumo
