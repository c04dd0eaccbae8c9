#pragma once

#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/video/tracking.hpp>

#include "vision/detector.hpp"

namespace chorraha::vision {

/// Takes for a vehicle what moves as one piece down the patch.
/// The cue is motion energy: how much better the picture is explained by an earlier one that moved
/// along (dense optical flow, Kroeger et al. 2016, "Fast Optical Flow using Dense Inverse Search")
/// than by one that stood still, in grey levels, averaged over 7 px. Shadows, beams and
/// compression residue explain little; what stands has none and is held by the tracker.
/// Flow is taken at a quarter of the size: twice as cheap as at half, and no worse.
/// Blobs are cut where the energy falls under 0.3 of the strongest nearby.
class MotionDetector final : public VehicleDetector {
 public:
  MotionDetector();

  [[nodiscard]] std::vector<Sight> find(const PatchView& view) override;

  /// Of the last view, CV_32FC1 in grey levels: for looking at.
  [[nodiscard]] const cv::Mat& energy() const { return energy_; }

 private:
  void add_energy(const PatchView& view, double age_s, const cv::Mat& earlier);

  // Blobs of `mask` as sights; one that fills too little of its box for one vehicle is cut where
  // its energy is weakest: side by side, or a vehicle and its hard shadow.
  void cut_blobs(const cv::Mat& mask, double level, std::vector<Sight>& sights) const;

  cv::Ptr<cv::DISOpticalFlow> flow_;
  cv::Mat energy_;    // best of all ages
  cv::Mat against_;   // the same of motion that is not down the patch
  cv::Mat velocity_;  // CV_32FC2, px/s, of that best
};

}  // namespace chorraha::vision
