#include "apps/make_city/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace chorraha::make_city {

Point operator+(Point a, Point b) {
  return {a.x_m + b.x_m, a.y_m + b.y_m};
}
Point operator-(Point a, Point b) {
  return {a.x_m - b.x_m, a.y_m - b.y_m};
}
Point operator*(double factor, Point a) {
  return {factor * a.x_m, factor * a.y_m};
}
double dot(Point a, Point b) {
  return a.x_m * b.x_m + a.y_m * b.y_m;
}
double cross(Point a, Point b) {
  return a.x_m * b.y_m - a.y_m * b.x_m;
}
double norm(Point a) {
  return std::hypot(a.x_m, a.y_m);
}
Point unit(Point a) {
  return (1 / norm(a)) * a;
}
Point right_of(Point a) {
  return {a.y_m, -a.x_m};
}

namespace {

// Uniform Catmull-Rom between b and c.
Point catmull_rom(Point a, Point b, Point c, Point d, double t) {
  const double t2 = t * t;
  const double t3 = t2 * t;
  return 0.5 *
         ((2 * b) + t * (c - a) + t2 * (2 * a - 5 * b + 4 * c - d) + t3 * (3 * b - a - 3 * c + d));
}

Polyline through(const Polyline& points, double step_m, std::size_t pieces, auto point) {
  Polyline line;
  for (std::size_t i = 0; i < pieces; ++i) {
    const Point b = point(static_cast<std::ptrdiff_t>(i));
    const Point c = point(static_cast<std::ptrdiff_t>(i) + 1);
    const int steps = std::max(1, static_cast<int>(std::lround(norm(c - b) / step_m)));
    for (int k = 0; k < steps; ++k) {
      line.push_back(catmull_rom(point(static_cast<std::ptrdiff_t>(i) - 1), b, c,
                                 point(static_cast<std::ptrdiff_t>(i) + 2),
                                 static_cast<double>(k) / steps));
    }
  }
  if (pieces + 1 == points.size()) line.push_back(points.back());
  return line;
}

double distance_to_piece_m(Point p, Point a, Point b) {
  const Point along = b - a;
  const double squared = dot(along, along);
  const double share = squared > 0 ? std::clamp(dot(p - a, along) / squared, 0.0, 1.0) : 0;
  return norm(p - (a + share * along));
}

void keep_corners(const Polyline& line, std::pair<std::size_t, std::size_t> ends,
                  double tolerance_m, std::vector<bool>& kept) {
  std::size_t worst = 0;
  double worst_m = tolerance_m;
  for (std::size_t i = ends.first + 1; i < ends.second; ++i) {
    const double off_m = distance_to_piece_m(line[i], line[ends.first], line[ends.second]);
    if (off_m > worst_m) {
      worst_m = off_m;
      worst = i;
    }
  }
  if (worst == 0) return;
  kept[worst] = true;
  keep_corners(line, {ends.first, worst}, tolerance_m, kept);
  keep_corners(line, {worst, ends.second}, tolerance_m, kept);
}

// Points every half metre with their distance along.
std::vector<std::pair<Point, double>> finely(const Polyline& line) {
  constexpr double step_m = 0.5;
  std::vector<std::pair<Point, double>> samples;
  const double all_m = length_m(line);
  const int steps = std::max(1, static_cast<int>(std::ceil(all_m / step_m)));
  samples.reserve(static_cast<std::size_t>(steps) + 1);
  for (int i = 0; i <= steps; ++i) {
    const double along_m = all_m * i / steps;
    samples.emplace_back(pose_at(line, along_m).at, along_m);
  }
  return samples;
}

}  // namespace

Polyline smooth(const Polyline& points, double step_m) {
  const auto last = static_cast<std::ptrdiff_t>(points.size()) - 1;
  return through(points, step_m, points.size() - 1, [&](std::ptrdiff_t i) {
    if (i < 0) return 2 * points[0] - points[1];
    if (i > last) {
      return 2 * points[static_cast<std::size_t>(last)] -
             points[static_cast<std::size_t>(last) - 1];
    }
    return points[static_cast<std::size_t>(i)];
  });
}

