#include "twin/cabinet.hpp"

#include "messaging/codec/codec.hpp"

namespace chorraha {
namespace {

constexpr BootId boot_of_the_twin{1};
constexpr Milliseconds tick_length{100};

}  // namespace

Cabinet::Cabinet(const IntersectionConfig& config, ConfigHash hash, Ticks decision_step)
    : hash_(hash),
      controller_(config, hash, boot_of_the_twin, Controller::Options{Start::warm, decision_step}),
      driver_(config, Start::warm),
      monitor_(config, hash, Monitor::Begin::warm) {}

Result<PlanAnswer> Cabinet::receive(std::span<const std::byte> plan_bytes, Tick now) {
  const Result<Plan> plan = decode_plan(plan_bytes);
  if (!plan) return plan.error();
  return controller_.receive(*plan, now);
}

const std::vector<Aspect>& Cabinet::step(Tick now, Instant utc, LocalTime local,
                                         std::span<const Detection> detections, GroupSet sighted) {
  const std::vector<Aspect>& wanted = controller_.step(now, utc, local, detections, sighted);
  ++number_;
  driver_.receive_aspects(number_, wanted);
  if (number_ > 1) driver_.receive_permit(number_, monitor_.permit());  // the monitor's last word
  const std::vector<LensSet>& lit = driver_.step(tick_length);
  const Monitor::Answer answer = monitor_.step(tick_length, lit, hash_);
  trips_.insert(trips_.end(), answer.tripped.begin(), answer.tripped.end());
  if (!answer.permit) controller_.set_outside(Controller::Outside::monitor_gone);
  return driver_.shown();
}

SignalMode Cabinet::mode() const {
  return driver_.self_flash() ? SignalMode::flash : controller_.mode();
}

}  // namespace chorraha
