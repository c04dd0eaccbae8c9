#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apps/street/traffic_thread.hpp"
#include "traffic/camera.hpp"
#include "traffic/network.hpp"

namespace chorraha {

using Jpeg = std::shared_ptr<const std::vector<std::byte>>;

/// Renders one camera of the street 15 times a second while somebody watches, on a thread of its
/// own. Vehicles are drawn between the two newest moments, one step late, so that they move
/// smoothly. Out:     pictures through `drawn`, called on this thread: post them elsewhere.
class PictureThread {
 public:
  static constexpr int pictures_per_s = 15;

  PictureThread(const Network& network, const CameraConfig& camera,
                std::function<void(Jpeg)> drawn);
  void moved(std::shared_ptr<const StreetMoment> moment);
  void watch(bool watched);

 private:
  void run(const Network& network, const CameraConfig& camera, const std::stop_token& stop);
  [[nodiscard]] StreetMoment between() const;

  std::function<void(Jpeg)> drawn_;
  mutable std::mutex guards_moments_;
  std::shared_ptr<const StreetMoment> before_, newest_;  // GUARDED_BY(guards_moments_)
  std::chrono::steady_clock::time_point arrived_;        // GUARDED_BY(guards_moments_), of newest_
  bool watched_ = false;                                 // GUARDED_BY(guards_moments_)
  std::jthread thread_;                                  // last: stops before the rest goes
};

}  // namespace chorraha
