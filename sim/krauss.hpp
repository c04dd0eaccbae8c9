#pragma once

#include <algorithm>
#include <cmath>

namespace chorraha::sim {

/// Car following of Krauss (1998) as SUMO 1.15 computes it with the Euler update, for steps of
/// `step_s`: speeds hold over a whole step, a stopping distance is whole steps of braking after the
/// reaction. SI units; pure functions.
/// Source: SUMO MSCFModel::maximumSafeStopSpeedEuler, brakeGapEuler, freeSpeed, MSCFModel_Krauss.
struct Krauss {
  double step_s = 1.0;
  double acceleration_mps2 = 2.6;
  double deceleration_mps2 = 4.5;
  double reaction_s = 1.0;

  static constexpr double emergency_mps2 = 9.0;  // SUMO: passenger emergencyDecel
  static constexpr double grain_m = 0.001;       // SUMO: NUMERICAL_EPS

  /// Distance until standing from `speed`, braking from the next step on, after `reaction`.
  [[nodiscard]] double braking_m(double speed, double deceleration, double reaction) const {
    const double lost_per_step = deceleration * step_s;
    const double steps = std::floor(speed / lost_per_step);
    return step_s * (steps * speed - lost_per_step * steps * (steps + 1) / 2) + speed * reaction;
  }
  [[nodiscard]] double braking_m(double speed) const {
    return braking_m(speed, deceleration_mps2, 0);
  }

  /// Greatest next speed from which a stop within `gap_m` stays possible.
  [[nodiscard]] double stop_speed(double gap_m) const {
    const double g = gap_m - grain_m;
    if (g <= 0) return 0;
    const double b = deceleration_mps2 * step_s;
    const double t = reaction_s;
    const double s = step_s;
    const double root = std::sqrt(s * s + 4 * (s * (2 * g / b - t) + t * t));
    const double n = std::floor(0.5 - (t - 0.5 * root) / s);
    const double spent = 0.5 * n * (n - 1) * b * s + n * b * t;
    return n * b + (g - spent) / (n * s + t);
  }

  /// Greatest next speed behind a leader at `leader_speed` that may brake with `leader_braking`.
  [[nodiscard]] double follow_speed(double gap_m, double speed, double leader_speed,
                                    double leader_braking) const {
    const double hard = std::max(deceleration_mps2, leader_braking);
    const double safe = stop_speed(gap_m + braking_m(leader_speed, hard, 0));
    const double needed = (speed - safe) / step_s;
    if (needed <= deceleration_mps2 + grain_m) return safe;
    const double firm = std::clamp(1.2 * emergency(gap_m, speed, leader_speed, leader_braking),
                                   deceleration_mps2, std::max(needed, deceleration_mps2));
    return std::max(0.0, speed - firm * step_s);
  }

  /// Greatest next speed that allows `target` to be reached within `gap_m`.
  [[nodiscard]] double slowing_speed(double gap_m, double target) const {
    const double v = target * step_s;
    if (gap_m < v) return target;
    const double b = deceleration_mps2 * step_s * step_s;
    const double root = std::sqrt((b + 2 * v) * (b + 2 * v) + 8 * b * gap_m);
    const double y = std::max(0.0, ((root - b) * 0.5 - v) / b);
    const double whole = std::floor(y);
    const double spent = (whole * whole + whole) * 0.5 * b + whole * v + (y > whole ? v : 0);
    return std::max(0.0, gap_m - spent) / (whole + 1) / step_s +
           whole * deceleration_mps2 * step_s + target;
  }

  /// Seconds to cover `distance_m` from `speed`, accelerating up to `limit`.
  [[nodiscard]] double seconds_to(double distance_m, double speed, double limit) const {
    if (distance_m <= 0) return 0;
    if (speed >= limit) return distance_m / std::max(speed, 0.1);
    const double ramp_m = (limit * limit - speed * speed) / (2 * acceleration_mps2);
    if (distance_m > ramp_m) {
      return (limit - speed) / acceleration_mps2 + (distance_m - ramp_m) / limit;
    }
    return (std::sqrt(speed * speed + 2 * acceleration_mps2 * distance_m) - speed) /
           acceleration_mps2;
  }

 private:
  // SUMO: calculateEmergencyDeceleration.
  [[nodiscard]] static double emergency(double gap_m, double speed, double leader_speed,
                                        double leader_braking) {
    if (gap_m <= 0) return emergency_mps2;
    const double to_stand =
        0.5 * speed * speed /
        (gap_m + 0.5 * leader_speed * leader_speed / std::max(leader_braking, 0.1));
    const double to_match = 0.5 * (speed - leader_speed) * (speed - leader_speed) / gap_m;
    return std::min(emergency_mps2, std::max(to_stand, speed > leader_speed ? to_match : 0.0));
  }
};

}  // namespace chorraha::sim
