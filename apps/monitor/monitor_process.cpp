#include "apps/monitor/monitor_process.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "apps/monitor/watch.hpp"
#include "apps/process/clock.hpp"
#include "apps/process/datagram_socket.hpp"
#include "apps/process/log.hpp"
#include "formats/city/city_folder.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;

constexpr Milliseconds step_every{100};
constexpr int steps_between_readings = 10;  // of the latches

}  // namespace

struct MonitorProcess::Impl {
  Impl(asio::io_context& loop, MonitorOptions given)
      : options(std::move(given)), files(options.var), timer(loop), boot(new_boot()) {}

  Done open(asio::io_context& io) {
    if (const Done read = read_configurations(); !read) return read.error();
    if (const Done same = compare_with_city(); !same) return same.error();
    Result<RunFolder> run_folder = open_run_folder(options.var);
    if (!run_folder) return run_folder.error();
    folder = *std::move(run_folder);
    auto opened =
        DatagramSocket::open(io.get_executor(), folder.monitor(options.name),
                             [this](const DatagramSocket::Datagram& datagram) { hear(datagram); });
    if (!opened) return opened.error();
    socket = *std::move(opened);
    timer.expires_after(step_every);
    wait();
    return {};
  }

  Done read_configurations() {
    Result<std::vector<MonitorFiles::Accepted>> all = files.read_all();
    if (!all) return all.error();
    const std::set<std::string> wanted(options.intersections.begin(), options.intersections.end());
    for (MonitorFiles::Accepted& accepted : *all) {
      const IntersectionId id = accepted.config.id();
      if (!wanted.empty() && !wanted.contains(id.text())) continue;
      watches.emplace(id, Watch(std::move(accepted), files));
    }
    for (const std::string& id : wanted)
      if (!watches.contains(IntersectionId{id})) return files.read(IntersectionId{id}).error();
    for (const auto& [id, watch] : watches)
      for (const Trip& trip : watch.monitor().latched())
        log_warning(fmt::format("{}: latched {}; `chorraha-monitor reset {}` clears it", id.text(),
                                text_of(watch.config(), trip), id.text()));
    return {};
  }

  [[nodiscard]] Done compare_with_city() const {
    if (options.city.empty()) return {};
    const Result<City> city = read_city(options.city);
    if (!city) return city.error();
    for (std::size_t i = 0; i < city->intersections.size(); ++i) {
      const IntersectionId& id = city->intersections[i].id();
      if (!options.intersections.empty() && !watches.contains(id)) continue;
      if (const Done same = files.check(id, city->hashes[i], options.city); !same)
        return same.error();
    }
    return {};
  }

  void hear(const DatagramSocket::Datagram& datagram) {
    const Result<DriverFrame> frame = decode_driver_frame(datagram.bytes);
    if (!frame) return malformed(frame.error());
    if (const auto* lamps = std::get_if<ReadBackFrame>(&*frame)) hear_lamps(*lamps, datagram.sent);
    if (const auto* beat = std::get_if<HeartbeatFrame>(&*frame)) {
      for (const HeartbeatFrame::Entry& entry : beat->entries) {
        const auto watch = watches.find(entry.intersection);
        if (watch != watches.end()) watch->second.hear_controller(beat->boot, entry);
      }
    }
  }

  void hear_lamps(const ReadBackFrame& frame, std::chrono::nanoseconds sent) {
    bool withdrawn = false;
    for (const ReadBackFrame::Entry& entry : frame.entries) {
      const auto found = watches.find(entry.intersection);
      if (found == watches.end()) continue;
      for (const Trip& trip : found->second.hear_lamps(frame.boot, entry, sent)) {
        log_error(fmt::format("{}: tripped {}", entry.intersection.text(),
                              text_of(found->second.config(), trip)));
        withdrawn = true;
      }
    }
    if (withdrawn) send_permits();
  }

  void malformed(const Fault& fault) {
    if (!std::exchange(told_malformed, true)) log_warning("datagram: " + fault.text());
  }

  void wait() {
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      step();
      timer.expires_at(timer.expiry() + step_every);
      wait();
    });
  }

  void step() {
    const Tick now = clock.tick();
    for (auto& [id, watch] : watches) {
      watch.step(now);
      tell_permit(id, watch);
    }
    if (++steps % steps_between_readings == 0) mind_latches();
    send_permits();
    HeartbeatFrame beat{boot, {}};
    for (const auto& [id, watch] : watches) beat.entries.push_back(watch.heartbeat());
    socket->send(folder.controller(options.name), encode(beat));
  }

  void tell_permit(const IntersectionId& id, const Watch& watch) {
    const bool now = watch.permit();
    if (std::exchange(permitted[id], now) == now) return;
    log_info(fmt::format("{}: permit {}", id.text(), now ? "given" : "withdrawn"));
  }

  void mind_latches() {
    for (auto& [id, watch] : watches) {
      const Result<bool> reset = watch.mind_latch();
      if (!reset) log_error(reset.error().text());
      if (reset && *reset) log_info(fmt::format("{}: latch reset", id.text()));
    }
  }

  void send_permits() {
    PermitFrame permit{boot, {}};
    for (auto& [id, watch] : watches) permit.entries.push_back(watch.permit_entry());
    socket->send(folder.driver(), encode(permit));
  }

  MonitorOptions options;
  MonitorFiles files;
  asio::steady_timer timer;
  BootId boot;
  ProcessClock clock;
  RunFolder folder;
  std::map<IntersectionId, Watch> watches;
  std::map<IntersectionId, bool> permitted;
  std::unique_ptr<DatagramSocket> socket;
  int steps = 0;
  bool told_malformed = false;
};

Result<std::unique_ptr<MonitorProcess>> MonitorProcess::open(asio::io_context& io,
                                                             const MonitorOptions& options) {
  auto impl = std::make_unique<Impl>(io, options);
  if (const Done opened = impl->open(io); !opened) return opened.error();
  return std::unique_ptr<MonitorProcess>(new MonitorProcess(std::move(impl)));
}

MonitorProcess::MonitorProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MonitorProcess::~MonitorProcess() = default;

}  // namespace chorraha
