#include "vision/motion_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <opencv2/imgproc.hpp>

namespace chorraha::vision {
namespace {

// Ages of the earlier pictures: a fast vehicle passes its own length in 0.3 s, a crawling one moves
// 1 px in 0.3 s.
constexpr std::array<double, 3> ages_s{0.03, 0.09, 0.3};
constexpr int energy_window_px = 7;
constexpr float energy_min_grey = 5.0F;   // over the residue of usual compression
constexpr float energy_share_min = 0.3F;  // of the strongest within half a vehicle
constexpr int nearby_px = 21;
constexpr double energy_enough_grey = 30.0;  // stronger neighbours ask no more than this one does
constexpr float sideways_max = 2.5F;     // of the way down: what goes along the line is not counted
constexpr float against_min_px = 0.5F;   // up the patch
constexpr double different_grey = 12.0;  // from the empty road
constexpr int different_margin_px = 5;
constexpr double solid_share = 0.7;     // of its convex hull that one vehicle fills at least
constexpr double compact_share = 0.55;  // of the box of two pieces that they must fill together
constexpr double level_step = 1.4;      // by which a ragged blob is cut higher
constexpr double level_max_grey = 80.0;
constexpr double piece_gap_along = 0.25;  // of the larger piece's size
constexpr double piece_gap_across = 0.08;
constexpr double piece_inside = 0.8;     // of the smaller piece: part of the other
constexpr double piece_overlap = 0.5;    // of the narrower piece: behind each other
constexpr double piece_velocity = 0.35;  // of the faster piece's
constexpr double area_min_px = 40;       // a motorcycle on a four-lane line is about 60
constexpr double speed_min_px_per_s = 2.0;

const cv::Mat* nearest(const PatchView& view, double age_s, double& found_s) {
  const cv::Mat* best = nullptr;
  found_s = 1e9;
  for (const auto& [age, picture] : *view.earlier) {
    if (age < 0.8 * age_s || age >= found_s) continue;
    found_s = age;
    best = &picture;
  }
  return best;
}

// Share of its convex hull that the outline of a blob fills: 1 for a box however it lies.
double solidity_of(const cv::Mat& blob) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(blob.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  double filled = 0;
  std::vector<cv::Point> all;
  for (const auto& outline : outlines) {
    filled += cv::contourArea(outline);
    all.insert(all.end(), outline.begin(), outline.end());
  }
  std::vector<cv::Point> hull;
  cv::convexHull(all, hull);
  const double whole = cv::contourArea(hull);
  return whole > 0 ? filled / whole : 1.0;
}

double size_of(const cv::Rect2d& box) {
  return std::sqrt(box.area());
}

// Windscreen, bonnet and bumper lie behind each other; what lies side by side with a gap is two.
bool close_together(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double size = std::max(size_of(a), size_of(b));
  const double across = std::max(a.x, b.x) - std::min(a.br().x, b.br().x);
  const double along = std::max(a.y, b.y) - std::min(a.br().y, b.br().y);
  if ((a & b).area() > piece_inside * std::min(a.area(), b.area())) return true;
  const bool in_file = -across > piece_overlap * std::min(a.width, b.width);
  const bool abreast = -along > piece_overlap * std::min(a.height, b.height);
  if (in_file && abreast) return false;
  return in_file ? along < piece_gap_along * size
                 : across < piece_gap_across * size && along < piece_gap_across * size;
}

bool pieces_of_one(const Sight& a, const Sight& b) {
  if (!close_together(a.box, b.box)) return false;
  if (a.area_px + b.area_px < compact_share * (a.box | b.box).area()) return false;
  const double faster = std::max(cv::norm(a.velocity_px_per_s), cv::norm(b.velocity_px_per_s));
  return cv::norm(a.velocity_px_per_s - b.velocity_px_per_s) < piece_velocity * faster;
}

Sight join(const Sight& a, const Sight& b) {
  const double share = b.box.area() / (a.box.area() + b.box.area());
  Sight both;
  both.box = a.box | b.box;
  both.velocity_px_per_s = a.velocity_px_per_s * (1 - share) + b.velocity_px_per_s * share;
  both.area_px = a.area_px + b.area_px;
  both.score = a.score * (1 - share) + b.score * share;
  return both;
}

// Joins what is close by the measure of the larger piece and moves alike; largest pieces first.
std::vector<Sight> joined(std::vector<Sight> pieces) {
  std::ranges::sort(pieces,
                    [](const Sight& a, const Sight& b) { return a.box.area() > b.box.area(); });
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto of_this = [&](const Sight& other) { return pieces_of_one(pieces[i], other); };
    const auto after = pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    for (auto piece = std::find_if(after, pieces.end(), of_this); piece != pieces.end();
         piece = std::find_if(after, pieces.end(), of_this)) {  // a larger one reaches further
      pieces[i] = join(pieces[i], *piece);
      pieces.erase(piece);
    }
  }
  return pieces;
}

}  // namespace

