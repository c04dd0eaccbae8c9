#include "traffic/result.hpp"

#include <stdexcept>

namespace chorraha {

std::string Fault::text() const {
  std::string line = thing;
  if (!seen.empty()) line += ": saw " + seen;
  if (!allowed.empty()) line += (seen.empty() ? ": allowed " : ", allowed ") + allowed;
  return line;
}

void throw_exception_from_error(const Fault& fault, const boost::source_location& /*where*/) {
  throw std::runtime_error(fault.text());
}

}  // namespace chorraha
