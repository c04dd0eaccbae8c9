#include "field/lamp_driver.hpp"

#include <algorithm>

namespace chorraha {
namespace {
constexpr Milliseconds flash_period{1000};  // 1 Hz, half lit (SAFETY.md B)
}

std::vector<Aspect> flash_pattern(const IntersectionConfig& config) {
  std::vector<Aspect> pattern;
  for (const SignalGroup& group : config.groups()) {
    const bool flashes = group.type != GroupType::pedestrian && (group.lenses & lens_amber) != 0;
    pattern.push_back(flashes ? Aspect::flashing_amber : Aspect::dark);
  }
  return pattern;
}

LampDriver::LampDriver(const IntersectionConfig& config, Start start)
    : silence_max_(config.silence_max()), flash_pattern_(flash_pattern(config)) {
  for (const SignalGroup& group : config.groups()) fitted_.push_back(group.lenses);
  const std::size_t n = fitted_.size();
  shown_for_.resize(n);
  lenses_.resize(n);
  wanted_ = shown_ = flash_pattern_;
  if (start == Start::warm) {
    wanted_ = shown_ = std::vector<Aspect>(n, Aspect::red);
    self_flash_ = false;
    permitted_ = true;
    frame_.heard = permit_.heard = true;
  }
}

bool LampDriver::Source::accept(std::uint64_t received) {
  if (number && received <= *number) return false;
  number = received;
  age = Milliseconds{0};
  heard = true;
  return true;
}

bool LampDriver::Source::fresh(Milliseconds silence_max) const {
  return heard && age <= silence_max;
}

void LampDriver::receive_aspects(std::uint64_t number, std::span<const Aspect> aspects) {
  if (aspects.size() != wanted_.size() || !frame_.accept(number)) return;
  wanted_.assign(aspects.begin(), aspects.end());
}

void LampDriver::receive_permit(std::uint64_t number, bool permit) {
  if (permit_.accept(number)) permitted_ = permit;
}

void LampDriver::restart_numbers(Sender sender) {
  (sender == Sender::controller ? frame_ : permit_).number.reset();
}

const std::vector<LensSet>& LampDriver::step(Milliseconds elapsed) {
  frame_.age += elapsed;
  permit_.age += elapsed;
  for (Milliseconds& shown_for : shown_for_) shown_for += elapsed;

  const bool allowed = frame_.fresh(silence_max_) && permit_.fresh(silence_max_) && permitted_;
  if (!allowed) self_flash_ = true;
  if (allowed && wanted_ == flash_pattern_) self_flash_ = false;
  show(self_flash_ ? flash_pattern_ : wanted_);
  return lenses_;
}

void LampDriver::show(const std::vector<Aspect>& aspects) {
  for (std::size_t g = 0; g < aspects.size(); ++g) {
    if (shown_[g] != aspects[g]) shown_for_[g] = Milliseconds{0};
    const bool lit_half = shown_for_[g] % flash_period < flash_period / 2;
    lenses_[g] = static_cast<LensSet>(lenses_of(aspects[g], lit_half) & fitted_[g]);
  }
  shown_ = aspects;
}

}  // namespace chorraha
