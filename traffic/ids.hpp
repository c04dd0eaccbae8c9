#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace chorraha {

/// The name of a thing as its source wrote it: unchanged, unique in the city, stored and sent.
/// An Id is not an index: it never addresses memory.
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Id& id) { return out << id.text_; }

 private:
  std::string text_;
};

/// A dense place in a vector, given at load; never stored, never sent. Without a value: none().
template <class Tag>
class Index {
 public:
  constexpr Index() = default;
  constexpr explicit Index(std::size_t value) : value_(static_cast<std::uint32_t>(value)) {}

  [[nodiscard]] static constexpr Index none() { return Index{}; }
  [[nodiscard]] constexpr bool valid() const { return value_ != nothing; }
  [[nodiscard]] constexpr std::size_t value() const { return value_; }

  friend constexpr bool operator==(const Index&, const Index&) = default;
  friend constexpr auto operator<=>(const Index&, const Index&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Index& index) {
    return index.valid() ? out << index.value_ : out << "none";
  }

 private:
  static constexpr std::uint32_t nothing = 0xffffffffU;
  std::uint32_t value_ = nothing;
};

using IntersectionId = Id<struct IntersectionTag>;
using LinkId = Id<struct LinkTag>;
using LaneId = Id<struct LaneTag>;
using MovementId = Id<struct MovementTag>;
using CrossingId = Id<struct CrossingTag>;
using DetectorId = Id<struct DetectorTag>;
using CameraId = Id<struct CameraTag>;
using GroupId = Id<struct GroupTag>;          // signal group, unique within its intersection
using StageId = Id<struct StageTag>;          // unique within its intersection
using TimetableId = Id<struct TimetableTag>;  // unique within its intersection
using VehicleId = Id<struct VehicleTag>;

using IntersectionIndex = Index<struct IntersectionTag>;
using LinkIndex = Index<struct LinkTag>;
using LaneIndex = Index<struct LaneTag>;
using MovementIndex = Index<struct MovementTag>;
using CrossingIndex = Index<struct CrossingTag>;
using DetectorIndex = Index<struct DetectorTag>;
using GroupIndex = Index<struct GroupTag>;          // within its intersection
using StageIndex = Index<struct StageTag>;          // within its intersection
using TimetableIndex = Index<struct TimetableTag>;  // within its intersection

/// Random number of one start of one process; a plan names it, so that no plan outlives a restart.
enum class BootId : std::uint64_t {};

}  // namespace chorraha

template <class Tag>
struct std::hash<chorraha::Id<Tag>> {
  std::size_t operator()(const chorraha::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};

template <class Tag>
struct std::hash<chorraha::Index<Tag>> {
  std::size_t operator()(const chorraha::Index<Tag>& index) const noexcept {
    return std::hash<std::size_t>{}(index.value());
  }
};
