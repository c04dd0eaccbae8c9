#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/result.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// A set of signal groups of one intersection, at most `capacity` of them.
class GroupSet {
 public:
  static constexpr std::size_t capacity = 64;

  constexpr GroupSet() = default;
  [[nodiscard]] static constexpr GroupSet first(std::size_t count) {
    GroupSet set;
    set.bits_ = count >= capacity ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    return set;
  }

  constexpr void insert(GroupIndex group) { bits_ |= bit(group); }
  constexpr void erase(GroupIndex group) { bits_ &= ~bit(group); }
  [[nodiscard]] constexpr bool contains(GroupIndex group) const {
    return (bits_ & bit(group)) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::size_t size() const {
    return static_cast<std::size_t>(std::popcount(bits_));
  }
  [[nodiscard]] constexpr bool intersects(GroupSet other) const {
    return (bits_ & other.bits_) != 0;
  }

  friend constexpr GroupSet operator|(GroupSet a, GroupSet b) {
    return GroupSet(a.bits_ | b.bits_);
  }
  friend constexpr GroupSet operator&(GroupSet a, GroupSet b) {
    return GroupSet(a.bits_ & b.bits_);
  }
  /// Those of `a` that are not in `b`.
  friend constexpr GroupSet operator-(GroupSet a, GroupSet b) {
    return GroupSet(a.bits_ & ~b.bits_);
  }
  friend constexpr bool operator==(GroupSet, GroupSet) = default;

  class Iterator {
   public:
    constexpr explicit Iterator(std::uint64_t rest) : rest_(rest) {}
    constexpr GroupIndex operator*() const {
      return GroupIndex{static_cast<std::size_t>(std::countr_zero(rest_))};
    }
    constexpr Iterator& operator++() {
      rest_ &= rest_ - 1;
      return *this;
    }
    friend constexpr bool operator==(Iterator, Iterator) = default;

   private:
    std::uint64_t rest_;
  };
  [[nodiscard]] constexpr Iterator begin() const { return Iterator(bits_); }
  [[nodiscard]] constexpr Iterator end() const { return Iterator(0); }

 private:
  constexpr explicit GroupSet(std::uint64_t bits) : bits_(bits) {}
  [[nodiscard]] static constexpr std::uint64_t bit(GroupIndex group) {
    return std::uint64_t{1} << group.value();
  }

  std::uint64_t bits_ = 0;
};

enum class GroupType : std::uint8_t { vehicle, arrow, pedestrian, cycle, tram };
[[nodiscard]] std::string_view name_of(GroupType type);
[[nodiscard]] std::optional<GroupType> group_type_named(std::string_view name);

/// One set of lamps that always show the same; the primitive of control (SAFETY.md F).
struct SignalGroup {
  GroupId id;
  GroupType type = GroupType::vehicle;
  LensSet lenses = lens_red | lens_amber | lens_green;
  Ticks red_amber{0};        // start aspect, A4
  Ticks flashing_green{0};   // first end aspect, part of green, A5; the flashing green man too
  Ticks amber{30};           // second end aspect, A1
  Ticks min_green{50};       // flashing green included, A11; walk included for pedestrians, A13
  Ticks max_green{1200};     // from the first serviceable conflicting call, A12
  Ticks min_red{20};         // end(x) to the next red+amber, A20
  bool turn_on_red = false;  // SUMO letter `s` in place of `r`; nothing to the kernel
  std::vector<MovementId>
      movements;  // of vehicles; a movement may have a second, same_stream group
  std::vector<CrossingId> crossings;  // of pedestrians

