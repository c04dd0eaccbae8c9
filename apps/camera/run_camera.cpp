#include "apps/camera/run_camera.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "apps/camera/camera_work.hpp"
#include "apps/camera/capture.hpp"
#include "formats/city/camera_file.hpp"
#include "messaging/link/detection_feed.hpp"
#include "messaging/link/device_link.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha::camera {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr int exit_usage = 2;
constexpr int exit_bad_input = 3;
constexpr int exit_cannot_run = 4;
constexpr int exit_signal_base = 128;
constexpr std::chrono::milliseconds picture_every{250};
constexpr std::chrono::seconds health_every{1};
constexpr int beats_a_reload = 5;  // of the allow-list: within 10 s of a revocation

int exit_code(const Fault& fault) {
  return fault.reason == Reason::bad_input ? exit_bad_input : exit_cannot_run;
}

BootId random_boot() {
  std::random_device random;
  const std::uint64_t high = random();
  return BootId{high << 32U | random()};
}

/// The running program. Its links and timers belong to the thread of `io_`; two threads more see.
class Program {
 public:
  Program(const CameraOptions& options, CameraConfig camera, Log& log)
      : options_(options),
        camera_(std::move(camera)),
        log_(log),
        name_(key_name(DeviceRole::camera, camera_.id.text())),
        context_(io_.get_executor(), [this](const Fault& fault) { log_.warn(fault.text()); }),
        signals_(io_, SIGINT, SIGTERM),
        beat_(io_) {}

  [[nodiscard]] Done open() {
    if (Done opened = open_centre(); !opened) return opened;
    if (camera_.intersection.empty()) {
      log_.warn("the camera file names no intersection: nothing is published to a controller");
      return {};
    }
    return open_publisher();
  }

