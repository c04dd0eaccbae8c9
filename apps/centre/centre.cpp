#include "apps/centre/centre.hpp"

#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "apps/centre/city_pages.hpp"
#include "apps/centre/epoch.hpp"
#include "apps/centre/event_log.hpp"
#include "apps/process/clock.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/log.hpp"
#include "centre/region.hpp"
#include "console/console.hpp"
#include "console/web_files.hpp"
#include "formats/city/camera_file.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/link/centre_link.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto plan_every = 1000ms;
constexpr auto view_every = 100ms;
constexpr auto ask_for_pictures_every = 2000ms;
constexpr std::uint32_t picture_seconds = 5;  // docs/seams.md, "Pictures"

/// The centre: one thread, one io_context; it owns the region and hands messages to it.
class Centre {
 public:
  Centre(const CentreOptions& options, const City& city)
      : options_(options),
        clock_(Milliseconds{options.clock_offset_ms}),
        signals_(io_, SIGINT, SIGTERM),
        plan_timer_(io_),
        view_timer_(io_),
        picture_timer_(io_),
        events_(EventLog::open(fs::path(options.var) / "centre" / "events.log").value()),
        region_(make_region(city)),
        pages_(city,
               {fs::path(options.city).filename().string(), options.simulated,
                Milliseconds{options.clock_offset_ms}},
               now()),
        context_(io_.get_executor(), [](const Fault& trouble) { log_warning(trouble.text()); }) {
    open_console();
    open_link();
  }

