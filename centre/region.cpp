#include "centre/region.hpp"

#include <algorithm>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto silent_after = 3s;    // SAFETY.md D: link suspect; UI.md P7
constexpr Ticks report_age_max{10};  // reports come once a second
constexpr auto occupancy_window = 10s;
constexpr auto counting_window = 60s;
// One refused plan is replaced within a second; people need to know when it goes on. The log has
// all.
constexpr int refusals_worth_telling = 3;
constexpr auto refusals_again_after = 60s;
constexpr std::size_t fresh_max = 1000;
constexpr std::size_t events_max = 200;
constexpr std::size_t passed_max = 200;
constexpr std::size_t unread_max =
    4096;  // the oldest are dropped: an estimator that is so late starts afresh

}  // namespace

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::silent:
      return "silent";
    case Standing::starting:
      return "starting";
    case Standing::off_plan:
      return "off_plan";
    case Standing::follows:
      return "follows";
  }
  return "off_plan";
}

Result<Region> Region::make(Setup setup) {
  Region region(std::move(setup));
  const Setup& s = region.setup_;
  const std::size_t n = s.network->junctions().size();
  HorizonOptions horizon = s.horizon;
  horizon.upstream = HorizonOptions::Upstream::unseen;
  horizon.latency =
      std::max(horizon.latency, report_age_max);  // an end that is past on receipt is refused
  for (std::size_t i = 0; i < n; ++i) {
    Result<JunctionPlanning> planning = JunctionPlanning::make(
        {s.network, IntersectionIndex{i}, s.intersections[i], s.hashes[i], horizon});
    if (!planning) return planning.error();
    region.planning_.push_back(std::move(*planning));
  }
  return region;
}

Region::Region(Setup setup)
    : setup_(std::move(setup)),
      retiming_(setup_.network->junctions().size(), setup_.retiming),
      board_(setup_.network->junctions().size()) {
  const std::size_t n = setup_.network->junctions().size();
  CHORRAHA_EXPECT(setup_.intersections.size() == n && setup_.hashes.size() == n);
  views_.resize(n);
  unread_.resize(n);
  detectors_.resize(setup_.network->detectors().size());
  cameras_.resize(setup_.cameras.size());
  open_chain();
}

void Region::open_chain() {
  for (const CameraConfig& camera : setup_.cameras) {
    const IntersectionIndex at = setup_.network->find(IntersectionId{camera.intersection});
    if (!at.valid()) continue;
    chain_.emplace(setup_.intersections[at.value()].id(), setup_.intersections[at.value()]);
    return;
  }
  if (!setup_.cameras.empty()) return;
  const auto loop = std::ranges::find_if(setup_.network->detectors(), [](const Detector& one) {
    return one.kind == Detector::Kind::presence && one.intersection.valid();
  });
  if (loop == setup_.network->detectors().end()) return;
  const IntersectionConfig& config = setup_.intersections[loop->intersection.value()];
  chain_.emplace(config.id(), config, Chain::Counts::by_loops);
}

void Region::count_in_chain(const Detector& detector, const Detection& detection) {
  if (!chain_) return;
  const IntersectionConfig& config = setup_.intersections[detector.intersection.value()];
  if (setup_.cameras.empty()) {
    if (detector.kind != Detector::Kind::presence || detection.kind != Detection::Kind::on) return;
    const bool first = chain_->state().counts == 0;
    if (first) chain_.emplace(config.id(), config, Chain::Counts::by_loops);
  } else if (!detector.camera || detection.kind != Detection::Kind::crossing) {
    return;
  }
  if (config.id() == chain_->state().intersection) chain_->counted();
}

void Region::note(Event event) {
  if (fresh_.size() >= fresh_max) fresh_.erase(fresh_.begin());
  fresh_.push_back(event);
  const IntersectionIndex at = setup_.network->find(event.intersection);
  if (!at.valid()) return;
  std::deque<Event>& events = views_[at.value()].events;
  if (events.size() >= events_max) events.pop_front();
  events.push_back(std::move(event));
}

