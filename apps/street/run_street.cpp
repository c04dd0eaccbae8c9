#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
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
#include "apps/scenario/scenario_city.hpp"
#include "apps/street/lamp_posts.hpp"
#include "apps/street/open_street.hpp"
#include "apps/street/picture_server.hpp"
#include "apps/street/picture_thread.hpp"
#include "apps/street/playback.hpp"
#include "apps/street/street.hpp"
#include "apps/street/traffic_thread.hpp"
#include "formats/city/city_folder.hpp"
#include "formats/sumo/sumo_config.hpp"
#include "messaging/link/device_link.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Milliseconds read_back_every{20};
constexpr int back_frame_in = 5;    // read-backs: 10 Hz
constexpr int street_view_in = 10;  // read-backs: 5 Hz
constexpr Milliseconds late_is_worth_telling{1000};

/// The program: lamps and sockets on the io thread; traffic and pictures on threads of their own.
class StreetProgram {
 public:
  StreetProgram(const StreetOptions& options, std::shared_ptr<const City> city,
                const std::optional<sumo::SumoConfig>& scenario)
      : options_(options),
        city_(std::move(city)),
        signals_(io_, SIGINT, SIGTERM),
        lamp_timer_(io_),
        clock_(Milliseconds{options.clock_offset_ms}),
        posts_(city_->network, city_->intersections, new_boot()),
        context_(io_.get_executor(), [](const Fault& trouble) { log_warning(trouble.text()); }) {
    open_pictures();
    open_link();
    const RunFolder folder = open_run_folder(options.var).value();
    socket_ = DatagramSocket::open(
                  io_.get_executor(), folder.driver(),
                  [this](const DatagramSocket::Datagram& datagram) { receive(datagram); })
                  .value();
    log_info(scenario ? "street: SUMO starts" : "street: running ahead");
    if (scenario && scenario->end_s)
      demand_ends_ = midnight_of(*city_) + Milliseconds{std::llround(*scenario->end_s * 1000)};
    const Instant now = clock_.utc();
    StreetOpener open = scenario ? sumo_street(city_, *scenario, now, options.seed)
                                 : built_in_street(city_, now, options.seed);
    traffic_ = std::make_unique<TrafficThread>(
        std::move(open),
        TrafficThread::Handlers{
            .opened =
                [this](const Totals& totals) {
                  asio::post(io_, [this, totals] { serve(totals); });
                },
            .moved =
                [this](std::shared_ptr<const StreetMoment> moment) {
                  asio::post(io_, [this, moment = std::move(moment)] { moved(moment); });
                },
            .lost =
                [this](const Fault& fault) { asio::post(io_, [this, fault] { stop(fault); }); }});
  }

