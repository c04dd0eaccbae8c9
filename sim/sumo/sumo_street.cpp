#include "sim/sumo/sumo_street.hpp"

#include <chrono>
#include <span>
#include <unordered_map>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/sumo/departures.hpp"
#include "sim/sumo/link_letters.hpp"
#include "sim/sumo/sumo_process.hpp"
#include "sim/sumo/sumo_start.hpp"
#include "sim/sumo/sumo_vehicles.hpp"
#include "sim/sumo/traci_codec.hpp"
#include "sim/sumo/tripinfo.hpp"
#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using traci::Answer;
using traci::ObjectValues;
using traci::Request;
using traci::Variable;

constexpr std::chrono::milliseconds close_wait{2'000};     // then SIGKILL
constexpr std::chrono::milliseconds outputs_wait{20'000};  // trips of a big run take their time

std::vector<std::filesystem::path> demand_files(const SumoSetup& setup) {
  std::vector<std::filesystem::path> files = setup.routes;
  files.insert(files.end(), setup.additional.begin(), setup.additional.end());
  return files;
}

class Connected final : public SumoStreet {
 public:
  Connected(SumoSetup setup, sumo::RunningSumo running)
      : setup_(std::move(setup)),
        sumo_(std::move(running)),
        now_(setup_.midnight + setup_.begin),
        vehicles_(setup_.network, sumo::Departures(demand_files(setup_)), setup_.midnight,
                  setup_.step_length) {}

  ~Connected() override {
    if (!is_over_) stop(close_wait);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  Connected(Connected&&) = delete;
  Connected& operator=(Connected&&) = delete;

  Done prepare();

  [[nodiscard]] Milliseconds step_length() const override { return setup_.step_length; }
  [[nodiscard]] Instant now() const override { return now_; }
  void show(IntersectionIndex intersection, std::span<const Aspect> by_group,
            SignalMode mode) override;
  [[nodiscard]] Done advance() override;
  [[nodiscard]] std::span<const Detection> detections() const override { return detections_; }
  [[nodiscard]] std::vector<Sighting> sightings(double range_m) const override {
    return vehicles_.sightings(now_, range_m);
  }
  [[nodiscard]] std::vector<VehicleView> vehicles() const override { return vehicles_.views(); }
  [[nodiscard]] std::vector<PersonView> pedestrians() const override { return {}; }
  [[nodiscard]] Totals totals() const override { return vehicles_.totals(now_); }
  [[nodiscard]] std::vector<TripRecord> trips() const override;

  [[nodiscard]] Done finish() override { return end_run(); }
  [[nodiscard]] double street_cpu_s() const override {
    return cpu_first_s_ < 0 ? 0 : cpu_last_s_ - cpu_first_s_;
  }
  [[nodiscard]] std::filesystem::path tripinfo_file() const override {
    return sumo_.tripinfo_file();
  }
  [[nodiscard]] const std::string& letters(IntersectionIndex intersection) const override {
    return shown_[intersection.value()];
  }

 private:
  Result<std::vector<Answer>> ask(const Request& request);
  Done take_letters();
  Done take_signals(const std::vector<Answer>& answers);
  Done take_vehicles(const std::vector<ObjectValues>& objects);
  void stop(std::chrono::milliseconds wait) const;
  Done end_run() const;

  SumoSetup setup_;
  mutable sumo::RunningSumo sumo_;        // `trips` ends it
  std::vector<sumo::LinkLetters> lamps_;  // by IntersectionIndex; empty under the scenario's own
  std::vector<std::string> shown_;        // letters, by IntersectionIndex
  std::vector<bool> changed_;             // since the last step
  Instant now_;
  sumo::SumoVehicles vehicles_;
  std::vector<Detection> detections_;  // of the last step

  double cpu_first_s_ = -1;  // below 0 until the first step
  double cpu_last_s_ = 0;
  mutable bool is_over_ = false;
  mutable std::unordered_map<std::string, sumo::TripInfo> infos_;  // after the end
};

Result<std::vector<Answer>> Connected::ask(const Request& request) {
  if (is_over_)
    return Fault{Reason::lost, "SUMO", "a run that has ended", "no step after its trips were read"};
  auto answers = sumo_.client.ask(request, sumo::answer_wait);
  if (!answers) return sumo_.with_last_words(answers.error());
  return answers;
}

Done Connected::prepare() {
  if (Done done = take_letters(); !done) return done;
  Request request;
  sumo::SumoVehicles::subscribe(request);
  for (const LaneId& lane : setup_.closed_lanes) request.forbid_lane(lane.text());
  const auto answers = ask(request);
  if (!answers) return answers.error();
  for (const Answer& answer : *answers) {
    if (!answer.refusal.empty())
      return Fault{Reason::bad_input, "SUMO", answer.refusal, "lanes and objects of its network"};
  }
  vehicles_.take_loaded(answers->front().objects);
  return {};
}

// The state strings SUMO has; with lamps of our own all junctions are dark until they are shown.
Done Connected::take_letters() {
  const std::vector<Junction>& junctions = setup_.network.junctions();
  if (junctions.empty()) return {};
  Request request;
  for (const Junction& junction : junctions)
    request.get(traci::get_signal, Variable::signal_state, junction.id.text());
  const auto answers = ask(request);
  if (!answers) return answers.error();
  shown_.clear();
  for (std::size_t i = 0; i < junctions.size(); ++i) {
    const auto* letters = std::get_if<std::string>(&(*answers)[i].value);
    if (letters == nullptr) {
      return Fault{Reason::bad_input, "intersection " + junctions[i].id.text(),
                   (*answers)[i].refusal, "a signal of SUMO's network"};
    }
    for (const MovementIndex movement : junctions[i].movements) {
      const int place = setup_.network.movement(movement).signal_link;
      if (place >= static_cast<int>(letters->size()))
        return Fault{Reason::bad_input, "intersection " + junctions[i].id.text(),
                     fmt::format("a state of {} letters in SUMO", letters->size()),
                     fmt::format("a letter for link {}", place)};
    }
    shown_.push_back(*letters);
  }
  if (setup_.signals == SumoSetup::Signals::scenario || !lamps_.empty()) return {};
  changed_.assign(junctions.size(), true);
  for (std::size_t i = 0; i < junctions.size(); ++i) {
    const IntersectionConfig& config = setup_.intersections[i];
    lamps_.emplace_back(setup_.network, IntersectionIndex{i}, config, shown_[i]);
    shown_[i] = lamps_[i].letters(std::vector<Aspect>(config.groups().size(), Aspect::dark),
                                  SignalMode::dark);
  }
  return {};
}

void Connected::show(IntersectionIndex intersection, std::span<const Aspect> by_group,
                     SignalMode mode) {
  if (setup_.signals == SumoSetup::Signals::scenario) return;
  const std::size_t i = intersection.value();
  CHORRAHA_EXPECT(i < lamps_.size());
  CHORRAHA_EXPECT(by_group.size() == setup_.intersections[i].groups().size());
  std::string letters = lamps_[i].letters(by_group, mode);
  if (letters == shown_[i]) return;
  shown_[i] = std::move(letters);
  changed_[i] = true;
}

Done Connected::advance() {
  if (cpu_first_s_ < 0) cpu_first_s_ = sumo_.process.cpu_s();
  Request request;
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    if (changed_[i]) request.set_state(setup_.network.junctions()[i].id.text(), shown_[i]);
    changed_[i] = false;
  }
  if (setup_.signals == SumoSetup::Signals::scenario) {
    for (const Junction& junction : setup_.network.junctions())
      request.get(traci::get_signal, Variable::signal_state, junction.id.text());
  }
  request.step();
  const auto answers = ask(request);
  if (!answers) return answers.error();
  now_ += setup_.step_length;
  Done done = take_signals(*answers);
  if (done) done = take_vehicles(answers->back().objects);
  cpu_last_s_ = sumo_.process.cpu_s();
  return done;
}

Done Connected::take_signals(const std::vector<Answer>& answers) {
  std::size_t signal = 0;
  for (const Answer& answer : answers) {
    if (!answer.refusal.empty())
      return sumo_.with_last_words(
          Fault{Reason::lost, "SUMO", "refused: " + answer.refusal, "a step that runs"});
    if (answer.command != traci::get_signal) continue;
    if (const auto* letters = std::get_if<std::string>(&answer.value)) shown_[signal] = *letters;
    ++signal;
  }
  return {};
}

Done Connected::take_vehicles(const std::vector<ObjectValues>& objects) {
  const Result<Request> about_entered = vehicles_.take_step(now_, objects);
  if (!about_entered) return about_entered.error();
  if (!about_entered->empty()) {
    const auto answers = ask(*about_entered);
    if (!answers) return answers.error();
    vehicles_.take_entered(*answers);
  }
  vehicles_.finish_step(now_, detections_);
  return {};
}

void Connected::stop(std::chrono::milliseconds wait) const {
  const auto answers = sumo_.client.ask(Request().quit(), wait);
  sumo_.process.wait_for_end(answers ? wait : std::chrono::milliseconds{0});
  is_over_ = true;
}

Done Connected::end_run() const {
  if (is_over_) return {};
  stop(outputs_wait);
  auto trips = sumo::read_tripinfo(sumo_.tripinfo_file());
  if (!trips) return sumo_.with_last_words(trips.error());
  for (sumo::TripInfo& trip : *trips) {
    std::string id = trip.id;
    infos_.emplace(std::move(id), std::move(trip));
  }
  return {};
}

// Asked through the interface that all streets share, it ends the run on its caller's behalf.
std::vector<TripRecord> Connected::trips() const {
  if (!end_run()) return {};
  return vehicles_.trips(now_, infos_);
}

}  // namespace

Done SumoStreet::can_run(const std::string& program) {
  const Result<std::filesystem::path> found = sumo::found_on_path(program);
  if (!found) return found.error();
  return {};
}

Result<std::unique_ptr<SumoStreet>> SumoStreet::make(SumoSetup setup) {
  if (setup.signals == SumoSetup::Signals::ours &&
      setup.intersections.size() != setup.network.junctions().size()) {
    return Fault{Reason::bad_input, "SUMO street intersections",
                 std::to_string(setup.intersections.size()),
                 fmt::format("{}, one a signal of the network", setup.network.junctions().size())};
  }
  Result<sumo::RunningSumo> running = sumo::start_sumo(setup);
  if (!running) return running.error();
  auto street = std::make_unique<Connected>(std::move(setup), std::move(*running));
  if (const Done done = street->prepare(); !done) return done.error();
  return Result<std::unique_ptr<SumoStreet>>(std::move(street));
}

}  // namespace chorraha