std::vector<Event> Region::take_events() {
  return std::exchange(fresh_, {});
}

Done Region::heard(const StateReport& report, Instant now) {
  const IntersectionIndex at = setup_.network->find(report.intersection);
  if (!at.valid())
    return Fault{Reason::bad_input, "state report", report.intersection.text(),
                 "an intersection of this region"};
  const IntersectionConfig& config = setup_.intersections[at.value()];
  const bool stage_fits = !report.stage.valid() || report.stage.value() < config.stages().size();
  if (report.groups.size() != config.groups().size() || !stage_fits) {
    return Fault{Reason::bad_input, "state report of " + report.intersection.text(),
                 std::to_string(report.groups.size()) + " groups",
                 std::to_string(config.groups().size()) + " (another configuration?)"};
  }
  JunctionView& view = views_[at.value()];
  if (std::exchange(view.lost, false))
    note({report.intersection, now, Event::Kind::link_restored, {}});
  view.report = report;
  view.heard = now;
  if (report.source != ControlSource::horizon) view.plan.reset();
  if (chain_ && chain_->state().intersection == report.intersection) chain_->reported(report);
  return {};
}

void Region::answered(const PlanAnswer& answer, Instant now) {
  const IntersectionIndex at = setup_.network->find(answer.intersection);
  if (!at.valid()) return;
  planning_[at.value()].answered(answer);
  retiming_.answered(at, answer);
  JunctionView& view = views_[at.value()];
  if (answer.accepted() && view.sent && view.sent->sequence == answer.sequence)
    view.plan = view.sent;
  if (chain_ && chain_->state().intersection == answer.intersection) chain_->answered(answer);
  if (answer.accepted()) view.refused_in_row = 0;
  if (answer.accepted() || answer.refusals.front().rule == "starting") return;
  ++view.refused_in_row;
  const bool told = view.refused_told && now - *view.refused_told < refusals_again_after;
  if (view.refused_in_row < refusals_worth_telling || told) return;
  view.refused_told = now;
  const Refusal& why = answer.refusals.front();
  std::string detail =
      why.rule + ": " + why.thing + ", saw " + why.seen + ", allowed " + why.allowed;
  note({answer.intersection, now, Event::Kind::plan_refused, std::move(detail)});
}

void Region::explained(const Explanations& explanations) {
  const IntersectionIndex at = setup_.network->find(explanations.intersection);
  if (at.valid()) views_[at.value()].explanations = explanations;
}

void Region::happened(const Event& event) {
  if (event.kind != Event::Kind::plan_refused) note(event);  // refusals are noted from the answers
}

void Region::saw(std::span<const Detection> detections, Instant now) {
  for (const Detection& detection : detections) {
    const DetectorIndex index = setup_.network->find(detection.detector);
    if (!index.valid()) continue;
    const Detector& detector = setup_.network->detector(index);
    DetectorTrack& track = detectors_[index.value()];
    if (detection.kind == Detection::Kind::off && track.occupied && track.changed) {
      track.occupied_spans.emplace_back(*track.changed, detection.at);
    }
    if (detection.kind != Detection::Kind::off) {
      ++track.total;
      track.passed.push_back(detection.at);
      if (track.passed.size() > passed_max) track.passed.pop_front();
    }
    track.occupied = detection.kind == Detection::Kind::on;
    track.changed = detection.at;
    while (!track.occupied_spans.empty() &&
           track.occupied_spans.front().second < now - occupancy_window)
      track.occupied_spans.pop_front();
    if (!detector.intersection.valid()) continue;
    std::vector<Detection>& unread = unread_[detector.intersection.value()];
    if (unread.size() >= unread_max) unread.erase(unread.begin());
    unread.push_back(detection);
    count_in_chain(detector, detection);
  }
}

void Region::camera_says(const CameraHealth& health) {
  for (std::size_t i = 0; i < setup_.cameras.size(); ++i) {
    if (setup_.cameras[i].id == health.camera) cameras_[i] = health;
  }
}

