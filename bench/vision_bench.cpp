// Frame → count: milliseconds of one picture of 1280x720 with one and with three lines, beyond
// decoding. Try: cmake --build build/release --target vision_bench && build/release/vision_bench
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/support/painted_street.hpp"
#include "vision/pipeline.hpp"

namespace {

using chorraha::test::PaintedStreet;
using chorraha::test::PaintedVehicle;

constexpr int grow = 4;  // 320x240 painted → 1280x960, of which 720 rows are taken

// A painted picture, enlarged, as bgr24 of 1280x720.
chorraha::Frame enlarged(const chorraha::Frame& small) {
  chorraha::Frame frame = small;
  frame.width = small.width * grow;
  frame.height = 720;
  frame.stride_bytes = frame.width * 3;
  frame.format = chorraha::Frame::Format::bgr24;
  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  bytes->reserve(static_cast<std::size_t>(frame.stride_bytes) * 720U);
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x)
      bytes->insert(bytes->end(), 3,
                    (*small.bytes)[static_cast<std::size_t>(y / grow) *
                                       static_cast<std::size_t>(small.width) +
                                   static_cast<std::size_t>(x / grow)]);
  frame.bytes = std::move(bytes);
  return frame;
}

std::vector<chorraha::Frame> film() {
  std::vector<PaintedVehicle> vehicles;
  for (int i = 0; i < 6; ++i) {
    PaintedVehicle vehicle;
    vehicle.begins_s = 0.8 * i;
    vehicle.left_px = i % 2 == 0 ? 90 : 180;
    vehicles.push_back(vehicle);
  }
  PaintedStreet street(vehicles);
  constexpr int pictures = 125;
  std::vector<chorraha::Frame> frames;
  frames.reserve(pictures);
  for (int i = 0; i < pictures; ++i) frames.push_back(enlarged(street.picture(i)));
  return frames;
}

void see_picture(benchmark::State& state) {
  const std::vector<chorraha::Frame> frames = film();
  chorraha::CameraConfig camera;
  camera.width = 1280;
  camera.height = 720;
  for (int i = 0; i < state.range(0); ++i) {
    const double y = 400.0 + 60.0 * i;
    camera.lines.push_back(
        {"line " + std::to_string(i), {200, y}, {1080, y}, chorraha::PictureDirection::down, {}});
  }
  auto pipeline = chorraha::CountingPipeline::make(camera, PaintedStreet::fps).value();
  std::int64_t number = 0;
  while (state.KeepRunning()) {
    chorraha::Frame frame = frames[static_cast<std::size_t>(number) % frames.size()];
    frame.number = number;
    frame.time_s = static_cast<double>(number) / PaintedStreet::fps;
    benchmark::DoNotOptimize(pipeline.see(frame));
    ++number;
  }
}

}  // namespace

BENCHMARK(see_picture)->Arg(1)->Arg(3)->Unit(benchmark::kMillisecond)->MinTime(2.0);

BENCHMARK_MAIN();
