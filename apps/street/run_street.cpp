#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "apps/common/places.hpp"
#include "apps/process/clock.hpp"
#include "apps/process/datagram_socket.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/log.hpp"
#include "apps/street/lamp_posts.hpp"
#include "apps/street/picture_server.hpp"
#include "apps/street/picture_thread.hpp"
#include "apps/street/street.hpp"
#include "apps/street/traffic_thread.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/link/device_link.hpp"
#include "messaging/link/keys.hpp"
#include "sim/make_street.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Milliseconds step_length{200};
constexpr auto run_ahead = 600s;  // docs/seams.md: the page never shows an empty city
constexpr Milliseconds read_back_every{20};
constexpr int back_frame_in = 5;  // read-backs: 10 Hz

/// A street that has run on the folder's timetables until now.
Result<std::unique_ptr<Street>> open_street(const City& city, Instant now, std::uint64_t seed) {
  const auto zone = offset_at(city.zone, now);
  const Instant midnight = Instant{std::chrono::floor<std::chrono::days>(now + zone)} - zone;
  Result<std::unique_ptr<Street>> street = make_street({.network = city.network,
                                                        .intersections = city.intersections,
                                                        .demand = city.demand,
                                                        .seed = seed,
                                                        .midnight = midnight,
                                                        .begin = now - run_ahead,
                                                        .end = midnight + 24h,
                                                        .step_length = step_length});
  if (!street) return street;
  LoopSetup setup;
  setup.network = std::make_shared<const Network>(city.network);
  setup.intersections = city.intersections;
  setup.hashes = city.hashes;
  setup.midnight = midnight;
  setup.control = LoopSetup::Control::timetable;
  setup.sensing = LoopSetup::Sensing::detectors;
  Result<ClosedLoop> loop = ClosedLoop::make(std::move(setup), std::move(*street));
  if (!loop) return loop.error();
  while (loop->now() < now) {
    if (Done done = loop->advance(); !done) return done.error();
  }
  return std::move(*loop).take_street();
}

/// The program: lamps and sockets on the io thread; traffic and pictures on threads of their own.
class StreetProgram {
 public:
  StreetProgram(const StreetOptions& options, const City& city)
      : options_(options),
        signals_(io_, SIGINT, SIGTERM),
        lamp_timer_(io_),
        clock_(Milliseconds{options.clock_offset_ms}),
        posts_(city.network, city.intersections, new_boot()),
        context_(io_.get_executor(), [](const Fault& trouble) { log_warning(trouble.text()); }) {
    open_pictures(city);
    open_link();
    const RunFolder folder = open_run_folder(options.var).value();
    socket_ = DatagramSocket::open(
                  io_.get_executor(), folder.driver(),
                  [this](const DatagramSocket::Datagram& datagram) { receive(datagram); })
                  .value();
    log_info("street: running ahead");
    std::unique_ptr<Street> street = open_street(city, clock_.utc(), options.seed).value();
    log_info(fmt::format("street: {} vehicles on {} links; pictures on http://127.0.0.1:{}",
                         street->totals().in_network, city.network.links().size(),
                         options.camera_port));
    traffic_ = std::make_unique<TrafficThread>(
        std::move(street),
        [this](std::shared_ptr<const StreetMoment> moment) {
          asio::post(io_, [this, moment = std::move(moment)] { moved(moment); });
        },
        [this](const Fault& fault) { asio::post(io_, [this, fault] { stop(fault); }); });
  }

