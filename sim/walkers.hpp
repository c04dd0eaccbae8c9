#pragma once

#include <cstdint>
#include <vector>

#include "sim/dice.hpp"
#include "sim/lamps.hpp"
#include "sim/poisson_stream.hpp"
#include "sim/street.hpp"
#include "traffic/demand.hpp"
#include "traffic/network.hpp"

namespace chorraha::sim {

/// A stretch of a crossing, in metres from its begin, where a vehicle's body stands.
struct Obstacle {
  std::uint32_t crossing = 0;
  double from_m = 0, to_m = 0;
};

/// Pedestrians: they come to a kerb, press the button unless walk is lit, start on walk, and walk
/// over at 1.2 m/s (RiLSA). Where nothing is signalled they start when no vehicle is about to come.
class Walkers {
 public:
  Walkers(const Network& network, const std::vector<PedestrianFlow>& flows, double scale);

  void start(const Dice& dice, double begin_s);

  /// One step from `now_s`; presses are appended to `pressed` (crossing, second).
  struct Press {
    std::uint32_t crossing = 0;
    double at_s = 0;
  };
  struct Step {
    double now_s = 0, length_s = 1;
    double end_s = 0;  // nobody comes from here on
  };
  /// `about_to_pass` by crossing: a vehicle is too near for somebody to step out in front of it.
  void advance(const Step& step, const Dice& dice, const Lamps& lamps,
               const std::vector<std::uint8_t>& about_to_pass,
               const std::vector<Obstacle>& obstacles);
  [[nodiscard]] const std::vector<Press>& pressed() const { return pressed_; }

  /// Somebody walks, or will within about two seconds, where `walkway` is.
  [[nodiscard]] bool blocks(const Walkway& walkway) const;
  [[nodiscard]] bool anybody_on(std::uint32_t crossing) const { return walking_[crossing] > 0; }

  [[nodiscard]] std::vector<PersonView> view() const;

 private:
  struct Person {
    std::uint64_t number = 0;
    double came_s = 0;
    double pressed_s = 0;
    double along_m = 0;  // from where this one starts
    bool forward = true;
    bool walking = false;
  };
  struct Place {
    CrossingIndex crossing;
    Polyline shape;
    double length_m = 0;
    std::vector<Person> people;
  };
  void arrive(const Step& step, const Dice& dice, const Lamps& lamps);
  void move(Place& place, double length_s, const std::vector<Obstacle>& obstacles);
  [[nodiscard]] static double from_begin_m(const Place& place, const Person& person) {
    return person.forward ? person.along_m : place.length_m - person.along_m;
  }

  std::vector<Place> places_;
  std::vector<PoissonStream> streams_;
  std::vector<std::uint32_t> stream_crossings_;
  std::vector<std::uint16_t> walking_;
  std::vector<Press> pressed_;
  std::uint64_t next_number_ = 1;
};

}  // namespace chorraha::sim
