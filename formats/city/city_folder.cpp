#include "formats/city/city_folder.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "formats/city/camera_file.hpp"
#include "formats/city/city_check.hpp"
#include "formats/city/city_lists.hpp"
#include "formats/city/document.hpp"
#include "formats/city/intersection_file.hpp"
#include "formats/city/network_file.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

// The files of `folder` with this ending, sorted; none if there is no such folder.
std::vector<fs::path> files_of(const fs::path& folder, const char* ending) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// A file that may be absent: then `otherwise`.
template <class T, class Read>
Result<T> read_if_there(const fs::path& path, Read read) {
  std::error_code error;
  if (!fs::exists(path, error)) return T{};
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  return read(*text, path.string());
}

Done read_intersections(City& into, const fs::path& folder) {
  std::set<fs::path> expected;
  for (const Junction& junction : into.network.junctions()) {
    const fs::path path = folder / (file_stem(junction.id.text()) + ".toml");
    expected.insert(path);
    Result<IntersectionConfig> config = read_intersection(path);
    if (!config) return config.error();
    if (config->id() != junction.id) {
      return Fault{Reason::bad_input, path.string() + " id", '"' + config->id().text() + '"',
                   '"' + junction.id.text() + "\", as the file is named"};
    }
    if (const Done done = city::check_against_network(*config, into.network, path); !done)
      return done;
    into.hashes.push_back(hash_of(*config));
    into.intersections.push_back(*std::move(config));
  }
  for (const fs::path& path : files_of(folder, ".toml")) {
    if (!expected.contains(path)) {
      return Fault{Reason::bad_input, path.string(), "no such intersection in network.json",
                   "a file for each intersection and no other"};
    }
  }
  return {};
}

Done read_cameras(City& into, const fs::path& folder) {
  for (const fs::path& path : files_of(folder, ".json")) {
    Result<CameraConfig> camera = read_camera(path);
    if (!camera) return camera.error();
    if (file_stem(camera->id.text()) != path.stem().string()) {
      return Fault{Reason::bad_input, path.string() + " id", '"' + camera->id.text() + '"',
                   "the name of its file"};
    }
    if (const Done done = city::check_against_network(*camera, into.network, path); !done)
      return done;
    into.cameras.push_back(*std::move(camera));
  }
  return {};
}

Done read_people_files(City& into, const fs::path& folder) {
  auto assets = read_if_there<std::vector<Asset>>(
      folder / "assets.toml", [&](const auto& text, const auto& file) {
        return city::read_assets(text, file, into.network);
      });
  if (!assets) return assets.error();
  auto groups = read_if_there<std::vector<Group>>(
      folder / "groups.toml", [&](const auto& text, const auto& file) {
        return city::read_groups(text, file, into.network);
      });
  if (!groups) return groups.error();
  auto corrections = read_if_there<std::vector<Correction>>(
      folder / "corrections.toml",
      [](const auto& text, const auto& file) { return city::read_corrections(text, file); });
  if (!corrections) return corrections.error();
  into.assets = *std::move(assets);
  into.groups = *std::move(groups);
  into.corrections = *std::move(corrections);
  return {};
}

Result<City> read_streets(const fs::path& folder) {
  const fs::path title_path = folder / "city.toml";
  const Result<std::string> title_file = city::read_text(title_path);
  if (!title_file) return title_file.error();
  Result<city::Title> title = city::read_title(*title_file, title_path.string());
  if (!title) return title.error();

  const fs::path network_path = folder / "network.json";
  const Result<std::string> network_file = city::read_text(network_path);
  if (!network_file) return network_file.error();
  Result<StreetMap> map = read_network_text(*network_file, network_path.string());
  if (!map) return map.error();

  City city(std::move(map->network));
  city.name = std::move(title->name);
  city.languages = std::move(title->languages);
  city.origin = title->origin;
  city.zone = std::move(title->zone);
  city.date = title->date;
  city.link_classes = std::move(map->link_classes);
  city.background = std::move(map->background);
  return city;
}

Done write_all(const fs::path& folder, const char* ending,
               const std::vector<std::pair<std::string, std::string>>& id_and_text) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Fault{Reason::cannot_run, folder.string(), error.message(), "a writable folder"};
  std::set<fs::path> kept;
  for (const auto& [id, text] : id_and_text) {
    const fs::path path = folder / (file_stem(id) + ending);
    if (const Done done = city::write_text(path, text); !done) return done;
    kept.insert(path);
  }
  for (const fs::path& path : files_of(folder, ending)) {
    if (!kept.contains(path)) fs::remove(path, error);
  }
  return {};
}

Done write_lists(const City& city, const fs::path& folder) {
  const std::vector<std::pair<const char*, std::string>> files{
      {"city.toml",
       city::title_text({city.name, city.languages, city.origin, city.zone, city.date})},
      {"network.json", network_text(city.network, city.link_classes, city.background)},
      {"demand.json", demand_text(city.demand, city.network)},
      {"assets.toml", city::assets_text(city.assets)},
      {"groups.toml", city::groups_text(city.groups)}};
  for (const auto& [name, text] : files) {
    if (const Done done = city::write_text(folder / name, text); !done) return done;
  }
  if (city.corrections.empty()) return {};
  return city::write_text(folder / "corrections.toml", city::corrections_text(city.corrections));
}

}  // namespace

std::string file_stem(std::string_view id) {
  std::string stem;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || (c == '.' && !stem.empty());
    if (plain) {
      stem += c;
    } else {
      stem += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return stem;
}

Result<City> read_city(const fs::path& folder) {
  Result<City> city = read_streets(folder);
  if (!city) return city.error();
  const fs::path demand_path = folder / "demand.json";
  const Result<std::string> demand_file = city::read_text(demand_path);
  if (!demand_file) return demand_file.error();
  Result<Demand> demand = read_demand_text(*demand_file, demand_path.string(), city->network);
  if (!demand) return demand.error();
  city->demand = *std::move(demand);
  if (const Done done = read_intersections(*city, folder / "intersections"); !done)
    return done.error();
  if (const Done done = read_cameras(*city, folder / "cameras"); !done) return done.error();
  if (const Done done = read_people_files(*city, folder); !done) return done.error();
  return city;
}

Done write_city(const City& city, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Fault{Reason::cannot_run, folder.string(), error.message(), "a writable folder"};
  if (const Done done = write_lists(city, folder); !done) return done;
  std::vector<std::pair<std::string, std::string>> intersections, cameras;
  for (const IntersectionConfig& config : city.intersections)
    intersections.emplace_back(config.id().text(), intersection_text(config));
  for (const CameraConfig& camera : city.cameras)
    cameras.emplace_back(camera.id.text(), camera_text(camera));
  if (const Done done = write_all(folder / "intersections", ".toml", intersections); !done)
    return done;
  return write_all(folder / "cameras", ".json", cameras);
}

}  // namespace chorraha
