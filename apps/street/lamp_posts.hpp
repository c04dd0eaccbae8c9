#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "field/driver_frame.hpp"
#include "field/lamp_driver.hpp"
#include "traffic/detection.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"

namespace chorraha {

/// The lamp drivers of all intersections of a simulated street, and the loops wired to them. Frames
/// in, frames out; no sockets, no clock. Answers go to whoever sent last (controllers get back
/// frames, monitors read-backs). Threads: one owner.
class LampPosts {
 public:
  LampPosts(const Network& network, const std::vector<IntersectionConfig>& intersections,
            BootId boot);

  /// A frame of a controller or a monitor; anything else is passed over.
  void receive(const DriverFrame& frame, const std::filesystem::path& sender);
  /// Loops and buttons go on and off; a button stays on for 0.5 s. Camera lines are nobody's loops.
  void sense(std::span<const Detection> detections);
  /// All drivers, `elapsed` after the last step.
  void step(Milliseconds elapsed);

  /// Which lamps begin to flash by themselves or are lit again, since the last call.
  struct Change {
    IntersectionId intersection;
    bool self_flash = false;
  };
  [[nodiscard]] std::vector<Change> take_changes();

  struct Letter {
    std::filesystem::path to;
    DriverFrame frame;
  };
  [[nodiscard]] std::vector<Letter> back_frames();  // 10 Hz
  [[nodiscard]] std::vector<Letter> read_backs();   // 50 Hz

  struct Shown {
    std::vector<Aspect> aspects;
    SignalMode mode = SignalMode::flash;
  };
  [[nodiscard]] std::vector<Shown> shown() const;  // by IntersectionIndex

 private:
  struct Loop {
    DetectorId id;
    bool button = false;
    bool occupied = false;
    Milliseconds held{0};  // of a button, since it was pressed
  };
  struct Post {
    IntersectionId id;
    LampDriver driver;
    std::vector<Loop> loops;
    bool told_self_flash = true;  // as a driver begins
    std::uint64_t back_number = 0;
    std::uint64_t read_number = 0;
    std::filesystem::path controller, monitor;  // who sent last
    BootId controller_boot{}, monitor_boot{};
  };
  void take(const AspectFrame& frame, const std::filesystem::path& sender);
  void take(const PermitFrame& frame, const std::filesystem::path& sender);
  template <class Other>
  void take(const Other&, const std::filesystem::path&) {}
  [[nodiscard]] Post* find(const IntersectionId& id);

  BootId boot_;
  std::vector<Post> posts_;  // by IntersectionIndex
  std::unordered_map<IntersectionId, std::size_t> by_id_;
  std::unordered_map<DetectorId, std::pair<std::size_t, std::size_t>> loop_by_id_;
};

}  // namespace chorraha
