#pragma once

#include <variant>

#include "apps/chorraha/bench.hpp"
#include "apps/chorraha/keys.hpp"
#include "apps/chorraha/run.hpp"
#include "apps/chorraha/simulate.hpp"
#include "apps/count/count.hpp"
#include "apps/street/street.hpp"

namespace chorraha {

/// What to do, or the exit code of a command line that asks for help or is wrong (said already).
using Command = std::variant<int, SimulateOptions, count::CountOptions, BenchOptions, RunOptions,
                             KeysOptions, StreetOptions>;

[[nodiscard]] Command parse_command_line(int argc, char** argv);

}  // namespace chorraha
