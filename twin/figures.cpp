#include "twin/figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

namespace chorraha {

RunFigures figures_of(std::span<const TripRecord> trips, Instant begin, Instant end) {
  RunFigures sum;
  double stops = 0;
  for (const TripRecord& trip : trips) {
    if (trip.depart_scheduled < begin || trip.depart_scheduled >= end) continue;
    ++sum.loaded;
    if (trip.depart) ++sum.entered;
    if (trip.arrival) ++sum.finished;
    sum.duration_s += trip.duration_s;
    sum.time_loss_s += trip.time_loss_s;
    sum.depart_delay_s += trip.depart_delay_s;
    sum.waiting_s += trip.waiting_s;
    stops += trip.stops;
  }
  if (sum.loaded == 0) return sum;
  const auto vehicles = static_cast<double>(sum.loaded);
  for (double* total : {&sum.duration_s, &sum.time_loss_s, &sum.depart_delay_s, &sum.waiting_s}) {
    *total /= vehicles;
  }
  sum.delay_s = sum.time_loss_s + sum.depart_delay_s;
  sum.stops_per_vehicle = stops / vehicles;
  return sum;
}

double quantile(std::vector<double> samples, double share) {
  if (samples.empty()) return 0;
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  const auto place =
      samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(samples, place);
  return *place;
}

Spread spread_of(std::span<const double> samples) {
  Spread spread;
  if (samples.empty()) return spread;
  const auto n = static_cast<double>(samples.size());
  spread.mean = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  if (samples.size() < 2) return spread;
  double squares = 0;
  for (const double sample : samples) squares += (sample - spread.mean) * (sample - spread.mean);
  const double deviation = std::sqrt(squares / (n - 1));
  const boost::math::students_t student(n - 1);
  spread.ci95 = boost::math::quantile(student, 0.975) * deviation / std::sqrt(n);
  return spread;
}

}  // namespace chorraha
