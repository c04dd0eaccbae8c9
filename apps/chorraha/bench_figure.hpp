#pragma once

#include <functional>
#include <string>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha {

/// One figure, measured several times. Without a goal: what is fast enough depends on the machine.
struct BenchFigure {
  static constexpr int repeats = 5;  // least number of samples

  std::string name;
  std::string unit;
  std::vector<double> samples;  // one a repeat

  [[nodiscard]] double min() const;
  [[nodiscard]] double median() const;
  [[nodiscard]] double max() const;
};

using BenchFigures = std::vector<BenchFigure>;

/// Asked between steps; once it says so a benchmark ends with the fault `bench_stopped`.
using StopAsked = std::function<bool()>;
[[nodiscard]] Fault bench_stopped();

/// The built-in street on the demo city in the morning peak, under its timetables.
[[nodiscard]] Result<BenchFigures> bench_simulation(const StopAsked& stop);

/// One planning of one junction of the demo city, in the closed loop on detectors.
[[nodiscard]] Result<BenchFigures> bench_optimiser(const StopAsked& stop);

/// The counting pipeline on rendered 720p pictures of the demo city's camera; nothing is decoded.
[[nodiscard]] Result<BenchFigures> bench_counting(const StopAsked& stop);

/// As the camera program does: parallel by camera, not within a picture.
void use_one_picture_thread();

/// Plans to 100 controllers over CURVE on loopback, until the last has answered. Keys lie in a
/// folder of their own under the temporary one and are removed.
[[nodiscard]] Result<BenchFigures> bench_messaging(const StopAsked& stop);

}  // namespace chorraha