  friend bool operator==(const SignalGroup&, const SignalGroup&) = default;
};

/// How group a stands to group b (SAFETY.md F). `yields`: a must give way to b, both may be lit.
/// `yielded_to` is the same pair seen from b. `same_stream`: permissive and protected of one
/// movement.
enum class Relation : std::uint8_t { compatible, conflict, yields, yielded_to, same_stream };
[[nodiscard]] std::string_view name_of(Relation relation);
[[nodiscard]] std::optional<Relation> relation_named(std::string_view name);

/// A set of groups that are lit together.
struct Stage {
  StageId id;
  GroupSet green;
  friend bool operator==(const Stage&, const Stage&) = default;
};

/// One stage of a timetable. Times are places in the cycle, in (0, cycle]: when its greens end (the
/// interstage to the next stage begins). Equal bounds = fixed; between them actuation decides.
struct TimetableStep {
  StageIndex stage;
  Ticks end_earliest{0};
  Ticks end_latest{0};
  bool skippable = false;
  friend bool operator==(const TimetableStep&, const TimetableStep&) = default;
};

/// A fixed-time program: cycle zero by SAFETY.md D ("Cycle zero"): place = (UTC + offset) mod
/// cycle.
struct Timetable {
  TimetableId id;
  Ticks cycle{0};
  Ticks offset{0};
  std::vector<TimetableStep> steps;  // ends ascending; the last may end at `cycle` at most
  friend bool operator==(const Timetable&, const Timetable&) = default;
};

/// From this second after local midnight on, until the next entry, these weekdays (bit 0 = Monday).
struct DayPlanEntry {
  std::chrono::seconds from{0};
  std::uint8_t weekdays = 0x7f;
  TimetableIndex timetable;
  friend bool operator==(const DayPlanEntry&, const DayPlanEntry&) = default;
};

/// A detector as the controller uses it.
struct DetectorUse {
  enum class Input : std::uint8_t {
    driver,
    camera
  };  // loops by the lamp driver; camera by PUB/SUB
  enum class Role : std::uint8_t { call_and_extend, count_only, button };
  DetectorId id;
  Input input = Input::driver;
  Role role = Role::call_and_extend;
  GroupSet calls;  // groups for which an occupied detector is a call
  friend bool operator==(const DetectorUse&, const DetectorUse&) = default;
};

enum class Profile : std::uint8_t { gost, europe, nema, research };
[[nodiscard]] std::string_view name_of(Profile profile);
[[nodiscard]] std::optional<Profile> profile_named(std::string_view name);

struct StartUp {
  Ticks flash{50};    // SAFETY.md C2 interval 1
  Ticks amber{30};    // interval 2; at most 4 s by B
  Ticks all_red{30};  // interval 3; at least the largest intergreen
  friend bool operator==(const StartUp&, const StartUp&) = default;
};

/// Everything a controller and its monitor must know of one intersection; checked once, then
/// frozen. Who builds one: `formats` from a file, generators, tests. `make` refuses what SAFETY.md
/// A, C and F forbid: times and lenses outside the table of README.md ("Limits"), which names the
/// rule of each; asymmetric relations; a stage whose groups conflict or are same_stream; an
/// intergreen between groups that are compatible. What takes the network to know, a walk's
/// clearance (A14), is checked where `formats/city` reads a city.
struct IntersectionParts {
  IntersectionId id;
  Profile profile = Profile::gost;
  Milliseconds silence_max{1000};  // B10, B15: 300 in a cabinet, 1000 in the demo
  StartUp start_up;
  std::vector<SignalGroup> groups;               // at most GroupSet::capacity
  std::vector<std::vector<Relation>> relations;  // [a][b], square; [a][a] = compatible
  std::vector<std::vector<Ticks>> intergreen;    // [a][b]: end of green of a -> start of green of b
  std::vector<Stage> stages;
  std::vector<Timetable> timetables;
  std::vector<DayPlanEntry> day_plan;
  std::vector<DetectorUse> detectors;
  friend bool operator==(const IntersectionParts&, const IntersectionParts&) = default;
};

class IntersectionConfig {
 public:
  [[nodiscard]] static Result<IntersectionConfig> make(IntersectionParts parts);

  [[nodiscard]] const IntersectionId& id() const { return parts_.id; }
  [[nodiscard]] Profile profile() const { return parts_.profile; }
  [[nodiscard]] Milliseconds silence_max() const { return parts_.silence_max; }
  [[nodiscard]] const StartUp& start_up() const { return parts_.start_up; }
  [[nodiscard]] const std::vector<SignalGroup>& groups() const { return parts_.groups; }
  [[nodiscard]] const std::vector<Stage>& stages() const { return parts_.stages; }
  [[nodiscard]] const std::vector<Timetable>& timetables() const { return parts_.timetables; }
  [[nodiscard]] const std::vector<DayPlanEntry>& day_plan() const { return parts_.day_plan; }
  [[nodiscard]] const std::vector<DetectorUse>& detectors() const { return parts_.detectors; }
  [[nodiscard]] const IntersectionParts& parts() const { return parts_; }

  [[nodiscard]] const SignalGroup& group(GroupIndex g) const { return parts_.groups[g.value()]; }
  [[nodiscard]] const Stage& stage(StageIndex s) const { return parts_.stages[s.value()]; }
  [[nodiscard]] Relation relation(GroupIndex a, GroupIndex b) const {
    return parts_.relations[a.value()][b.value()];
  }
  [[nodiscard]] Ticks intergreen(GroupIndex a, GroupIndex b) const {
    return parts_.intergreen[a.value()][b.value()];
  }
  [[nodiscard]] Ticks intergreen_max() const { return intergreen_max_; }

  [[nodiscard]] GroupSet all_groups() const { return GroupSet::first(parts_.groups.size()); }
  [[nodiscard]] GroupSet conflicts(GroupIndex g) const {
    return conflicts_[g.value()];
  }  // relation conflict
  [[nodiscard]] GroupSet yields_to(GroupIndex g) const {
    return yields_to_[g.value()];
  }  // g gives way to them
  [[nodiscard]] GroupSet same_stream(GroupIndex g) const { return same_stream_[g.value()]; }
  [[nodiscard]] GroupSet pedestrians() const { return pedestrians_; }

  [[nodiscard]] GroupIndex find_group(const GroupId& id) const;  // none() if absent
  [[nodiscard]] StageIndex find_stage(const StageId& id) const;  // none() if absent
  [[nodiscard]] TimetableIndex timetable_at(std::chrono::seconds since_local_midnight,
                                            int weekday) const;

 private:
  explicit IntersectionConfig(IntersectionParts parts);

  IntersectionParts parts_;
  Ticks intergreen_max_{0};
  std::vector<GroupSet> conflicts_, yields_to_, same_stream_;
  GroupSet pedestrians_;
};

/// BLAKE2b-256 over the canonical JSON of a configuration, made by `formats/city` (docs/seams.md).
struct ConfigHash {
  std::array<std::uint8_t, 32> bytes{};
  [[nodiscard]] std::string hex() const;
  friend bool operator==(const ConfigHash&, const ConfigHash&) = default;
};

}  // namespace chorraha
