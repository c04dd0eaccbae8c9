#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "apps/chorraha/run.hpp"
#include "apps/chorraha/supervisor.hpp"
#include "formats/city/city_folder.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// What the arguments of all programs of a run are made of.
struct RunSetting {
  std::filesystem::path city_folder;
  std::filesystem::path var;
  std::string centre;          // tcp://127.0.0.1:PORT
  std::uint16_t pictures = 0;  // port of the street's cameras
  std::string feed;            // tcp://127.0.0.1:PORT of the camera's detections
  std::string clock_offset_ms;
  std::optional<std::filesystem::path> scenario;  // the .sumocfg whose street is SUMO
};

/// A camera process and who listens to it.
struct CameraRole {
  CameraId id;
  std::string listener;  // the controller's argument of --camera-feed; empty: nobody listens
  ChildProgram program;
};

/// The camera of --video, else the first of the city; nothing where there is none.
/// Faults: bad_input for a video or camera file that is not there or not right (a file without
/// pictures, a line whose detector is no camera's of the city); not_built_yet for
/// a camera file that does not say whom it serves, where several could be meant, and with
/// --headless-check for lines without detector.
[[nodiscard]] Result<std::optional<CameraRole>> cast_camera(const RunOptions& options,
                                                            const RunSetting& setting,
                                                            const City& city);

}  // namespace chorraha
