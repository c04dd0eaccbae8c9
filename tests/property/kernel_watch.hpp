#pragma once

#include <string>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha::test {

/// Looks at aspects only, tick by tick, and says which rule of SAFETY.md A they break. Written
/// against the rules, not against the kernel. Begins with everything red long ago.
class KernelWatch {
 public:
  explicit KernelWatch(const IntersectionConfig& config);

  void look(Tick now, const std::vector<Aspect>& aspects);

  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
  [[nodiscard]] GroupSet been_green() const { return been_green_; }
  void forget_greens() { been_green_ = GroupSet{}; }

 private:
  struct Seen {
    Aspect aspect = Aspect::red;
    Tick since, green_begin, green_end, red_begin;
  };
  void change(Tick now, GroupIndex g, Aspect to);
  void begin_green(Tick now, GroupIndex g, Aspect from);
  void end_green(Tick now, GroupIndex g, Aspect to);
  void check_pairs(Tick now);
  void complain(Tick now, const std::string& rule, GroupIndex a, GroupIndex b = {});
  [[nodiscard]] bool handed_over(GroupIndex g) const;

  const IntersectionConfig& config_;
  std::vector<Seen> seen_, before_;
  GroupSet been_green_;
  std::vector<std::string> broken_;
};

}  // namespace chorraha::test
