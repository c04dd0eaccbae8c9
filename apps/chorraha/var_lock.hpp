#pragma once

#include <filesystem>

#include "traffic/result.hpp"

namespace chorraha {

/// Says that a folder of state is in use: one run at a time. The kernel lets go of it when the
/// process ends, however it ends; the file `run.lock` stays and means nothing.
class VarLock {
 public:
  VarLock() = default;
  /// Makes `var` where it is missing. Faults: cannot_run, naming `var`, where another run has it or
  /// it cannot be written.
  [[nodiscard]] static Result<VarLock> take(const std::filesystem::path& var);
  VarLock(VarLock&& other) noexcept;
  VarLock& operator=(VarLock&& other) noexcept;
  VarLock(const VarLock&) = delete;
  VarLock& operator=(const VarLock&) = delete;
  ~VarLock();

 private:
  explicit VarLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace chorraha
