#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "apps/chorraha/bench_figure.hpp"
#include "messaging/link/centre_link.hpp"
#include "messaging/link/device_link.hpp"
#include "messaging/link/keys.hpp"
#include "messaging/link/link_context.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t controllers = 100;
constexpr int pushes = 20;
constexpr auto patience = 60s;  // for all to connect, for one push
constexpr BootId boot{1};

/// Keys of a night, removed with their folder.
class KeyFolder {
 public:
  KeyFolder() {
    std::random_device random;
    path_ =
        fs::temp_directory_path() / fmt::format("chorraha-bench-{:08x}{:08x}", random(), random());
  }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;
  KeyFolder(KeyFolder&&) = delete;
  KeyFolder& operator=(KeyFolder&&) = delete;
  ~KeyFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

IntersectionId intersection(std::size_t number) {
  return IntersectionId{fmt::format("B{:03}", number + 1)};
}

std::string key_of(std::size_t number) {
  return key_name(DeviceRole::controller, intersection(number).text());
}

/// As long as most: five stages.
HorizonPlan plan_for(std::size_t number, PlanSequence sequence) {
  constexpr std::size_t stages = 5;
  HorizonPlan plan;
  plan.intersection = intersection(number);
  plan.boot = boot;
  plan.built_on = Tick{Ticks{1000}};
  plan.sequence = sequence;
  plan.lease_until = plan.built_on + Ticks{100};
  for (std::size_t i = 0; i < stages; ++i) {
    const Tick end = plan.built_on + Ticks{150} * static_cast<int>(i + 1);
    plan.stages.push_back({StageIndex{i}, end, end + Ticks{50}, false, StageReason::serve_queue});
  }
  return plan;
}

/// A centre and its controllers on loopback, in one process and on one thread.
class PlanPush {
 public:
  PlanPush() : context_(io_.get_executor(), [this](const Fault& fault) { trouble_ = fault; }) {}

  [[nodiscard]] Done open() {
    const KeyStore store(keys_.path());
    if (const auto made = store.make(key_name(DeviceRole::centre)); !made) return made.error();
    for (std::size_t i = 0; i < controllers; ++i)
      if (const auto made = store.make(key_of(i)); !made) return made.error();
    if (Done opened = open_centre(); !opened) return opened;
    for (std::size_t i = 0; i < controllers; ++i)
      if (Done opened = open_device(i); !opened) return opened;
    return wait("controllers that have said hello", greeted_);
  }

  /// From the first plan until the last answer.
  [[nodiscard]] Result<Clock::duration> push() {
    answered_.clear();
    ++sequence_.number;
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < controllers; ++i)
      if (const Done sent = centre_->send(key_of(i), plan_for(i, sequence_)); !sent)
        return sent.error();
    if (const Done all = wait("controllers that have answered", answered_); !all)
      return all.error();
    return Clock::now() - begun;
  }

 private:
  [[nodiscard]] LinkClocks clocks() const {
    LinkClocks clocks;
    clocks.steady = [begun = begun_] {
      return Tick{std::chrono::floor<Ticks>(Clock::now() - begun)};
    };
    clocks.utc = [] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); };
    return clocks;
  }

  [[nodiscard]] Done open_centre() {
    CentreLink::Handlers handlers;
    handlers.changed = [this](const Peer& peer) { greeted_.insert(peer.name); };
    handlers.received = [this](const Peer& peer, const Message& message) {
      const auto* answer = std::get_if<PlanAnswer>(&message);
      if (answer != nullptr && answer->sequence == sequence_) answered_.insert(peer.name);
    };
    handlers.trouble = [this](const Fault& fault) { trouble_ = fault; };
    auto link = CentreLink::open(context_, {"tcp://127.0.0.1:*", keys_.path()}, clocks(), handlers);
    if (!link) return link.error();
    centre_ = *std::move(link);
    return {};
  }

  [[nodiscard]] Done open_device(std::size_t number) {
    DeviceLink::Settings settings;
    settings.endpoint = centre_->endpoint();
    settings.keys = keys_.path();
    settings.name = key_of(number);
    settings.hello.boot = boot;
    settings.hello.served.push_back({intersection(number), {}});
    DeviceLink::Handlers handlers;
    handlers.received = [this, number](const Message& message) { answer(number, message); };
    handlers.trouble = [this](const Fault& fault) { trouble_ = fault; };
    auto link = DeviceLink::open(context_, settings, clocks(), handlers);
    if (!link) return link.error();
    devices_.push_back(*std::move(link));
    return {};
  }

  void answer(std::size_t number, const Message& message) {
    const auto* plan = std::get_if<HorizonPlan>(&message);
    if (plan == nullptr) return;
    PlanAnswer answer;
    answer.intersection = plan->intersection;
    answer.boot = plan->boot;
    answer.sequence = plan->sequence;
    answer.answered_at = plan->built_on;
    if (const Done sent = devices_[number]->send(answer); !sent) trouble_ = sent.error();
  }

  /// Until `who` are all. Trouble on the way (a handshake that a busy machine let time out) is
  /// tried again by the links; it is told when it lasts.
  [[nodiscard]] Done wait(const char* what, const std::set<std::string>& who) {
    const auto deadline = Clock::now() + patience;
    while (who.size() < controllers) {
      if (Clock::now() > deadline && trouble_) return *trouble_;
      if (Clock::now() > deadline)
        return Fault{Reason::lost, what, std::to_string(who.size()), std::to_string(controllers)};
      io_.run_one_until(deadline);
    }
    return {};
  }

  Clock::time_point begun_ = Clock::now();
  KeyFolder keys_;
  boost::asio::io_context io_{1};
  std::optional<Fault> trouble_;
  LinkContext context_;
  std::unique_ptr<CentreLink> centre_;
  std::vector<std::unique_ptr<DeviceLink>> devices_;
  std::set<std::string> greeted_, answered_;
  PlanSequence sequence_{1, 0};
};

}  // namespace

Result<BenchFigures> bench_messaging(const StopAsked& stop) {
  PlanPush links;
  if (const Done opened = links.open(); !opened) return opened.error();
  BenchFigure figure{"messaging_push_100", "ms from first plan to last answer", {}};
  for (int i = 0; i < pushes; ++i) {
    if (stop()) return bench_stopped();
    const auto took = links.push();
    if (!took) return took.error();
    figure.samples.push_back(std::chrono::duration<double, std::milli>(*took).count());
  }
  return BenchFigures{figure};
}

}  // namespace chorraha
