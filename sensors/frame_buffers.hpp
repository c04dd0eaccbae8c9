#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace chorraha {

/// The memory of frames of one source. A buffer goes back when the last copy of its frame dies, on
/// whatever thread that happens; the pool may die before its buffers.
/// Bound:   keeps at most 8 idle buffers; more are freed.
/// Threads: any.
class FrameBuffers {
 public:
  using Bytes = std::vector<std::uint8_t>;

  FrameBuffers();

  /// A buffer of `size` bytes with unspecified content.
  [[nodiscard]] std::shared_ptr<Bytes> take(std::size_t size);

 private:
  struct Idle;
  std::shared_ptr<Idle> idle_;
};

}  // namespace chorraha
