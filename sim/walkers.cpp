#include "sim/walkers.hpp"

#include <algorithm>
#include <cmath>

namespace chorraha::sim {
namespace {

constexpr double walking_mps = 1.2;       // RiLSA 2015; docs/seams.md
constexpr double press_again_s = 20;      // somebody who still waits presses again
constexpr double beside_vehicle_m = 1.5;  // half a vehicle and some air
constexpr double ahead_s = 2.5;           // a driver yields to who will be in front of him

}  // namespace

Walkers::Walkers(const Network& network, const std::vector<PedestrianFlow>& flows, double scale) {
  for (std::size_t i = 0; i < network.crossings().size(); ++i) {
    const Crossing& crossing = network.crossings()[i];
    places_.push_back({CrossingIndex{i}, crossing.shape, length_m(crossing.shape), {}});
  }
  walking_.resize(places_.size());
  for (const PedestrianFlow& flow : flows) {
    stream_crossings_.push_back(static_cast<std::uint32_t>(flow.crossing.value()));
    streams_.emplace_back(flow.intervals, scale, Purpose::person_arrival, streams_.size());
  }
}

void Walkers::start(const Dice& dice, double begin_s) {
  for (PoissonStream& stream : streams_) stream.start(dice, begin_s);
}

void Walkers::arrive(const Step& step, const Dice& dice, const Lamps& lamps) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    PoissonStream& stream = streams_[i];
    while (stream.next_s() <= step.now_s + step.length_s && stream.next_s() < step.end_s) {
      Person person;
      person.number = next_number_++;
      person.came_s = stream.next_s();
      person.pressed_s = person.came_s;
      person.forward = dice.uniform(Purpose::person_side, person.number, 0) < 0.5;
      const std::uint32_t crossing = stream_crossings_[i];
      if (lamps.walk(crossing) != Walk::walk) pressed_.push_back({crossing, person.came_s});
      places_[crossing].people.push_back(person);
      stream.take(dice);
    }
  }
}

void Walkers::move(Place& place, double length_s, const std::vector<Obstacle>& obstacles) {
  for (Person& person : place.people) {
    if (!person.walking) continue;
    const double next_m = person.along_m + walking_mps * length_s;
    const double here_m = from_begin_m(place, person);
    const double there_m = person.forward ? next_m : place.length_m - next_m;
    const bool stopped = std::ranges::any_of(obstacles, [&](const Obstacle& obstacle) {
      const bool before = here_m < obstacle.from_m || here_m > obstacle.to_m;
      return obstacle.crossing == place.crossing.value() && before &&
             std::max(here_m, there_m) > obstacle.from_m &&
             std::min(here_m, there_m) < obstacle.to_m;
    });
    if (!stopped) person.along_m = next_m;
  }
  std::erase_if(place.people, [&](const Person& person) {
    return person.walking && person.along_m >= place.length_m;
  });
}

void Walkers::advance(const Step& step, const Dice& dice, const Lamps& lamps,
                      const std::vector<std::uint8_t>& about_to_pass,
                      const std::vector<Obstacle>& obstacles) {
  pressed_.clear();
  arrive(step, dice, lamps);
  for (std::size_t c = 0; c < places_.size(); ++c) {
    Place& place = places_[c];
    if (place.people.empty()) {
      walking_[c] = 0;
      continue;
    }
    const auto crossing = static_cast<std::uint32_t>(c);
    const Walk walk = lamps.walk(crossing);
    const bool go = walk == Walk::walk || (walk == Walk::unsignalled && about_to_pass[c] == 0);
    move(place, step.length_s, obstacles);
    walking_[c] = 0;
    for (Person& person : place.people) {
      if (!person.walking && go && person.came_s <= step.now_s) person.walking = true;
      if (person.walking) ++walking_[c];
      if (person.walking || walk != Walk::stand) continue;
      if (step.now_s - person.pressed_s < press_again_s) continue;
      person.pressed_s = step.now_s;
      pressed_.push_back({crossing, step.now_s});
    }
  }
}

bool Walkers::blocks(const Walkway& walkway) const {
  if (walking_[walkway.crossing] == 0) return false;
  const Place& place = places_[walkway.crossing];
  return std::ranges::any_of(place.people, [&](const Person& person) {
    if (!person.walking) return false;
    const double mine_m = person.forward ? walkway.walk_m : place.length_m - walkway.walk_m;
    const double to_go_m = mine_m - person.along_m;  // negative: has passed
    return to_go_m > -beside_vehicle_m && to_go_m < beside_vehicle_m + walking_mps * ahead_s;
  });
}

std::vector<PersonView> Walkers::view() const {
  std::vector<PersonView> all;
  for (const Place& place : places_) {
    for (const Person& person : place.people) {
      const Pose pose = pose_at(place.shape, from_begin_m(place, person));
      constexpr double half_turn_rad = 3.141592653589793;
      all.push_back({person.number, place.crossing, pose.at,
                     person.forward ? pose.heading_rad : pose.heading_rad + half_turn_rad,
                     person.walking});
    }
  }
  return all;
}

}  // namespace chorraha::sim
