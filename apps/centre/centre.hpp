#pragma once

#include "apps/centre/options.hpp"

namespace chorraha {

/// Runs until SIGINT or SIGTERM; returns the exit code. Faults at the start are exceptions, caught
/// in main; everything that happens on the wire is handled and logged.
int run_centre(const CentreOptions& options);

}  // namespace chorraha
