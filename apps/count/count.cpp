#include "apps/count/count.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include "apps/count/count_report.hpp"
#include "apps/count/drawing.hpp"
#include "apps/count/truth_file.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/output.hpp"
#include "formats/city/camera_file.hpp"
#include "sensors/camera_stream.hpp"
#include "sensors/sensor_health.hpp"
#include "vision/pipeline.hpp"

namespace chorraha::count {
namespace {

double cpu_now_s(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

using Truth = std::map<std::string, LineTruth>;

struct Task {
  CameraConfig camera;
  std::optional<Truth> truth;
  std::unique_ptr<FrameSource> source;
  CountingPipeline pipeline;
  std::optional<Drawing> drawing;
};

Result<std::optional<Truth>> truth_of(const CountOptions& options, const CameraConfig& camera) {
  if (options.truth.empty()) return std::optional<Truth>{};
  auto truth = read_truth(options.truth);
  if (!truth) return truth.error();
  for (const auto& [name, spans] : *truth) {
    const bool known = std::ranges::any_of(
        camera.lines, [&](const CountingLine& line) { return line.name == name; });
    if (!known)
      return Fault{Reason::bad_input, options.truth, "line \"" + name + "\"",
                   "lines that the camera file has"};
  }
  return std::optional<Truth>(std::move(*truth));
}

Result<std::optional<Drawing>> drawing_of(const CountOptions& options, const CameraConfig& camera,
                                          double fps) {
  if (options.draw.empty()) return std::optional<Drawing>{};
  auto drawing = Drawing::open(options.draw, camera, fps);
  if (!drawing) return drawing.error();
  return std::optional<Drawing>(std::move(*drawing));
}

Result<Task> prepare(const CountOptions& options) {
  auto camera =
      options.camera.empty() ? read_truth_as_camera(options.truth) : read_camera(options.camera);
  if (!camera) return camera.error();
  auto truth = truth_of(options, *camera);
  if (!truth) return truth.error();
  auto source = open_frame_source(options.video, {camera->id, {}});
  if (!source) return source.error();
  auto pipeline = CountingPipeline::make(*camera, (*source)->fps());
  if (!pipeline) return pipeline.error();
  auto drawing = drawing_of(options, *camera, (*source)->fps());
  if (!drawing) return drawing.error();
  return Task{*std::move(camera), *std::move(truth), *std::move(source), *std::move(pipeline),
              *std::move(drawing)};
}

// One line on a terminal, rewritten four times a second of CPU at most.
class Progress {
 public:
  Progress(std::ostream& err, bool quiet, std::int64_t promised)
      : err_(err), promised_(promised), shown_(!quiet && &err == &std::cerr && isatty(2) != 0) {}

  void at(std::int64_t frames) {
    constexpr std::int64_t every_frames = 100;
    if (!shown_ || frames % every_frames != 0) return;
    if (promised_ > 0)
      err_ << fmt::format("\r{:3.0f}% of {} frames",
                          100.0 * static_cast<double>(frames) / static_cast<double>(promised_),
                          promised_);
    else
      err_ << fmt::format("\r{} frames", frames);
    err_.flush();
  }
  void end() {
    if (shown_) err_ << "\r" << std::string(40, ' ') << "\r";
  }

 private:
  std::ostream& err_;
  std::int64_t promised_;
  bool shown_;
};

void append(std::vector<LineEvent>& events, const std::vector<LineEvent>& more) {
  events.insert(events.end(), more.begin(), more.end());
}

// Counts to the end, or to a signal; `report` holds what was found so far even after a fault.
Done count_all(const CountOptions& options, Task& task, Progress& progress, CountReport& report) {
  SensorHealth health(task.camera.id);
  const double begun_s = cpu_now_s(CLOCK_PROCESS_CPUTIME_ID);
  double own_s = 0;  // of this thread beyond waiting for the decoder, whose threads are its own
  Done outcome{};
  while (options.stop_signal() == 0) {
    auto frame = task.source->next();
    if (!frame) {
      outcome = frame.error();
      break;
    }
    const std::optional<Frame> next = *std::move(frame);
    if (!next) break;
    const Frame& picture = *next;
    if (const Done fits = task.pipeline.check(picture); !fits) {
      Fault fault = fits.error();
      fault.thing = options.video + ": " + fault.thing;
      return fault;
    }
    const double from_s = cpu_now_s(CLOCK_THREAD_CPUTIME_ID);
    append(report.events, task.pipeline.see(picture));
    health.see(picture);
    if (task.drawing) task.drawing->add(picture, task.pipeline.figures(), task.pipeline.outlines());
    own_s += cpu_now_s(CLOCK_THREAD_CPUTIME_ID) - from_s;
    progress.at(++report.frames);
  }
  append(report.events, task.pipeline.finish());
  report.cpu_s = cpu_now_s(CLOCK_PROCESS_CPUTIME_ID) - begun_s;
  report.decode_cpu_s = std::max(0.0, report.cpu_s - own_s);
  report.figures = task.pipeline.figures();
  report.health = health.report({});
  return outcome;
}

Score score_of(const CountReport& report, const Truth& truth) {
  Score total;
  for (std::size_t i = 0; i < report.lines.size(); ++i) {
    const auto found = truth.find(report.lines[i].name);
    if (found == truth.end()) continue;
    std::vector<std::int64_t> frames;
    for (const LineEvent& event : report.events)
      if (event.line == i && is_counted(event.vehicle_class)) frames.push_back(event.frame);
    total = total + score(found->second, frames);
  }
  return total;
}

void warn_of_lines(const CountOptions& options, const CameraConfig& camera, std::ostream& err) {
  if (options.camera.empty()) return;  // ground truth knows no detectors
  std::string names;
  for (const CountingLine& line : camera.lines)
    if (line.detector.empty()) names += (names.empty() ? "" : ", ") + line.name;
  if (!names.empty())
    err << "warning: lines without detector are shown and drive nothing: " << names << "\n";
}

Done write_report(const CountOptions& options, const CountReport& report, std::ostream& out) {
  if (options.json == "-") {
    out << json_text(report) << std::flush;
    if (out) return {};
    return Fault{Reason::cannot_run, "standard output", "not all of it was taken",
                 "a place that can be written"};
  }
  if (!options.quiet) write_table(report, out);
  if (options.json.empty()) return {};
  return write_output(options.json, json_text(report));
}

int fail(const Fault& fault, std::ostream& err) {
  err << fault.text() << "\n";
  return exit_code_of(fault.reason);
}

Done check_usage(const CountOptions& options) {
  if (!options.model.empty())
    return Fault{Reason::not_built_yet, "--model", options.model,
                 "nothing: foreign detectors are not built yet"};
  if (options.camera.empty() && options.truth.empty())
    return Fault{Reason::not_built_yet, "--camera", "nothing",
                 "CAMERA.json, or --truth TRUTH.json"};
  return {};
}

}  // namespace

int run_count(const CountOptions& options, std::ostream& out, std::ostream& err) {
  if (const Done usage = check_usage(options); !usage) return fail(usage.error(), err);
  auto prepared = prepare(options);
  if (!prepared) return fail(prepared.error(), err);
  Task& task = *prepared;
  warn_of_lines(options, task.camera, err);

  CountReport report;
  report.video = options.video;
  report.fps = task.source->fps();
  report.lines = task.camera.lines;
  report.figures.resize(report.lines.size());
  Progress progress(err, options.quiet, task.source->frames_promised());
  const Done counted = count_all(options, task, progress, report);
  progress.end();
  const bool kept = report.frames > 0;
  if (!counted && (!kept || !task.source->live())) return fail(counted.error(), err);
  if (!counted) err << "warning: " << counted.error().text() << "\n";

  const std::int64_t promised = task.source->frames_promised();
  const int signal = options.stop_signal();
  if (signal == 0 && promised - report.frames > 1 + promised / 100)
    err << fmt::format("warning: {} ended after {} of {} frames\n", options.video, report.frames,
                       promised);
  if (task.truth) report.score = score_of(report, *task.truth);
  if (const Done written = write_report(options, report, out); !written)
    return fail(written.error(), err);
  return signal == 0 ? exit_ok : exit_code_of_signal(signal);
}

int run_count(const CountOptions& options) {
  return run_count(options, std::cout, std::cerr);
}

}  // namespace chorraha::count
