#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "centre/chain.hpp"
#include "centre/retiming.hpp"
#include "control/junction_planning.hpp"
#include "control/release_board.hpp"
#include "traffic/camera.hpp"
#include "traffic/detection.hpp"
#include "traffic/event.hpp"
#include "traffic/explanation.hpp"
#include "traffic/health.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// Whether a signal does what it should, as the page counts it; in this order of precedence.
enum class Standing : std::uint8_t { silent, starting, off_plan, follows };
[[nodiscard]] std::string_view name_of(Standing standing);

/// What the centre knows of one detector.
struct DetectorView {
  bool occupied = false;
  std::optional<Instant> changed;
  double occupancy = 0;     // share of the last 10 s
  std::uint64_t total = 0;  // vehicles since the centre began
  std::uint64_t last_minute = 0;
};

/// What the centre knows of one intersection.
struct JunctionView {
  std::optional<StateReport> report;    // the latest; kept when silence begins
  std::optional<Instant> heard;         // by the centre's clock
  bool lost = false;                    // its silence has been told
  std::optional<HorizonPlan> sent;      // the last one
  std::optional<HorizonPlan> plan;      // accepted and in force; none under a timetable
  int refused_in_row = 0;               // plans since the last one that was accepted
  std::optional<Instant> refused_told;  // when people were last told
  Explanations explanations;
  std::vector<LaneScene> lanes;  // what the last plan was made from
  std::deque<Event> events;      // newest last, at most 200
};

/// One region's service: reports, detections and answers in; plans out. No sockets, no clock.
/// Plans:   plan() each second; a horizon plan (or its renewal) for every intersection that was
///          heard within 3 s and is in service; every five minutes a timetable from what was
///          counted. Sequence = (epoch, ascending number).
/// Silence: after 3 s without a report nothing is planned for it; what it showed last is kept.
/// Threads: one owner.
class Region {
 public:
  struct Setup {
    std::shared_ptr<const Network> network;
    std::vector<IntersectionConfig> intersections;  // by IntersectionIndex
    std::vector<ConfigHash> hashes;
    std::vector<CameraConfig> cameras;
    HorizonOptions horizon;
    Retiming::Options retiming;
    std::function<std::chrono::minutes(Instant)> utc_offset;  // of local time; none: UTC
    std::uint64_t epoch = 1;  // raised and kept on disk at each start of the centre
  };
  [[nodiscard]] static Result<Region> make(Setup setup);

  /// Faults: bad_input for an intersection that is not of this region.
  Done heard(const StateReport& report, Instant now);
  void answered(const PlanAnswer& answer, Instant now);
  void explained(const Explanations& explanations);
  void happened(const Event& event);
  void saw(std::span<const Detection> detections, Instant now);
  void camera_says(const CameraHealth& health);

  struct Order {
    IntersectionIndex intersection;
    Plan plan;
  };
  [[nodiscard]] std::vector<Order> plan(Instant now);

  [[nodiscard]] Standing standing(IntersectionIndex at, Instant now) const;
  [[nodiscard]] const JunctionView& junction(IntersectionIndex at) const {
    return views_[at.value()];
  }
  /// The timetable made from counts that the controller has accepted; nothing: the city's own.
  [[nodiscard]] const std::optional<Retiming::Made>& timetable(IntersectionIndex at) const {
    return retiming_.accepted(at);
  }
  /// The last one that was made for it, accepted or not yet.
  [[nodiscard]] const std::optional<Retiming::Made>& wanted_timetable(IntersectionIndex at) const {
    return retiming_.wanted(at);
  }
  [[nodiscard]] DetectorView detector(DetectorIndex at, Instant now) const;
  [[nodiscard]] const std::optional<CameraHealth>& camera(std::size_t place) const {
    return cameras_[place];
  }
  [[nodiscard]] const Network& network() const { return *setup_.network; }
  [[nodiscard]] const std::vector<IntersectionConfig>& intersections() const {
    return setup_.intersections;
  }
  [[nodiscard]] const std::vector<CameraConfig>& cameras() const { return setup_.cameras; }

  /// Of the first camera that drives a junction. In a city without cameras: of the first junction
  /// where a loop sees a vehicle. Nothing where neither can be.
  [[nodiscard]] std::optional<Chain::State> chain() const;

  /// Everything that happened since the last call, oldest first; at most 1000, the oldest are
  /// dropped.
  [[nodiscard]] std::vector<Event> take_events();

 private:
  explicit Region(Setup setup);
  void note(Event event);
  [[nodiscard]] TimeOfDay time_of_day(Instant now) const;
  void order_timetable(IntersectionIndex at, const StateReport& report, Instant now,
                       std::vector<Order>& orders);
  void order_horizon(IntersectionIndex at, const StateReport& report, Instant now,
                     std::vector<Order>& orders);
  void miss(IntersectionIndex at, Instant now);  // tells once that it is silent
  void open_chain();
  void count_in_chain(const Detector& detector, const Detection& detection);

  Setup setup_;
  std::vector<JunctionPlanning> planning_;
  Retiming retiming_;
  ReleaseBoard board_;
  std::vector<JunctionView> views_;
  std::vector<std::vector<Detection>> unread_;  // for the estimators, by IntersectionIndex; bounded
  struct DetectorTrack {
    bool occupied = false;
    std::optional<Instant> changed;
    Instant window_begin;
    std::deque<std::pair<Instant, Instant>> occupied_spans;  // of the last 10 s
    std::deque<Instant> passed;                              // of the last minute, at most 200
    std::uint64_t total = 0;
  };
  std::vector<DetectorTrack> detectors_;
  std::vector<std::optional<CameraHealth>> cameras_;
  std::optional<Chain> chain_;
  std::vector<Event> fresh_;
  std::uint64_t number_ = 0;
};

}  // namespace chorraha
