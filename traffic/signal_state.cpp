#include "traffic/signal_state.hpp"

namespace chorraha {

LensSet lenses_of(Aspect aspect, bool lit_half) {
  switch (aspect) {
    case Aspect::dark:
      return lens_none;
    case Aspect::red:
      return lens_red;
    case Aspect::red_amber:
      return lens_red | lens_amber;
    case Aspect::green:
      return lens_green;
    case Aspect::flashing_green:
      return lit_half ? lens_green : lens_none;
    case Aspect::amber:
      return lens_amber;
    case Aspect::flashing_amber:
      return lit_half ? lens_amber : lens_none;
  }
  return lens_none;
}

}  // namespace chorraha