MotionDetector::MotionDetector()
    : flow_(cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_ULTRAFAST)) {
  flow_->setFinestScale(2);
  flow_->setPatchSize(8);
  flow_->setPatchStride(4);
}

void MotionDetector::add_energy(const PatchView& view, double age_s, const cv::Mat& earlier) {
  cv::Mat flow;
  flow_->calc(view.grey, earlier, flow);
  cv::Mat where(flow.size(), CV_32FC2);
  for (int y = 0; y < flow.rows; ++y) {
    const auto* move = flow.ptr<cv::Vec2f>(y);
    auto* to = where.ptr<cv::Vec2f>(y);
    for (int x = 0; x < flow.cols; ++x)
      to[x] = move[x] + cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
  }
  cv::Mat moved;
  cv::remap(earlier, moved, where, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::Mat still;
  cv::Mat explained;
  cv::absdiff(view.grey, earlier, still);
  cv::absdiff(view.grey, moved, explained);
  cv::Mat gain;
  cv::subtract(still, explained, gain, cv::noArray(), CV_32F);
  cv::blur(gain, gain, cv::Size(energy_window_px, energy_window_px));

  const auto per_s = static_cast<float>(1.0 / age_s);
  for (int y = 0; y < flow.rows; ++y) {
    const auto* here = gain.ptr<float>(y);
    const auto* move = flow.ptr<cv::Vec2f>(y);
    const auto* seen = view.visible.ptr<std::uint8_t>(y);
    auto* best = energy_.ptr<float>(y);
    auto* other = against_.ptr<float>(y);
    auto* velocity = velocity_.ptr<cv::Vec2f>(y);
    for (int x = 0; x < flow.cols; ++x) {
      const float down = -move[x][1];
      const bool with_traffic = down > 0 && std::abs(move[x][0]) < sideways_max * down + 0.3F;
      if (seen[x] == 0) continue;
      if (down < -against_min_px) other[x] = std::max(other[x], here[x]);
      if (!with_traffic || here[x] <= best[x]) continue;
      best[x] = here[x];
      velocity[x] = move[x] * -per_s;
    }
  }
}

void MotionDetector::cut_blobs(const cv::Mat& mask, double level,
                               std::vector<Sight>& sights) const {
  cv::Mat labels;
  cv::Mat figures;
  cv::Mat centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, figures, centres, 4);
  for (int i = 1; i < count; ++i) {
    const auto* figure = figures.ptr<int>(i);
    const double area_px = figure[cv::CC_STAT_AREA];
    if (area_px < area_min_px) continue;
    const cv::Rect box(figure[cv::CC_STAT_LEFT], figure[cv::CC_STAT_TOP], figure[cv::CC_STAT_WIDTH],
                       figure[cv::CC_STAT_HEIGHT]);
    const cv::Mat blob = labels == i;
    if (solidity_of(blob(box)) < solid_share && level < level_max_grey) {
      const std::size_t before = sights.size();
      cut_blobs(blob & (energy_ > level * level_step), level * level_step, sights);
      if (sights.size() > before) continue;
    }
    const cv::Scalar velocity = cv::mean(velocity_(box), blob(box));
    Sight sight;
    sight.box = box;
    sight.velocity_px_per_s = {velocity[0], velocity[1]};
    sight.area_px = area_px;
    sight.score = area_px / box.area();
    if (sight.velocity_px_per_s.y > speed_min_px_per_s) sights.push_back(sight);
  }
}

std::vector<Sight> MotionDetector::find(const PatchView& view) {
  energy_ = cv::Mat::zeros(view.grey.size(), CV_32FC1);
  against_ = cv::Mat::zeros(view.grey.size(), CV_32FC1);
  velocity_ = cv::Mat::zeros(view.grey.size(), CV_32FC2);
  double used_s = 0;
  for (const double age_s : ages_s) {
    double found_s = 0;
    const cv::Mat* earlier = nearest(view, age_s, found_s);
    if (earlier == nullptr || found_s == used_s || found_s > 2.0 * age_s + 0.1) continue;
    add_energy(view, found_s, *earlier);
    used_s = found_s;
  }

  energy_.setTo(0, against_ > energy_);

  // Road that a vehicle has just uncovered looks like road that moved; it is no longer different.
  cv::Mat different;
  cv::absdiff(view.grey, view.background, different);
  different = different > different_grey;
  cv::dilate(different, different,
             cv::getStructuringElement(cv::MORPH_ELLIPSE,
                                       cv::Size(different_margin_px, different_margin_px)));
  energy_.setTo(0, different == 0);

  cv::Mat strongest;
  cv::dilate(energy_, strongest,
             cv::getStructuringElement(cv::MORPH_RECT, cv::Size(nearby_px, nearby_px)));
  cv::Mat needed = cv::min(strongest, energy_enough_grey) * energy_share_min;
  needed = cv::max(needed, energy_min_grey);
  const cv::Mat mask = energy_ > needed;
  std::vector<Sight> sights;
  cut_blobs(mask, energy_min_grey, sights);
  return joined(std::move(sights));
}

}  // namespace chorraha::vision
