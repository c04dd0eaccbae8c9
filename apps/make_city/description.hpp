#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "formats/city/city_folder.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::make_city {

/// A street to be drawn: a smooth curve through its points. Streets that cross make a junction; an
/// end that reaches less than 60 m over another street makes a T.
struct StreetDescription {
  std::string id;
  LinkClass link_class = LinkClass::minor;
  int lanes = 1;  // a direction, pockets apart
  double lane_width_m = 3.2;
  double median_m = 0;  // from 2.8 m on it holds the pockets of left turns
  double pocket_m = 0;  // length of a pocket
  double speed_mps = 13.89;
  std::map<std::string, std::string> names;        // by language
  std::map<std::string, std::string> short_names;  // as crossings are called by
  Polyline points;
  std::array<double, 2> inflow_veh_per_h{};  // into the city at the first and the last point
  double local_veh_per_h = 0;  // of those who live on it, per road between two crossroads
  double local_weight = 0;     // how much traffic ends there
  std::array<double, 2> outflow_weight{};  // how much of others' traffic leaves there
};

struct CanalDescription {
  std::string name;
  double width_m = 0;
  Polyline points;
};

struct ParkDescription {
  std::string name;
  Polyline points;  // smooth closed curve through them
};

/// One timetable of every junction: its share of the peak's traffic fixes the splits.
struct TimetableDescription {
  std::string id;
  double cycle_s = 0;
  double demand_share = 1;  // of the peak
  bool actuated = false;    // side stages may end early, left turns may be skipped
};

struct DayPlanDescription {
  std::string from;  // "06:30"
  std::string timetable;
};

/// Share of the peak's traffic from `begin` to `end`.
struct ProfileDescription {
  std::string begin, end;  // "07:00"; the end may be "24:00"
  double share = 0;
};

struct CameraDescription {
  std::string id;
  std::string street;        // whose traffic it sees
  std::string cross_street;  // where
  std::string towards;       // compass arm of the approach: "W"
  int width_px = 960;
  int height_px = 540;
  double focal_px = 760;
  double past_stop_line_m = 18;
  double height_m = 10;
  double pitch_deg = -16;
  double line_before_stop_line_m = 15;
  std::string source;
};

struct Description {
  std::string name;
  std::vector<std::string> languages;
  Origin origin;
  Zone zone;
  std::chrono::year_month_day date{};
  double degree_of_saturation = 0.85;  // of the most loaded junction in the peak
  double pedestrians_per_h = 100;      // in the peak, per crossing of an arterial
  std::vector<StreetDescription> streets;
  std::vector<CanalDescription> canals;
  std::vector<ParkDescription> parks;
  std::vector<TimetableDescription> timetables;
  std::vector<DayPlanDescription> day_plan;
  std::vector<ProfileDescription> profile;
  std::vector<CameraDescription> cameras;
};

/// Faults: bad_input with file, line, value seen and value allowed.
[[nodiscard]] Result<Description> read_description(const std::filesystem::path& path);

}  // namespace chorraha::make_city
