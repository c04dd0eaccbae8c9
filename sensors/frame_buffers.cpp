#include "sensors/frame_buffers.hpp"

#include <mutex>
#include <utility>

namespace chorraha {
namespace {
constexpr std::size_t most_idle = 8;
}

struct FrameBuffers::Idle {
  std::mutex guards_buffers;
  std::vector<std::unique_ptr<Bytes>> buffers;
};

FrameBuffers::FrameBuffers() : idle_(std::make_shared<Idle>()) {}

std::shared_ptr<FrameBuffers::Bytes> FrameBuffers::take(std::size_t size) {
  std::unique_ptr<Bytes> buffer;
  {
    const std::scoped_lock lock(idle_->guards_buffers);
    if (!idle_->buffers.empty()) {
      buffer = std::move(idle_->buffers.back());
      idle_->buffers.pop_back();
    }
  }
  if (!buffer) buffer = std::make_unique<Bytes>();
  buffer->resize(size);

  const auto give_back = [idle = idle_](Bytes* bytes) {
    std::unique_ptr<Bytes> owned(bytes);
    const std::scoped_lock lock(idle->guards_buffers);
    if (idle->buffers.size() < most_idle) idle->buffers.push_back(std::move(owned));
  };
  return {buffer.release(), give_back};
}

}  // namespace chorraha
