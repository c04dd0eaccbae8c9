#pragma once

#include <cstdint>
#include <optional>

#include "traffic/ids.hpp"

namespace chorraha {

/// Which numbered datagrams of one sender are new: numbers ascend within a boot, and a new boot
/// begins again.
class Newest {
 public:
  [[nodiscard]] bool accept(BootId boot, std::uint64_t number) {
    if (boot_ == boot && number <= number_) return false;
    boot_ = boot;
    number_ = number;
    return true;
  }

 private:
  std::optional<BootId> boot_;
  std::uint64_t number_ = 0;
};

}  // namespace chorraha
