#pragma once

#include <optional>
#include <vector>

#include "traffic/network.hpp"

namespace chorraha::make_city {

[[nodiscard]] Point operator+(Point a, Point b);
[[nodiscard]] Point operator-(Point a, Point b);
[[nodiscard]] Point operator*(double factor, Point a);
[[nodiscard]] double dot(Point a, Point b);
[[nodiscard]] double cross(Point a, Point b);  // > 0: b is to the left of a
[[nodiscard]] double norm(Point a);
[[nodiscard]] Point unit(Point a);
/// To the right of somebody who looks along `a`.
[[nodiscard]] Point right_of(Point a);

/// A Catmull-Rom curve through `points`, in steps of about `step_m`.
[[nodiscard]] Polyline smooth(const Polyline& points, double step_m);
[[nodiscard]] Polyline smooth_closed(const Polyline& points, double step_m);

/// A line by the distance along it ("station", metres from its begin).
class Curve {
 public:
  explicit Curve(Polyline line);
  [[nodiscard]] double length_m() const { return stations_.back(); }
  [[nodiscard]] Point at(double station_m) const;
  [[nodiscard]] Point tangent(double station_m) const;  // over 4 m: corners of the line are gone
  [[nodiscard]] const Polyline& line() const { return line_; }
  [[nodiscard]] const std::vector<double>& stations() const { return stations_; }

 private:
  Polyline line_;
  std::vector<double> stations_;
};

/// Where two curves cross first: the stations on either.
struct Meeting {
  double on_a_m = 0;
  double on_b_m = 0;
};
[[nodiscard]] std::optional<Meeting> meeting_of(const Curve& a, const Curve& b);

/// A cubic curve from one place and direction to another, in `pieces` pieces.
[[nodiscard]] Polyline turn_curve(Point from, Point from_direction, Point to, Point to_direction,
                                  int pieces);

/// The line without the points that lie within `tolerance_m` of the rest (Douglas-Peucker).
[[nodiscard]] Polyline simplified(const Polyline& line, double tolerance_m);
/// To whole centimetres, so that files stay small and exact.
[[nodiscard]] double to_cm(double metres);
[[nodiscard]] Point to_cm(Point point);
[[nodiscard]] Polyline to_cm(const Polyline& line);

/// Samples of two ways that come nearer than `nearer_than_m`: distances along either.
struct Touch {
  double on_a_m = 0;
  double on_b_m = 0;
};
[[nodiscard]] std::vector<Touch> touches(const Polyline& a, const Polyline& b,
                                         double nearer_than_m);

}  // namespace chorraha::make_city
