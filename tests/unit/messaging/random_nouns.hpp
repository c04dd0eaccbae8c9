#pragma once

#include <random>

#include "messaging/codec/message.hpp"

namespace chorraha::test {

/// Any valid message: each kind, each optional value there and not there, lists of every length.
class RandomNouns {
 public:
  explicit RandomNouns(std::uint64_t seed) : random_(seed) {}

  /// `kind` is the place in the variant Message.
  [[nodiscard]] Message message(std::size_t kind);
  [[nodiscard]] HorizonPlan horizon_plan();

 private:
  [[nodiscard]] std::uint64_t any();
  [[nodiscard]] std::size_t below(std::size_t bound);
  [[nodiscard]] bool coin() { return below(2) == 0; }
  [[nodiscard]] double real(double low, double high);
  [[nodiscard]] float real_f(float low, float high);
  [[nodiscard]] std::string word();
  [[nodiscard]] Tick tick();
  [[nodiscard]] Instant instant();
  [[nodiscard]] ConfigHash hash();
  [[nodiscard]] PlanSequence sequence() { return {any(), any()}; }
  [[nodiscard]] VehicleClass vehicle_class();

  [[nodiscard]] Hello hello();
  [[nodiscard]] StateReport state_report();
  [[nodiscard]] Renew renew();
  [[nodiscard]] TimetablePlan timetable_plan();
  [[nodiscard]] PlanAnswer plan_answer();
  [[nodiscard]] Detections detections();
  [[nodiscard]] CameraHealth camera_health();
  [[nodiscard]] Picture picture();
  [[nodiscard]] Events events();
  [[nodiscard]] StreetView street_view();
  [[nodiscard]] Explanations explanations();

  std::mt19937_64 random_;
};

}  // namespace chorraha::test
