#include "vision/counting_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <opencv2/imgproc.hpp>

namespace chorraha::vision {
namespace {

constexpr std::size_t starting_pictures = 25;
constexpr double starting_s = 1.0;
constexpr double remembered_s = 0.7;
constexpr std::size_t remembered_pictures = 64;
constexpr int changed_grey = 6;          // over the residue of a repeated block
constexpr double changed_share = 0.001;  // of the pixels: else it is the same picture
constexpr double repeat_max_s = 0.2;     // 5 different pictures a second at least
constexpr double foreground_grey = 14.0;
constexpr int hits_min = 3;
constexpr double covered_min = 0.25;         // of its box: else it is road that seemed to move
constexpr double travelled_share_min = 0.3;  // of its own length
constexpr double double_distance = 0.4;      // of its size

bool same_picture(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat difference;
  cv::absdiff(a, b, difference);
  return cv::countNonZero(difference > changed_grey) <
         changed_share * static_cast<double>(a.total());
}

double confidence_of(const Track& track) {
  const double seen = std::min(1.0, track.hits / 8.0);
  return std::clamp(0.3 + 0.4 * seen + 0.3 * track.score, 0.0, 1.0);
}

}  // namespace

CountingLine::CountingLine(LinePatch patch, cv::Mat visible,
                           std::unique_ptr<VehicleDetector> detector)
    : patch_(patch),
      visible_(std::move(visible)),
      detector_(std::move(detector)),
      tracker_(cv::Size(patch_.columns(), LinePatch::rows)) {}

std::vector<Crossing> CountingLine::see(Picture picture) {
  std::vector<Crossing> crossings;
  // A street that stands still is not a repeat: it must be looked at again, or time stops there.
  const bool recent = picture.time_s - newest_time_s_ < repeat_max_s;
  const bool repeated = !newest_grey_.empty() && recent && same_picture(picture.grey, newest_grey_);
  if (background_.started()) {
    if (occupied_) occupied_s_ += std::max(0.0, picture.time_s - accounted_until_s_);
    accounted_until_s_ = picture.time_s;
  }
  if (repeated && background_.started()) return crossings;
  if (!repeated) {
    newest_grey_ = picture.grey;
    newest_time_s_ = picture.time_s;
  }
  if (background_.started()) {
    advance(picture, crossings);
    return crossings;
  }
  const double begun_s = kept_back_.empty() ? picture.time_s : kept_back_.front().time_s;
  const bool long_enough = picture.time_s - begun_s >= starting_s;
  if (!repeated) kept_back_.push_back(std::move(picture));
  if (kept_back_.size() >= starting_pictures || long_enough) start(crossings);
  return crossings;
}

std::vector<Crossing> CountingLine::finish() {
  std::vector<Crossing> crossings;
  if (!background_.started() && !kept_back_.empty()) start(crossings);
  for (Track& track : tracker_.tracks())
    if (track.past_line) decide(track, last_, crossings);
  return crossings;
}

void CountingLine::start(std::vector<Crossing>& crossings) {
  std::vector<cv::Mat> pictures;
  pictures.reserve(kept_back_.size());
  for (const Picture& picture : kept_back_) pictures.push_back(picture.grey);
  background_.start(pictures);
  accounted_until_s_ = kept_back_.front().time_s;
  for (const Picture& picture : kept_back_) {
    if (occupied_) occupied_s_ += picture.time_s - accounted_until_s_;
    accounted_until_s_ = picture.time_s;
    advance(picture, crossings);
  }
  kept_back_.clear();
}

void CountingLine::advance(const Picture& picture, std::vector<Crossing>& crossings) {
  const cv::Mat covered = cover();
  const cv::Mat grey = steadied(picture.grey, background_.grey(), covered);
  std::vector<std::pair<double, cv::Mat>> earlier;
  earlier.reserve(different_.size());
  for (const auto& [time_s, seen] : different_) earlier.emplace_back(picture.time_s - time_s, seen);
  const double step_s = different_.empty() ? 0.0 : picture.time_s - different_.back().first;

  const PatchView view{grey, background_.grey(), visible_, &earlier};
  const std::vector<Sight> sights = detector_->find(view);
  cv::Mat difference;
  cv::absdiff(grey, background_.grey(), difference);
  cv::Mat foreground;
  cv::integral(difference > foreground_grey, foreground, CV_32S);
  const cv::Rect whole(0, 0, grey.cols, grey.rows);
  const auto share = [&](const cv::Rect2d& box) {
    const cv::Rect inside = cv::Rect(box) & whole;
    if (inside.empty()) return 0.0;
    const int sum = foreground.at<int>(inside.br().y, inside.br().x) -
                    foreground.at<int>(inside.y, inside.br().x) -
                    foreground.at<int>(inside.br().y, inside.x) +
                    foreground.at<int>(inside.y, inside.x);
    return sum / 255.0 / inside.area();
  };
  tracker_.step(sights, step_s, share);
  last_ = {picture.frame, picture.time_s, grey};
  judge(last_, crossings);
  background_.learn(grey, cover(), step_s);

  different_.emplace_back(picture.time_s, grey);
  while (different_.size() > remembered_pictures ||
         different_.front().first < picture.time_s - remembered_s)
    different_.pop_front();
}

void CountingLine::judge(const Picture& now, std::vector<Crossing>& crossings) {
  occupied_ = false;
  for (Track& track : tracker_.tracks()) {
    const bool seen_now = track.unseen_s == 0;
    if (seen_now && track.centre().y > LinePatch::line_row) track.past_line = true;
    if (track.box.y <= LinePatch::line_row && track.bottom() >= LinePatch::line_row)
      occupied_ = true;
    // While it coasts nobody knows where its rear is: it may have braked.
    const bool rear_left = track.box.y > LinePatch::line_row && seen_now;
    if (track.past_line && rear_left) decide(track, now, crossings);
  }
  for (Track track : tracker_.lost())
    if (track.past_line) decide(track, now, crossings);
}

void CountingLine::decide(Track& track, const Picture& now, std::vector<Crossing>& crossings) {
  if (track.decided || track.counted) return;
  track.decided = true;
  const bool begun_before = track.first_centre.y < LinePatch::line_row;
  const bool travelled = track.travelled_px > travelled_share_min * track.box.height;
  const bool like_road = track.covered < covered_min;
  if (track.hits < hits_min || !begun_before || !travelled || like_road) return;
  if (doubles_another(track)) return;
  track.counted = true;
  Crossing crossing;
  crossing.frame = now.frame;
  crossing.time_s = now.time_s;
  crossing.box = track.box;
  crossing.velocity_px_per_s = track.velocity_px_per_s;
  crossing.confidence = confidence_of(track);
  crossings.push_back(crossing);
}

bool CountingLine::doubles_another(const Track& track) const {
  return std::ranges::any_of(tracker_.tracks(), [&](const Track& other) {
    if (other.id == track.id || !other.counted || other.hits < hits_min) return false;
    const cv::Point2d apart = other.centre() - track.centre();
    return std::abs(apart.x) < double_distance * std::max(other.box.width, track.box.width) &&
           std::abs(apart.y) < double_distance * std::max(other.box.height, track.box.height);
  });
}

cv::Mat CountingLine::cover() const {
  cv::Mat covered = cv::Mat::zeros(visible_.size(), CV_8UC1);
  const cv::Rect whole(0, 0, covered.cols, covered.rows);
  for (const Track& track : tracker_.tracks()) {
    const cv::Rect box = cv::Rect(track.box) & whole;
    const bool moved = track.travelled_px > travelled_share_min * track.box.height;
    const auto kind = moved ? Background::Cover::standing : Background::Cover::moving;
    if (!box.empty()) covered(box).setTo(static_cast<int>(kind));
  }
  return covered;
}

}  // namespace chorraha::vision
