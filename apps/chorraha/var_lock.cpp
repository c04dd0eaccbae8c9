#include "apps/chorraha/var_lock.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace chorraha {

Result<VarLock> VarLock::take(const std::filesystem::path& var) {
  constexpr const char* writable = "a folder that can be written";
  std::error_code failed;
  std::filesystem::create_directories(var, failed);
  if (failed) return Fault{Reason::cannot_run, var.string(), failed.message(), writable};
  const std::filesystem::path path = var / "run.lock";
  VarLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));  // no child holds it
  if (lock.file_ < 0)
    return Fault{Reason::cannot_run, path.string(), std::generic_category().message(errno),
                 writable};
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return Fault{Reason::cannot_run, var.string(), "another run that has it",
                 "one run at a time; --var DIR takes another folder"};
  return Fault{Reason::cannot_run, path.string(), std::generic_category().message(errno),
               "a file that can be locked"};
}

VarLock::VarLock(VarLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

VarLock& VarLock::operator=(VarLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

VarLock::~VarLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace chorraha
