#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "field/monitor.hpp"
#include "traffic/intersection.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// The monitor's own copies in var/monitor: ID.json the configuration that people accepted for it,
/// ID.latch what tripped, until reset. Written whole or not at all.
class MonitorFiles {
 public:
  explicit MonitorFiles(const std::filesystem::path& var) : folder_(var / "monitor") {}

  struct Accepted {
    IntersectionConfig config;
    ConfigHash hash;
  };
  /// Faults: cannot_run where nothing was accepted, bad_input where a copy is damaged.
  [[nodiscard]] Result<Accepted> read(const IntersectionId& id) const;
  [[nodiscard]] Result<std::vector<Accepted>> read_all() const;
  /// Whether nobody ever accepted anything: no folder, or one with nothing but `.new` files, which
  /// an accept leaves that was killed.
  [[nodiscard]] bool untouched() const;
  /// Takes over `configs`; copies of other intersections are removed, latches are kept. The first
  /// time the folder comes whole or not at all; later each file does, since a monitor may latch
  /// meanwhile, and one that is killed is to be asked again.
  [[nodiscard]] Done accept(const std::vector<IntersectionConfig>& configs) const;
  /// cannot_run, naming the command that helps, unless the copy has this hash.
  [[nodiscard]] Done check(const IntersectionId& id, const ConfigHash& hash,
                           const std::filesystem::path& city) const;

  [[nodiscard]] Done latch(const IntersectionConfig& config, const std::vector<Trip>& trips) const;
  /// A latch that cannot be read is a latch: a Trip of rule `mode` stands for it.
  [[nodiscard]] std::vector<Trip> latched(const IntersectionConfig& config) const;
  [[nodiscard]] bool is_latched(const IntersectionId& id) const;
  /// Faults: bad_input where nothing is latched.
  [[nodiscard]] Done reset(const IntersectionId& id) const;

  [[nodiscard]] std::filesystem::path config_path(const IntersectionId& id) const;
  [[nodiscard]] std::filesystem::path latch_path(const IntersectionId& id) const;

 private:
  [[nodiscard]] Done accept_first(const std::vector<IntersectionConfig>& configs) const;
  [[nodiscard]] Done accept_again(const std::vector<IntersectionConfig>& configs) const;

  std::filesystem::path folder_;
};

}  // namespace chorraha
