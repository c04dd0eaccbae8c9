#include "traffic/expect.hpp"

#include <cstdio>
#include <cstdlib>

namespace chorraha {

void expectation_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "expected %s at %s:%d; stopping\n", condition, file, line);
  std::abort();
}

}  // namespace chorraha
