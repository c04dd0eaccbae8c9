#pragma once

#include <vector>

#include <opencv2/core.hpp>

#include "traffic/camera.hpp"
#include "vision/pipeline.hpp"

namespace chorraha::count {

/// Draws lines with their counts and the outlines of the vehicles followed into a bgr24 picture.
void draw_overlay(cv::Mat& picture, const std::vector<CountingLine>& lines,
                  const std::vector<LineFigures>& figures,
                  const std::vector<VehicleOutline>& outlines);

}  // namespace chorraha::count
