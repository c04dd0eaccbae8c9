#include "apps/controller/controller_process.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "apps/controller/cabinet.hpp"
#include "apps/monitor/monitor_files.hpp"
#include "apps/process/clock.hpp"
#include "apps/process/datagram_socket.hpp"
#include "apps/process/log.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/link/detection_feed.hpp"
#include "messaging/link/device_link.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;

constexpr Milliseconds step_every{100};
constexpr Milliseconds late_by{20};  // what the tolerances of the monitor (B6: 100 ms) absorb

LocalTime local_time(const Zone& zone, Instant utc) {
  const auto local = std::chrono::floor<std::chrono::seconds>(utc) + offset_at(zone, utc);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto weekday = std::chrono::weekday{std::chrono::sys_days{day}}.iso_encoding() - 1;
  return {local - day, static_cast<int>(weekday)};
}

/// The intersection that a message of the centre is about.
const IntersectionId* subject_of(const Message& message) {
  return std::visit(
      [](const auto& noun) -> const IntersectionId* {
        if constexpr (requires { noun.intersection; }) return &noun.intersection;
        return nullptr;
      },
      message);
}

bool uses_cameras(const IntersectionConfig& config) {
  return std::ranges::any_of(config.detectors(), [](const DetectorUse& use) {
    return use.input == DetectorUse::Input::camera;
  });
}

/// A cabinet and its ways out.
struct Station {
  explicit Station(Cabinet made) : cabinet(std::move(made)) {}
  Cabinet cabinet;
  std::unique_ptr<DeviceLink> centre;
  std::vector<std::unique_ptr<DetectionSubscriber>> cameras;
  bool connected = false;
  SignalMode mode = SignalMode::start_up;
  bool told_monitor_differs = false;
};

}  // namespace

struct ControllerProcess::Impl {
  Impl(asio::io_context& io, ControllerOptions given)
      : options(std::move(given)),
        clock(options.clock_offset),
        context(io.get_executor(), [](const Fault& fault) { log_warning(fault.text()); }),
        timer(io),
        boot(new_boot()) {}

  Done open(asio::io_context& io) {
    Result<City> city = read_city(options.city);
    if (!city) return city.error();
    zone = city->zone;
    if (const Done made = make_stations(*city); !made) return made.error();
    Result<RunFolder> run_folder = open_run_folder(options.var);
    if (!run_folder) return run_folder.error();
    folder = *std::move(run_folder);
    auto opened =
        DatagramSocket::open(io.get_executor(), folder.controller(options.name),
                             [this](const DatagramSocket::Datagram& datagram) { hear(datagram); });
    if (!opened) return opened.error();
    socket = *std::move(opened);
    for (auto& [id, station] : stations)
      if (const Done done = connect(id, *station); !done) return done.error();
    for (const ControllerOptions::Feed& feed : options.feeds)
      if (const Done done = subscribe(*city, feed); !done) return done.error();
    timer.expires_after(step_every);
    wait();
    return {};
  }

  Done make_stations(const City& city) {
    std::set<std::string> wanted(options.intersections.begin(), options.intersections.end());
    const bool all = wanted.empty();
    const MonitorFiles accepted(options.var);
    for (std::size_t i = 0; i < city.intersections.size(); ++i) {
      const IntersectionConfig& config = city.intersections[i];
      if (!all && wanted.erase(config.id().text()) == 0) continue;
      if (const Done same = accepted.check(config.id(), city.hashes[i], options.city); !same)
        return same.error();
      stations.emplace(config.id(),
                       std::make_unique<Station>(Cabinet(config, city.hashes[i], boot)));
    }
    if (!wanted.empty())
      return Fault{Reason::bad_input, "--intersections", *wanted.begin(),
                   "ids of " + options.city.string()};
    return {};
  }

  Done connect(const IntersectionId& id, Station& station) {
    DeviceLink::Settings settings;
    settings.endpoint = options.centre;
    settings.keys = options.var / "keys";
    settings.name = key_name(DeviceRole::controller, id.text());
    settings.hello.role = DeviceRole::controller;
    settings.hello.boot = boot;
    settings.hello.served.push_back({id, station.cabinet.controller().config_hash()});
    DeviceLink::Handlers handlers;
    handlers.received = [this, &station, id](const Message& message) {
      const IntersectionId* subject = subject_of(message);
      if (subject != nullptr && *subject != id) return;  // of another of the centre's devices
      station.cabinet.receive(message);
      send_all(station);
    };
    handlers.alive = [&station] { station.cabinet.hear_centre(); };
    handlers.changed = [id](LinkState state) {
      log_info(fmt::format("{}: centre {}", id.text(), name_of(state)));
    };
    handlers.trouble = [id](const Fault& fault) {
      log_warning(fmt::format("{}: {}", id.text(), fault.text()));
    };
    LinkClocks clocks{[this] { return clock.tick(); }, [this] { return clock.utc(); }};
    auto link = DeviceLink::open(context, settings, std::move(clocks), std::move(handlers));
    if (!link) return link.error();
    station.centre = *std::move(link);
    return {};
  }

