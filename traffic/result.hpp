#pragma once

#include <string>
#include <utility>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

namespace chorraha {

/// What sort of trouble the world made; decides the exit code of a program (docs/cli.md).
enum class Reason {
  bad_input,      // a file, message or value is wrong: exit 3
  not_possible,   // no feasible answer exists (a plan, a route)
  cannot_run,     // port taken, program or key missing, not permitted: exit 4
  lost,           // a peer, camera or stream went away
  refused,        // the other side said no
  not_built_yet,  // usage: exit 2
};

/// One failure of the world: the thing, the value seen and the value allowed.
struct Fault {
  Reason reason = Reason::bad_input;
  std::string thing;    // "intersections/A1.toml:12 groups[2].amber_s"
  std::string seen;     // "2.5"; empty when there is none
  std::string allowed;  // "at least 3.0"; empty when there is none

  /// One line for people: "THING: saw SEEN, allowed ALLOWED".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Fault&, const Fault&) = default;
};

/// Thrown by Result::value() when there is none: caught once, in main.
[[noreturn]] void throw_exception_from_error(const Fault& fault,
                                             const boost::source_location& where);

/// A value, or the Fault that says why there is none.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Fault> {
 public:
  using boost::system::result<T, Fault>::result;
};

using Done = Result<void>;

}  // namespace chorraha
