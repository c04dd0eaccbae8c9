#pragma once

namespace chorraha {

/// Says on standard error what was expected where, and stops the process (abort).
[[noreturn]] void expectation_failed(const char* condition, const char* file, int line);

}  // namespace chorraha

/// We are wrong if this does not hold: on in release too. The lamp driver flashes by itself when
/// the process that stopped was a controller (SAFETY.md B15).
#define CHORRAHA_EXPECT(condition) \
  ((condition) ? void(0) : ::chorraha::expectation_failed(#condition, __FILE__, __LINE__))