  [[nodiscard]] int run(const std::stop_token& stop) {
    signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
      if (failed) return;
      exit_ = exit_signal_base + signal;
      io_.stop();
    });
    const std::stop_callback on_stop(stop, [this] { io_.stop(); });
    schedule_beat();
    const std::string source = options_.source.empty() ? camera_.source : options_.source;
    const std::jthread looking([this](const std::stop_token& asked) { look(asked); });
    const std::jthread capturing([this, source](const std::stop_token& asked) {
      capture(asked, {source, {camera_.id, [this] { return utc(); }}}, newest_, stream_, log_);
    });
    io_.run();
    log_.info(fmt::format("stopped; {} detections", detections_));
    return exit_;
  }

 private:
  [[nodiscard]] Instant utc() const {
    const auto now = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    return now + Milliseconds{options_.clock_offset_ms};
  }
  [[nodiscard]] Tick steady() const {
    return Tick{std::chrono::duration_cast<Ticks>(Steady::now() - begun_)};
  }
  [[nodiscard]] fs::path keys() const { return fs::path(options_.var) / "keys"; }

  [[nodiscard]] Done open_centre() {
    Hello hello;
    hello.role = DeviceRole::camera;
    hello.boot = random_boot();
    DeviceLink::Handlers handlers;
    handlers.received = [this](const Message& message) { hear(message); };
    handlers.changed = [this](LinkState state) {
      log_.info("centre: " + std::string(name_of(state)));
    };
    handlers.trouble = [this](const Fault& fault) { log_.warn(fault.text()); };
    LinkClocks clocks{[this] { return steady(); }, [this] { return utc(); }};
    auto link = DeviceLink::open(context_, {options_.centre, keys(), name_, hello},
                                 std::move(clocks), std::move(handlers));
    if (!link) return link.error();
    centre_ = std::move(*link);
    return {};
  }

  [[nodiscard]] Done open_publisher() {
    const std::string listener = key_name(DeviceRole::controller, camera_.intersection);
    auto opened = DetectionPublisher::open(context_, {options_.publish, keys(), name_, {listener}});
    if (!opened) return opened.error();
    publisher_ = std::move(*opened);
    const fs::path told = fs::path(options_.var) / "run" / (name_ + ".endpoint");
    std::error_code trouble;
    fs::create_directories(told.parent_path(), trouble);
    const fs::path fresh = told.string() + ".new";
    std::ofstream file(fresh, std::ios::trunc);
    file << publisher_->endpoint() << "\n";
    file.close();
    if (file) fs::rename(fresh, told, trouble);
    if (!file || trouble)
      return Fault{Reason::cannot_run, told.string(), "cannot be written", "a folder of our own"};
    log_.info("publishing to " + listener + " on " + publisher_->endpoint());
    return {};
  }

  void hear(const Message& message) {
    const auto* wanted = std::get_if<PictureWanted>(&message);
    if (wanted == nullptr || wanted->camera != camera_.id) return;
    if (!camera_.show_pictures && !options_.show_pictures) {
      if (!std::exchange(told_private_, true))
        log_.warn("a picture was asked for and not given: show_pictures is not set");
      return;
    }
    const auto until = Steady::now() + std::chrono::seconds{wanted->seconds};
    wanted_until_.store(until.time_since_epoch().count());
  }

  void schedule_beat() {
    beat_.expires_after(health_every);
    beat_.async_wait([this](const boost::system::error_code& failed) {
      if (!failed) on_beat();
    });
  }

  void on_beat() {
    if (auto fresh = health_.take()) last_health_ = std::move(*fresh);
    const StreamState::Value stream = stream_.get();
    last_health_.camera = camera_.id;
    last_health_.at = utc();
    last_health_.streaming = stream.streaming;
    last_health_.trouble = stream.trouble;
    if (!stream.streaming) last_health_.frames_per_s = 0;
    static_cast<void>(centre_->send(last_health_));  // away: the link itself says so
    if (publisher_ && ++beats_ % beats_a_reload == 0) {
      if (const Done reloaded = publisher_->reload(); !reloaded) log_.warn(reloaded.error().text());
    }
    schedule_beat();
  }

  // On the thread that looks: newest picture in, values out to the thread of the links.
  void look(const std::stop_token& stop) {
    CameraWork work(camera_);
    Steady::time_point next_picture = Steady::now();
    while (auto shot = newest_.wait(stop)) {
      CameraWork::Outcome outcome = work.see(*shot);
      if (outcome.fault) {
        log_.error(outcome.fault->text());
        stream_.set({false, outcome.fault->text()});
      }
      health_.put(work.health(shot->frame.captured));
      if (!outcome.detections.empty())
        asio::post(io_, [this, seen = std::move(outcome.detections)] { tell(seen); });
      const auto now = Steady::now();
      if (now.time_since_epoch().count() > wanted_until_.load() || now < next_picture) continue;
      next_picture = now + picture_every;
      asio::post(io_, [this, picture = work.picture(*shot)] {
        static_cast<void>(centre_->send(picture));
      });
    }
  }

  void tell(const std::vector<Detection>& detections) {
    detections_ += detections.size();
    if (publisher_) publisher_->publish(detections);
    const Done sent = centre_->send(Detections{++sequence_, detections});
    if (!sent && !std::exchange(told_unsent_, true))
      log_.warn("detections do not reach the centre: " + sent.error().text());
    if (sent && std::exchange(told_unsent_, false)) log_.info("detections reach the centre again");
  }

  const CameraOptions& options_;
  CameraConfig camera_;
  Log& log_;
  std::string name_;
  Steady::time_point begun_ = Steady::now();
  asio::io_context io_{1};
  LinkContext context_;
  asio::signal_set signals_;
  asio::steady_timer beat_;
  std::unique_ptr<DeviceLink> centre_;
  std::unique_ptr<DetectionPublisher> publisher_;
  CameraHealth last_health_;
  std::uint64_t sequence_ = 0;
  std::uint64_t detections_ = 0;
  int beats_ = 0;
  int exit_ = 0;
  bool told_private_ = false;
  bool told_unsent_ = false;

  // Between the threads.
  Latest<Shot> newest_;
  Latest<CameraHealth> health_;
  StreamState stream_;
  std::atomic<Steady::rep> wanted_until_{Steady::time_point::min().time_since_epoch().count()};
};

void warn_of_lines(const CameraConfig& camera, Log& log) {
  std::string names;
  for (const CountingLine& line : camera.lines)
    if (line.detector.empty()) names += (names.empty() ? "" : ", ") + line.name;
  if (!names.empty()) log.warn("lines without detector are shown and drive nothing: " + names);
}

}  // namespace

int run_camera(const CameraOptions& options, Log& log, const std::stop_token& stop) {
  auto camera = read_camera(options.camera_file);
  if (!camera) {
    log.error(camera.error().text());
    return exit_code(camera.error());
  }
  if (camera->id.empty()) {
    log.error(options.camera_file + " id: saw nothing, allowed the camera's id");
    return exit_bad_input;
  }
  if (options.source.empty() && camera->source.empty()) {
    log.error("--source: saw nothing, and the camera file has no source either");
    return exit_usage;
  }
  // A line that cannot be counted is a fault of the file, to be told before anything starts.
  if (const auto pipeline = CountingPipeline::make(*camera, 25.0); !pipeline) {
    log.error(options.camera_file + " " + pipeline.error().text());
    return exit_bad_input;
  }
  warn_of_lines(*camera, log);
  Program program(options, std::move(*camera), log);
  if (const Done opened = program.open(); !opened) {
    log.error(opened.error().text());
    return exit_code(opened.error());
  }
  return program.run(stop);
}

}  // namespace chorraha::camera