TimeOfDay Region::time_of_day(Instant now) const {
  const auto offset = setup_.utc_offset ? setup_.utc_offset(now) : std::chrono::minutes{0};
  const auto local = now + offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::weekday weekday{day};
  return {std::chrono::floor<std::chrono::seconds>(local - day),
          static_cast<int>(weekday.iso_encoding()) - 1};
}

void Region::order_timetable(IntersectionIndex at, const StateReport& report, Instant now,
                             std::vector<Order>& orders) {
  const Retiming::Made* made = retiming_.due(at, report.boot);
  if (made == nullptr) return;
  const PlanSequence sequence{setup_.epoch, ++number_};
  retiming_.sent(at, report.boot, sequence);
  orders.push_back(
      {at, TimetablePlan{setup_.intersections[at.value()].id(), setup_.hashes[at.value()],
                         report.boot, report.now, sequence, now, made->timetable}});
}

void Region::order_horizon(IntersectionIndex at, const StateReport& report, Instant now,
                           std::vector<Order>& orders) {
  JunctionPlanning& planning = planning_[at.value()];
  JunctionView& view = views_[at.value()];
  std::vector<Detection>& unread = unread_[at.value()];
  planning.see(std::span<const Detection>(unread), report);
  unread.clear();
  const std::vector<Release> coming = board_.towards(planning.model());
  std::optional<Plan> plan = planning.plan(report, coming, PlanSequence{setup_.epoch, number_ + 1});
  board_.announce(at, now, planning.releases());
  view.lanes = planning.scene().lanes;
  if (!plan) return;
  ++number_;
  if (chain_ && chain_->state().intersection == report.intersection)
    chain_->planned(PlanSequence{setup_.epoch, number_});
  if (const auto* horizon = std::get_if<HorizonPlan>(&*plan)) view.sent = *horizon;
  orders.push_back({at, std::move(*plan)});
}

void Region::miss(IntersectionIndex at, Instant now) {
  JunctionView& view = views_[at.value()];
  if (!view.heard || std::exchange(view.lost, true)) return;
  note({setup_.intersections[at.value()].id(), now, Event::Kind::link_lost, {}});
  retiming_.lost(at);
}

std::vector<Region::Order> Region::plan(Instant now) {
  std::vector<Order> orders;
  retiming_.advance(now, time_of_day(now), planning_, *setup_.network);
  for (std::size_t i = 0; i < planning_.size(); ++i) {
    const IntersectionIndex at{i};
    const std::optional<StateReport>& report = views_[i].report;
    if (!report || standing(at, now) == Standing::silent) {
      miss(at, now);
      continue;
    }
    order_timetable(at, *report, now, orders);
    order_horizon(at, *report, now, orders);
  }
  return orders;
}

Standing Region::standing(IntersectionIndex at, Instant now) const {
  const JunctionView& view = views_[at.value()];
  if (!view.heard || !view.report || now - *view.heard > silent_after) return Standing::silent;
  if (view.report->mode == SignalMode::start_up) return Standing::starting;
  if (view.report->mode != SignalMode::normal || view.report->source == ControlSource::none)
    return Standing::off_plan;
  return Standing::follows;
}

DetectorView Region::detector(DetectorIndex at, Instant now) const {
  const DetectorTrack& track = detectors_[at.value()];
  DetectorView view{track.occupied, track.changed, 0, track.total, 0};
  const Instant begin = now - occupancy_window;
  Milliseconds occupied{0};
  for (const auto& [from, to] : track.occupied_spans)
    occupied += std::max(to - std::max(from, begin), Milliseconds{0});
  if (track.occupied && track.changed)
    occupied += std::max(now - std::max(*track.changed, begin), Milliseconds{0});
  view.occupancy =
      std::clamp(to_seconds(occupied) / to_seconds(Milliseconds{occupancy_window}), 0.0, 1.0);
  view.last_minute = static_cast<std::uint64_t>(std::ranges::count_if(
      track.passed, [&](Instant passed) { return passed > now - counting_window; }));
  return view;
}

std::optional<Chain::State> Region::chain() const {
  if (!chain_) return std::nullopt;
  return chain_->state();
}

}  // namespace chorraha
