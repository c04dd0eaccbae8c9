#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <opencv2/core.hpp>

#include "vision/detector.hpp"

namespace chorraha::vision {

/// One vehicle followed through a patch; patch pixels and seconds.
struct Track {
  std::uint64_t id = 0;
  cv::Rect2d box;
  cv::Rect2d seen_box;  // when last seen
  cv::Point2d velocity_px_per_s;
  cv::Point2d first_centre;
  double largest_area_px = 0;  // of its sights
  double travelled_px = 0;     // down
  double unseen_s = 0;         // since the last sight
  double covered = 0;          // share of the box that differed from the road, of late
  double score = 0;            // mean of its sights
  int hits = 0;
  bool standing = false;
  bool past_line = false;  // its centre was seen past it
  bool decided = false;    // its crossing has been judged
  bool counted = false;    // it was reported, or a piece of it was

  [[nodiscard]] cv::Point2d centre() const { return (box.tl() + box.br()) * 0.5; }
  [[nodiscard]] double bottom() const { return box.y + box.height; }
};

/// Follows sights from picture to picture: alpha-beta filter on the box, greedy assignment by
/// overlap (patches hold few vehicles and boxes seldom compete).
/// - A sight that covers several tracks is shared among them (they drive on side by side), unless
///   together they are no larger than one of them was: then they were pieces, and one lives on.
/// - A sight inside a track's box is a piece of it, not a new vehicle.
/// - A track without a sight coasts 0.5 s; one that was slow is held as long as its pixels differ
///   from the road (`covered`), however long the red.
/// Threads: one owner at a time.
class Tracker {
 public:
  /// Share of a box that differs from the empty road, 0 to 1.
  using Covered = std::function<double(const cv::Rect2d&)>;

  explicit Tracker(cv::Size patch) : patch_(patch) {}

  /// `tracks()` after it: those alive; `lost()`: those that ended with this step.
  void step(const std::vector<Sight>& sights, double step_s, const Covered& covered);

  [[nodiscard]] std::vector<Track>& tracks() { return tracks_; }
  [[nodiscard]] const std::vector<Track>& tracks() const { return tracks_; }
  [[nodiscard]] const std::vector<Track>& lost() const { return lost_; }

 private:
  void predict(double step_s);
  void assign(const std::vector<Sight>& sights, const Covered& covered);
  // Tracks, by place, that a sight may belong to; `best` is tracks_.size() for none.
  struct Claims {
    std::vector<std::size_t> members;  // that it covers, not yet hit
    std::size_t best = 0;              // of those not yet hit
    bool piece_of_one = false;         // lies inside one that was hit
  };
  [[nodiscard]] Claims claims_on(const Sight& sight) const;
  void share(const Sight& sight, const std::vector<std::size_t>& members, const Covered& covered);
  static void update(Track& track, const Sight& sight, const Covered& covered);
  void begin(const Sight& sight, const Covered& covered);
  [[nodiscard]] static bool has_stopped(Track& track, const Covered& covered);
  void retire(const Covered& covered);

  cv::Size patch_;
  std::vector<Track> tracks_;
  std::vector<Track> lost_;
  std::vector<bool> hit_;  // by place in tracks_, of this step
  std::uint64_t next_id_ = 1;
};

}  // namespace chorraha::vision
