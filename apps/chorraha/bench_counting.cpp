#include <algorithm>
#include <chrono>
#include <utility>

#include "apps/chorraha/bench_demo.hpp"
#include "apps/chorraha/bench_figure.hpp"
#include "sim/virtual_camera.hpp"
#include "traffic/camera.hpp"
#include "vision/pipeline.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr PictureSize size{1280, 720};
constexpr Milliseconds picture_every = 100ms;  // a step of the street, a picture
constexpr int pictures_before = 50;            // the pipeline has learnt the empty road
constexpr int pictures = 100;                  // one repeat

struct Stand {
  CameraConfig camera;
  CameraPose pose;
};

/// The camera as it would be with 720 lines: the same view on more pixels.
Stand enlarged(CameraConfig camera, CameraPose pose) {
  const double scale = static_cast<double>(size.height) / camera.height;
  camera.width = size.width;
  camera.height = size.height;
  pose.focal_px *= scale;
  const auto enlarge = [scale](Pixel& at) { at = {at.x * scale, at.y * scale}; };
  for (CountingLine& line : camera.lines) {
    enlarge(line.p1);
    enlarge(line.p2);
  }
  std::ranges::for_each(camera.mask, enlarge);
  for (PictureArea& area : camera.areas) std::ranges::for_each(area.polygon, enlarge);
  camera.pose = pose;
  return {std::move(camera), pose};
}

/// The first camera that can be rendered.
Result<Stand> enlarged_camera(const City& city) {
  for (const CameraConfig& camera : city.cameras)
    if (camera.pose) return enlarged(camera, *camera.pose);
  return Fault{Reason::bad_input, "cameras of " + city.name, "none with a pose", "at least one"};
}

/// The street of the demo city, pictured and counted.
class Lookout {
 public:
  Lookout(ClosedLoop loop, VirtualCamera eye, CountingPipeline pipeline)
      : loop_(std::move(loop)), eye_(std::move(eye)), pipeline_(std::move(pipeline)) {}

  struct Seen {
    std::chrono::nanoseconds spent{0};  // by the pipeline, all its threads
    std::size_t outlines = 0;           // sum over the pictures
  };
  [[nodiscard]] Result<Seen> look(int pictures_wanted, const StopAsked& stop) {
    Seen seen;
    for (int i = 0; i < pictures_wanted; ++i) {
      if (stop()) return bench_stopped();
      if (const Done moved = loop_.advance(); !moved) return moved.error();
      Frame frame = eye_.render(loop_.street().vehicles(), loop_.street().pedestrians(), number_,
                                loop_.now());
      frame.time_s = static_cast<double>(number_++) * to_seconds(picture_every);
      const auto before = process_cpu();
      events_ += pipeline_.see(frame).size();
      seen.spent += process_cpu() - before;
      seen.outlines += pipeline_.outlines().size();
    }
    return seen;
  }
  [[nodiscard]] std::size_t events() const { return events_; }

 private:
  ClosedLoop loop_;
  VirtualCamera eye_;
  CountingPipeline pipeline_;
  std::int64_t number_ = 0;
  std::size_t events_ = 0;
};

Result<Lookout> open_lookout(const StopAsked& stop) {
  const Result<BenchDemo> demo = BenchDemo::open();
  if (!demo) return demo.error();
  const Result<Stand> stand = enlarged_camera(demo->city);
  if (!stand) return stand.error();
  Result<CountingPipeline> pipeline =
      CountingPipeline::make(stand->camera, 1.0 / to_seconds(picture_every));
  if (!pipeline) return pipeline.error();
  Result<ClosedLoop> loop =
      demo->warm_loop(demo->loop_setup(LoopSetup::Control::timetable), picture_every, stop);
  if (!loop) return loop.error();
  VirtualCamera eye(*demo->network, {.id = stand->camera.id, .pose = stand->pose, .size = size});
  return Lookout(std::move(*loop), std::move(eye), std::move(*pipeline));
}

}  // namespace

Result<BenchFigures> bench_counting(const StopAsked& stop) {
  use_one_picture_thread();
  Result<Lookout> lookout = open_lookout(stop);
  if (!lookout) return lookout.error();
  if (const auto learnt = lookout->look(pictures_before, stop); !learnt) return learnt.error();
  BenchFigure cost{"counting_frame_720p", "CPU ms per picture, decoding apart", {}};
  BenchFigure followed{"counting_followed", "vehicles followed, mean of the pictures", {}};
  for (int i = 0; i < BenchFigure::repeats; ++i) {
    const Result<Lookout::Seen> seen = lookout->look(pictures, stop);
    if (!seen) return seen.error();
    const std::chrono::duration<double, std::milli> spent_ms = seen->spent;
    cost.samples.push_back(spent_ms.count() / pictures);
    followed.samples.push_back(static_cast<double>(seen->outlines) / pictures);
  }
  if (lookout->events() == 0)
    return Fault{Reason::not_possible, "vehicles counted on rendered pictures", "0", "at least 1"};
  return BenchFigures{cost, followed};
}

}  // namespace chorraha