  /// Whom a camera serves: as the option says, as the city says, or the only one that has room for
  /// it.
  [[nodiscard]] Result<IntersectionId> served_by(const City& city,
                                                 const ControllerOptions::Feed& feed) const {
    if (!feed.intersection.empty()) return IntersectionId{feed.intersection};
    const auto known = std::ranges::find(city.cameras, CameraId{feed.camera}, &CameraConfig::id);
    if (known != city.cameras.end()) return IntersectionId{known->intersection};
    std::vector<IntersectionId> possible;
    for (const auto& [id, station] : stations)
      if (uses_cameras(station->cabinet.controller().config())) possible.push_back(id);
    if (possible.size() == 1) return possible.front();
    return Fault{Reason::bad_input, "--camera-feed", feed.camera,
                 "a camera of " + options.city.string() + ", or CAMERA_ID@INTERSECTION=ENDPOINT"};
  }

  Done subscribe(const City& city, const ControllerOptions::Feed& feed) {
    const Result<IntersectionId> served = served_by(city, feed);
    if (!served) return served.error();
    const auto station = stations.find(*served);
    if (station == stations.end()) return {};  // of another process
    DetectionSubscriber::Settings settings;
    settings.endpoint = feed.endpoint;
    settings.keys = options.var / "keys";
    settings.name = key_name(DeviceRole::controller, served->text());
    settings.camera = key_name(DeviceRole::camera, feed.camera);
    DetectionSubscriber::Handlers handlers;
    handlers.received = [cabinet = &station->second->cabinet](const std::vector<Detection>& seen) {
      for (const Detection& detection : seen) cabinet->see(detection);
    };
    handlers.trouble = [](const Fault& fault) { log_warning(fault.text()); };
    auto subscriber = DetectionSubscriber::open(context, settings, std::move(handlers));
    if (!subscriber) return subscriber.error();
    station->second->cameras.push_back(*std::move(subscriber));
    return {};
  }

  void hear(const DatagramSocket::Datagram& datagram) {
    const Result<DriverFrame> frame = decode_driver_frame(datagram.bytes);
    if (!frame) return malformed(frame.error());
    if (const auto* back = std::get_if<BackFrame>(&*frame)) {
      const Instant utc = clock.utc();
      for (const BackFrame::Entry& entry : back->entries)
        if (Station* station = find(entry.intersection))
          station->cabinet.hear_driver(back->boot, entry, utc);
    }
    if (const auto* beat = std::get_if<HeartbeatFrame>(&*frame)) {
      for (const HeartbeatFrame::Entry& entry : beat->entries)
        if (Station* station = find(entry.intersection))
          station->cabinet.hear_monitor(beat->boot, entry);
    }
  }

  [[nodiscard]] Station* find(const IntersectionId& id) {
    const auto found = stations.find(id);
    return found == stations.end() ? nullptr : found->second.get();
  }

  void malformed(const Fault& fault) {
    if (!std::exchange(told_malformed, true)) log_warning("datagram: " + fault.text());
  }

  void wait() {
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      const auto due = timer.expiry();
      const auto woken = std::chrono::steady_clock::now();
      step();
      timer.expires_at((woken - due > late_by ? woken : due) + step_every);
      wait();
    });
  }

  void step() {
    const Tick now{Ticks{++steps}};
    const Instant utc = clock.utc();
    const LocalTime local = local_time(zone, utc);
    AspectFrame aspects{boot, {}};
    HeartbeatFrame beat{boot, {}};
    for (auto& [id, station] : stations) {
      station->cabinet.step(now, utc, local);
      aspects.entries.push_back(station->cabinet.aspects());
      beat.entries.push_back(station->cabinet.heartbeat());
    }
    socket->send(folder.driver(), encode(aspects));
    socket->send(folder.monitor(options.name), encode(beat));
    for (auto& [id, station] : stations) {
      tell(id, *station);
      send_all(*station);
    }
  }

  void tell(const IntersectionId& id, Station& station) const {
    const SignalMode mode = station.cabinet.controller().mode();
    if (std::exchange(station.mode, mode) != mode)
      log_info(fmt::format("{}: {}", id.text(), name_of(mode)));
    if (station.cabinet.monitor_differs() && !std::exchange(station.told_monitor_differs, true))
      log_error(
          fmt::format("{}: the monitor runs from another configuration: "
                      "`chorraha-monitor accept {}`, then start it again",
                      id.text(), options.city.string()));
  }

  void send_all(Station& station) {
    const bool connected = station.centre->connected();
    if (connected && !station.connected) station.cabinet.connected();
    station.connected = connected;
    if (!connected) return;
    for (const Message& message : station.cabinet.take_messages()) {
      // A full queue is counted by the link; state comes again, events until acknowledged.
      [[maybe_unused]] const Done sent = station.centre->send(message);
    }
  }

  ControllerOptions options;
  ProcessClock clock;
  LinkContext context;
  asio::steady_timer timer;
  BootId boot;
  Zone zone;
  RunFolder folder;
  std::map<IntersectionId, std::unique_ptr<Station>> stations;
  std::unique_ptr<DatagramSocket> socket;
  Ticks::rep steps = 0;
  bool told_malformed = false;
};

Result<std::unique_ptr<ControllerProcess>> ControllerProcess::open(
    asio::io_context& io, const ControllerOptions& options) {
  auto impl = std::make_unique<Impl>(io, options);
  if (const Done opened = impl->open(io); !opened) return opened.error();
  return std::unique_ptr<ControllerProcess>(new ControllerProcess(std::move(impl)));
}

ControllerProcess::ControllerProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ControllerProcess::~ControllerProcess() = default;

}  // namespace chorraha
