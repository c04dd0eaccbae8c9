#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/centre/line_counts.hpp"
#include "centre/detector_watch.hpp"
#include "centre/region.hpp"
#include "console/city_view.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/codec/message.hpp"

namespace chorraha {

/// From what the centre knows to what the console shows; the one place that knows both.
/// Threads: one owner.
class CityPages {
 public:
  struct Settings {
    std::string id;  // of the city folder
    bool simulated = true;
    Milliseconds clock_offset{0};
  };
  CityPages(const City& city, const Settings& settings, Instant now);

  [[nodiscard]] const std::shared_ptr<const console::City>& city() const { return city_; }

  void picture(const Picture& picture);
  void street(const StreetView& view);

  /// Everything that is to be seen at `now`; events since the last call.
  [[nodiscard]] console::CityView view(Region& region, Instant now);

 private:
  void add_junction(const Region& region, IntersectionIndex at, Instant now,
                    console::CityView& view);
  [[nodiscard]] std::string trouble_of(const Region& region, DetectorIndex detector,
                                       Instant now) const;
  void add_camera(const Region& region, std::size_t place, Instant now,
                  console::CityView& view) const;

  std::shared_ptr<const console::City> city_;
  std::vector<std::optional<console::PictureView>> pictures_;   // by camera
  std::vector<std::vector<LineCounts>> counts_;                 // by camera, by line
  std::vector<std::optional<std::size_t>> camera_of_detector_;  // by DetectorIndex
  DetectorWatch watch_;
  std::shared_ptr<const std::vector<console::VehicleView>> vehicles_;
  std::shared_ptr<const std::vector<Point>> people_;
};

}  // namespace chorraha