  int run() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      exit_code_ = exit_code_of_signal(signal);
      io_.stop();
    });
    lamp_timer_.expires_after(read_back_every);
    step_lamps();
    io_.run();
    return exit_code_;
  }

 private:
  void stop(const Fault& fault) {
    log_error(fault.text());
    exit_code_ = 4;
    io_.stop();
  }

  void open_pictures(const City& city) {
    pictures_ =
        PictureServer::listen(io_, options_.camera_port,
                              [this](const std::string& id, bool watched) {
                                if (const auto found = cameras_.find(id); found != cameras_.end())
                                  found->second->watch(watched);
                              })
            .value();
    for (const CameraConfig& camera : city.cameras) {
      if (!camera.pose) continue;
      const std::string id = camera.id.text();
      pictures_->add(id);
      cameras_[id] = std::make_unique<PictureThread>(city.network, camera, [this, id](Jpeg jpeg) {
        asio::post(io_, [this, id, jpeg = std::move(jpeg)] { pictures_->show(id, jpeg); });
      });
    }
  }

  void open_link() {
    const LinkClocks clocks{.steady = [this] { return clock_.tick(); },
                            .utc = [this] { return clock_.utc(); }};
    DeviceLink::Handlers handlers;
    handlers.received = [](const Message&) {};
    handlers.changed = [](LinkState state) {
      log_info("centre is " + std::string(name_of(state)));
    };
    handlers.trouble = [](const Fault& trouble) { log_warning(trouble.text()); };
    DeviceLink::Settings settings;
    settings.endpoint = options_.centre;
    settings.keys = fs::path(options_.var) / "keys";
    settings.name = key_name(DeviceRole::street);
    settings.hello.role = DeviceRole::street;
    settings.hello.boot = new_boot();
    link_ = DeviceLink::open(context_, settings, clocks, std::move(handlers)).value();
  }

  void receive(const DatagramSocket::Datagram& datagram) {
    const Result<DriverFrame> frame = decode_driver_frame(datagram.bytes);
    if (!frame) {
      log_warning(frame.error().text());
      return;
    }
    posts_.receive(*frame, datagram.sender);
  }

  void step_lamps() {
    lamp_timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      const auto now = std::chrono::steady_clock::now();
      posts_.step(std::chrono::round<Milliseconds>(now - std::exchange(last_step_, now)));
      for (const LampPosts::Change& change : posts_.take_changes()) {
        log_info(change.intersection.text() +
                 (change.self_flash ? ": lamps flash by themselves" : ": lamps are lit as told"));
      }
      for (const LampPosts::Letter& letter : posts_.read_backs())
        socket_->send(letter.to, encode(letter.frame));
      if (++steps_ % back_frame_in == 0) {
        for (const LampPosts::Letter& letter : posts_.back_frames())
          socket_->send(letter.to, encode(letter.frame));
        traffic_->show(posts_.shown());
      }
      lamp_timer_.expires_at(std::max(lamp_timer_.expiry() + read_back_every, now));
      step_lamps();
    });
  }

  void moved(const std::shared_ptr<const StreetMoment>& moment) {
    posts_.sense(moment->detections);
    for (const auto& [id, camera] : cameras_) camera->moved(moment);
    StreetView view;
    view.at = moment->at;
    for (const VehicleView& vehicle : moment->vehicles) {
      view.vehicles.push_back(
          {static_cast<float>(vehicle.front.x_m), static_cast<float>(vehicle.front.y_m),
           static_cast<float>(vehicle.heading_rad), static_cast<float>(vehicle.length_m),
           vehicle.vehicle_class, vehicle.number, static_cast<float>(vehicle.speed_mps)});
    }
    for (const PersonView& person : moment->people) {
      view.pedestrians.push_back(
          {static_cast<float>(person.at.x_m), static_cast<float>(person.at.y_m)});
    }
    static_cast<void>(
        link_->send(view));  // lost while the centre is away: the next one comes in 0.2 s
  }

  StreetOptions options_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  asio::steady_timer lamp_timer_;
  ProcessClock clock_;
  std::chrono::steady_clock::time_point last_step_ = std::chrono::steady_clock::now();
  std::uint64_t steps_ = 0;
  LampPosts posts_;
  LinkContext context_;
  std::unique_ptr<DeviceLink> link_;
  std::unique_ptr<DatagramSocket> socket_;
  std::unique_ptr<PictureServer> pictures_;
  std::map<std::string, std::unique_ptr<PictureThread>> cameras_;
  std::unique_ptr<TrafficThread> traffic_;
  int exit_code_ = 0;
};

}  // namespace

int run_street(const StreetOptions& asked) {
  StreetOptions options = asked;
  if (options.city.empty()) options.city = demo_city().string();
  if (options.var.empty()) options.var = default_var().string();
  open_log(LogLevel::everything);
  const Result<City> city = read_city(options.city);
  if (!city) {
    std::fprintf(stderr, "chorraha street: %s\n", city.error().text().c_str());
    return 3;
  }
  return StreetProgram(options, *city).run();
}

}  // namespace chorraha
