#include "apps/common/places.hpp"

#include <system_error>

namespace chorraha {
namespace {

namespace fs = std::filesystem;

// build/PRESET/program: the checkout is two folders up. Empty when installed.
fs::path checkout() {
  const fs::path up = program_folder().parent_path().parent_path();
  std::error_code ignored;
  return fs::exists(up / "CMakeLists.txt", ignored) && fs::exists(up / "config", ignored)
             ? up
             : fs::path{};
}

}  // namespace

fs::path program_folder() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::current_path() : self.parent_path();
}

fs::path demo_city() {
  const fs::path source = checkout();
  return source.empty() ? fs::path("/usr/share/chorraha/demo_city")
                        : source / "config" / "demo_city";
}

fs::path default_var() {
  const fs::path source = checkout();
  return source.empty() ? fs::path("/var/lib/chorraha") : source / "var";
}

}  // namespace chorraha
