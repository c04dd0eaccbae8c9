#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/chorraha/run.hpp"
#include "apps/chorraha/supervisor.hpp"
#include "apps/chorraha/var_lock.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// Who plays in a run: the programs with their arguments, all keys made, the monitor's copy
/// accepted.
struct Cast {
  std::filesystem::path var;
  std::vector<ChildProgram> programs;
  std::vector<std::string> steps;  // what was done to get there, a line each
  VarLock lock;                    // held for as long as the programs run
};

/// Reads the city, makes missing keys, lets the monitor accept a configuration on first use and
/// chooses the clock offset (the demo begins at 07:30 of its day). Faults: a city, camera or
/// scenario that cannot be read; a configuration that differs from the monitor's; keys that cannot
/// be made; a var folder that another run has.
[[nodiscard]] Result<Cast> cast_for(const RunOptions& options);

}  // namespace chorraha