  int run() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      exit_code_ = exit_code_of_signal(signal);
      io_.stop();
    });
    every(plan_timer_, plan_every, [this] { plan(); });
    every(view_timer_, view_every, [this] { show(); });
    every(picture_timer_, ask_for_pictures_every, [this] { ask_for_pictures(); });
    log_info(fmt::format("centre runs {} signals; page on http://127.0.0.1:{}, devices on {}",
                         region_.intersections().size(), console_->port(), link_->endpoint()));
    io_.run();
    log_info("centre stopped");
    return exit_code_;
  }

 private:
  [[nodiscard]] Instant now() const { return clock_.utc(); }

  [[nodiscard]] Region make_region(const City& city) const {
    Region::Setup setup;
    setup.network = std::make_shared<const Network>(city.network);
    setup.intersections = city.intersections;
    setup.hashes = city.hashes;
    setup.cameras = city.cameras;
    setup.utc_offset = [zone = city.zone](Instant instant) { return offset_at(zone, instant); };
    setup.epoch = raise_epoch(fs::path(options_.var) / "centre" / "epoch").value();
    return Region::make(std::move(setup)).value();
  }

  void open_console() {
    console::Console::Settings settings;
    settings.port = options_.port;
    settings.files = console::web_files();
    settings.wall_clock = [] {
      return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    };
    console_ = console::Console::open(io_, std::move(settings), pages_.city()).value();
  }

  void open_link() {
    const LinkClocks clocks{.steady = [this] { return clock_.tick(); },
                            .utc = [this] { return now(); }};
    CentreLink::Handlers handlers;
    handlers.received = [this](const Peer& peer, Message message) {
      receive(peer, std::move(message));
    };
    handlers.changed = [](const Peer& peer) {
      log_info(fmt::format("{} is {}", peer.name, name_of(peer.state)));
    };
    handlers.trouble = [](const Fault& trouble) { log_warning(trouble.text()); };
    link_ = CentreLink::open(context_, {options_.listen, fs::path(options_.var) / "keys"}, clocks,
                             std::move(handlers))
                .value();
  }

  template <class Work>
  void every(asio::steady_timer& timer, Milliseconds period, Work work) {
    timer.expires_at(std::max(timer.expiry() + period, std::chrono::steady_clock::now()));
    timer.async_wait([this, &timer, period, work](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      work();
      every(timer, period, work);
    });
  }

  void receive(const Peer& peer, Message message) {
    std::visit([&](auto& noun) { take(peer, noun); }, message);
  }
  void take(const Peer& peer, const StateReport& report) {
    if (const Done done = region_.heard(report, now()); !done)
      log_warning(peer.name + ": " + done.error().text());
  }
  void take(const Peer&, const PlanAnswer& answer) {
    region_.answered(answer, now());
    if (answer.accepted()) return;
    const Refusal& why = answer.refusals.front();
    log_info(fmt::format("{} refused plan {}/{} by {}: {} saw {}, allowed {}",
                         answer.intersection.text(), answer.sequence.epoch, answer.sequence.number,
                         why.rule, why.thing, why.seen, why.allowed));
  }
  void take(const Peer& peer, const Detections& detections) {
    region_.saw(detections.detections, now());
    if (peer.role != DeviceRole::camera) return;
    for (const Detection& detection : detections.detections) {
      log_info(fmt::format("{} counted a {} at {}", peer.name, name_of(detection.vehicle_class),
                           detection.detector.text()));
    }
  }
  void take(const Peer& peer, const Events& events) {
    const Result<EventLog::Kept> kept = events_.keep(peer.name, events);
    if (!kept) {
      log_error(kept.error().text());
      return;
    }
    for (std::size_t i = kept->first_new; i < events.events.size(); ++i)
      region_.happened(events.events[i]);
    static_cast<void>(link_->send(peer.name, kept->seen));
  }
  void take(const Peer&, const Hello&) {}  // the link has greeted it
  void take(const Peer&, const Explanations& explanations) { region_.explained(explanations); }
  void take(const Peer&, const CameraHealth& health) { region_.camera_says(health); }
  void take(const Peer&, const Picture& picture) { pages_.picture(picture); }
  void take(const Peer&, const StreetView& view) { pages_.street(view); }
  template <class Other>
  void take(const Peer& peer, const Other&) {
    log_warning(peer.name + " sent what only a centre sends; dropped");
  }

  void plan() {
    for (const Region::Order& order : region_.plan(now())) {
      const std::string name = key_name(
          DeviceRole::controller, region_.intersections()[order.intersection.value()].id().text());
      tell(order);
      const Message message =
          std::visit([](const auto& plan) -> Message { return plan; }, order.plan);
      if (const Done sent = link_->send(name, message);
          !sent && sent.error().reason != Reason::lost)
        log_warning(sent.error().text());
    }
  }

  // Horizon plans are made every second: the page shows them, the log would drown.
  void tell(const Region::Order& order) const {
    const auto* plan = std::get_if<TimetablePlan>(&order.plan);
    if (plan == nullptr) return;
    const auto& wanted = region_.wanted_timetable(order.intersection);
    const double saturation = wanted ? wanted->saturation : 0.0;
    log_info(
        fmt::format("{} is sent timetable {}: cycle {:.1f} s, {} stages, fullest movement {:.2f}",
                    plan->intersection.text(), plan->timetable.id.text(),
                    to_seconds(plan->timetable.cycle), plan->timetable.steps.size(), saturation));
  }

  void show() { console_->show(pages_.view(region_, now())); }

  void ask_for_pictures() {
    for (const CameraId& camera : console_->cameras_wanted()) {
      static_cast<void>(link_->send(key_name(DeviceRole::camera, camera.text()),
                                    PictureWanted{camera, picture_seconds}));
    }
  }

  CentreOptions options_;
  asio::io_context io_{1};
  ProcessClock clock_;
  asio::signal_set signals_;
  asio::steady_timer plan_timer_, view_timer_, picture_timer_;
  EventLog events_;
  Region region_;
  CityPages pages_;
  LinkContext context_;
  std::unique_ptr<console::Console> console_;
  std::unique_ptr<CentreLink> link_;
  int exit_code_ = 0;
};

/// The city, with another camera where the options say so.
Result<City> city_of(const CentreOptions& options) {
  Result<City> city = read_city(options.city);
  if (!city || options.camera.empty()) return city;
  Result<CameraConfig> camera = read_camera(options.camera);
  if (!camera) return camera.error();
  city->cameras = {*std::move(camera)};
  return city;
}

}  // namespace

int run_centre(const CentreOptions& options) {
  open_log(LogLevel::everything);
  const Result<City> city = city_of(options);
  if (!city) {
    std::fprintf(stderr, "chorraha-centre: %s\n", city.error().text().c_str());
    return 3;
  }
  return Centre(options, *city).run();
}

}  // namespace chorraha