  int run() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      exit_code_ = exit_code_of_signal(signal);
      io_.stop();
    });
    io_.run();
    return exit_code_;
  }

 private:
  /// The street stands: lamps are driven from now on.
  void serve(const Totals& totals) {
    log_info(fmt::format("street: {} vehicles on {} links; pictures on http://127.0.0.1:{}",
                         totals.in_network, city_->network.links().size(), options_.camera_port));
    last_step_ = std::chrono::steady_clock::now();
    lamp_timer_.expires_after(read_back_every);
    step_lamps();
  }

  void stop(const Fault& fault) {
    log_error(fault.text());
    exit_code_ = exit_code_of(fault.reason);
    io_.stop();
  }

  void open_pictures() {
    pictures_ =
        PictureServer::listen(io_, options_.camera_port,
                              [this](const std::string& id, bool watched) {
                                if (const auto found = cameras_.find(id); found != cameras_.end())
                                  found->second->watch(watched);
                              })
            .value();
    for (const CameraConfig& camera : city_->cameras) {
      if (camera.pose) open_camera(camera);
    }
  }

  void open_camera(const CameraConfig& camera) {
    const std::string id = camera.id.text();
    pictures_->add(id);
    cameras_[id] = std::make_unique<PictureThread>(city_->network, camera, [this, id](Jpeg jpeg) {
      asio::post(io_, [this, id, jpeg = std::move(jpeg)] { pictures_->show(id, jpeg); });
    });
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
      posts_.sense(playback_.take_due(now));
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
      if (steps_ % street_view_in == 0) send_view(now);
      lamp_timer_.expires_at(std::max(lamp_timer_.expiry() + read_back_every, now));
      step_lamps();
    });
  }

  void moved(const std::shared_ptr<const StreetMoment>& moment) {
    playback_.add(moment, std::chrono::steady_clock::now());
    for (const auto& [id, camera] : cameras_) camera->moved(moment);
    tell_late(moment->late);
    if (demand_ends_ && moment->at >= *demand_ends_) {
      log_info("the scenario's demand has ended; the street runs on");
      demand_ends_.reset();
    }
  }

  void tell_late(Milliseconds late) {
    if (late > std::max(late_is_worth_telling, 2 * told_late_)) {
      log_warning(fmt::format("the street is {:.1f} s late: its steps take longer than they last",
                              to_seconds(late)));
      told_late_ = late;
    }
    if (late == Milliseconds{0} && std::exchange(told_late_, late) > late)
      log_info("the street is on time again");
  }

  void send_view(Playback::Time now) {
    const StreetMoment moment = playback_.look(now);
    if (moment.at == Instant{}) return;
    StreetView view;
    view.at = moment.at;
    for (const VehicleView& vehicle : moment.vehicles) {
      view.vehicles.push_back(
          {static_cast<float>(vehicle.front.x_m), static_cast<float>(vehicle.front.y_m),
           static_cast<float>(vehicle.heading_rad), static_cast<float>(vehicle.length_m),
           vehicle.vehicle_class, vehicle.number, static_cast<float>(vehicle.speed_mps)});
    }
    for (const PersonView& person : moment.people) {
      view.pedestrians.push_back(
          {static_cast<float>(person.at.x_m), static_cast<float>(person.at.y_m)});
    }
    static_cast<void>(
        link_->send(view));  // lost while the centre is away: the next one comes in 0.2 s
  }

  StreetOptions options_;
  std::shared_ptr<const City> city_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  asio::steady_timer lamp_timer_;
  ProcessClock clock_;
  std::chrono::steady_clock::time_point last_step_ = std::chrono::steady_clock::now();
  std::uint64_t steps_ = 0;
  LampPosts posts_;
  Playback playback_;
  Milliseconds told_late_{0};
  std::optional<Instant> demand_ends_;  // until it was told
  LinkContext context_;
  std::unique_ptr<DeviceLink> link_;
  std::unique_ptr<DatagramSocket> socket_;
  std::unique_ptr<PictureServer> pictures_;
  std::map<std::string, std::unique_ptr<PictureThread>> cameras_;
  std::unique_ptr<TrafficThread> traffic_;
  int exit_code_ = 0;
};

int complain(const Fault& fault) {
  std::fprintf(stderr, "chorraha street: %s\n", fault.text().c_str());
  return exit_code_of(fault.reason);
}

}  // namespace

int run_street(const StreetOptions& asked) {
  StreetOptions options = asked;
  if (options.city.empty()) options.city = demo_city().string();
  if (options.var.empty()) options.var = default_var().string();
  open_log(LogLevel::everything);
  Result<City> city = read_city(options.city);
  if (!city) return complain(city.error());
  std::optional<sumo::SumoConfig> scenario;
  if (!options.scenario.empty()) {
    Result<sumo::SumoConfig> config = sumo::read_sumo_config(options.scenario);
    if (!config) return complain(config.error());
    scenario = *std::move(config);
  }
  return StreetProgram(options, std::make_shared<const City>(*std::move(city)), scenario).run();
}

}  // namespace chorraha
