#include <opencv2/core/utility.hpp>

#include "apps/chorraha/bench_figure.hpp"

namespace chorraha {

void use_one_picture_thread() {
  cv::setNumThreads(1);
}

}  // namespace chorraha
