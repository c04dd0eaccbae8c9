#pragma once

namespace chorraha {

/// From here on the first SIGINT or SIGTERM is a wish that `stop_signal` tells; the second ends the
/// process at once. For programs that work through something and have no event loop.
/// Threads: call it before there are others.
void watch_stop_signals();

/// The signal that asked to stop; 0: none has. Any thread.
[[nodiscard]] int stop_signal();

}  // namespace chorraha
