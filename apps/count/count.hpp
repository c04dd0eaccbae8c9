#pragma once

#include <functional>
#include <iosfwd>
#include <string>

namespace chorraha::count {

/// `chorraha count VIDEO --camera CAMERA.json …` as it was asked for; empty means not given.
struct CountOptions {
  std::string video;   // file, folder of pictures, http://, rtsp:// or /dev/videoN
  std::string camera;  // CAMERA.json; may be left out where `truth` is given
  std::string truth;   // TRUTH.json: adds the score
  std::string draw;    // OUT.mp4
  std::string json;    // FILE, or "-" for standard output
  std::string model;   // M.onnx; not built yet
  bool quiet = false;
  /// The signal that asked to stop, 0: none; counting then stops and keeps what it has.
  std::function<int()> stop_signal = [] { return 0; };
};

/// Counts and writes: a table (or, with json "-", exactly one JSON object) to `out`, warnings,
/// faults and progress to `err`.
/// Exit: 0; 2 no camera, or something not built yet; 3 bad input; 4 cannot run here (a stream that
/// does not answer, a file that cannot be written); 130, 143 asked to stop.
[[nodiscard]] int run_count(const CountOptions& options, std::ostream& out, std::ostream& err);

/// The same on the process's standard output and error.
[[nodiscard]] int run_count(const CountOptions& options);

}  // namespace chorraha::count