Polyline smooth_closed(const Polyline& points, double step_m) {
  const auto n = static_cast<std::ptrdiff_t>(points.size());
  return through(points, step_m, points.size(),
                 [&](std::ptrdiff_t i) { return points[static_cast<std::size_t>((i + n) % n)]; });
}

Curve::Curve(Polyline line) : line_(std::move(line)) {
  stations_.push_back(0);
  for (std::size_t i = 1; i < line_.size(); ++i)
    stations_.push_back(stations_.back() + norm(line_[i] - line_[i - 1]));
}

Point Curve::at(double station_m) const {
  return pose_at(line_, std::clamp(station_m, 0.0, length_m())).at;
}

Point Curve::tangent(double station_m) const {
  constexpr double reach_m = 2;
  return unit(at(std::min(station_m + reach_m, length_m())) -
              at(std::max(station_m - reach_m, 0.0)));
}

std::optional<Meeting> meeting_of(const Curve& a, const Curve& b) {
  for (std::size_t i = 1; i < a.line().size(); ++i) {
    const Point p = a.line()[i - 1];
    const Point r = a.line()[i] - p;
    for (std::size_t j = 1; j < b.line().size(); ++j) {
      const Point q = b.line()[j - 1];
      const Point s = b.line()[j] - q;
      const double across = cross(r, s);
      if (std::abs(across) < 1e-12) continue;
      const double t = cross(q - p, s) / across;
      const double u = cross(q - p, r) / across;
      if (t < 0 || t >= 1 || u < 0 || u >= 1) continue;
      return Meeting{a.stations()[i - 1] + t * norm(r), b.stations()[j - 1] + u * norm(s)};
    }
  }
  return std::nullopt;
}

Polyline turn_curve(Point from, Point from_direction, Point to, Point to_direction, int pieces) {
  // Handles of 0.55 of the way to the corner draw an arc almost round; a straight way has none.
  const double across = cross(from_direction, to_direction);
  double first_m = norm(to - from) / 3;
  double second_m = first_m;
  if (std::abs(across) > 0.2) {
    first_m = 0.55 * std::max(1.0, cross(to - from, to_direction) / across);
    second_m = 0.55 * std::max(1.0, cross(to - from, from_direction) / across);
  }
  const Point b = from + first_m * from_direction;
  const Point c = to - second_m * to_direction;
  Polyline line;
  line.reserve(static_cast<std::size_t>(pieces) + 1);
  for (int i = 0; i <= pieces; ++i) {
    const double t = static_cast<double>(i) / pieces;
    const double s = 1 - t;
    line.push_back((s * s * s) * from + (3 * s * s * t) * b + (3 * s * t * t) * c +
                   (t * t * t) * to);
  }
  return line;
}

Polyline simplified(const Polyline& line, double tolerance_m) {
  std::vector<bool> kept(line.size(), false);
  kept.front() = kept.back() = true;
  keep_corners(line, {0, line.size() - 1}, tolerance_m, kept);
  Polyline rest;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (kept[i]) rest.push_back(line[i]);
  }
  return rest;
}

double to_cm(double metres) {
  return std::round(metres * 100) / 100;
}
Point to_cm(Point point) {
  return {to_cm(point.x_m), to_cm(point.y_m)};
}
Polyline to_cm(const Polyline& line) {
  Polyline rounded;
  rounded.reserve(line.size());
  for (const Point point : line) rounded.push_back(to_cm(point));
  return rounded;
}

std::vector<Touch> touches(const Polyline& a, const Polyline& b, double nearer_than_m) {
  std::vector<Touch> found;
  const auto of_b = finely(b);
  for (const auto& [p, on_a_m] : finely(a)) {
    for (const auto& [q, on_b_m] : of_b) {
      if (std::abs(p.x_m - q.x_m) > nearer_than_m || norm(p - q) > nearer_than_m) continue;
      found.push_back({on_a_m, on_b_m});
    }
  }
  return found;
}

}  // namespace chorraha::make_city
