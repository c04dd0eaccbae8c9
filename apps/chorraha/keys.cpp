#include "apps/chorraha/keys.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/common/places.hpp"
#include "apps/keys/device_keys.hpp"
#include "apps/process/output.hpp"
#include "formats/city/city_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

int complain(const Fault& fault) {
  std::fprintf(stderr, "chorraha: %s\n", fault.text().c_str());
  return fault.reason == Reason::bad_input ? 3 : 4;
}

std::vector<std::string> names_of(const City& city) {
  std::vector<IntersectionId> controllers;
  controllers.reserve(city.intersections.size());
  for (const IntersectionConfig& config : city.intersections) controllers.push_back(config.id());
  std::vector<CameraId> cameras;
  cameras.reserve(city.cameras.size());
  for (const CameraConfig& camera : city.cameras) cameras.push_back(camera.id);
  return device_key_names(controllers, cameras);
}

int print_keys(const KeysOptions& options, const std::vector<KeyEntry>& keys,
               const std::vector<std::string>& made) {
  ordered_json json{{"folder", (fs::path(options.var) / "keys").string()},
                    {"made", made},
                    {"keys", ordered_json::array()}};
  for (const KeyEntry& key : keys) {
    json["keys"].push_back({{"name", key.name},
                            {"role", name_of(key.role)},
                            {"public_key", key.public_key},
                            {"secret", key.has_secret},
                            {"revoked", key.revoked},
                            {"mode", fmt::format("{:04o}", key.mode)}});
    if (options.json_file == "-") continue;
    std::printf("%-24s %-10s %s %s\n", key.name.c_str(), std::string(name_of(key.role)).c_str(),
                key.public_key.c_str(),
                key.revoked ? "revoked" : (key.has_secret ? "secret here" : "public only"));
  }
  if (options.json_file.empty()) return 0;
  const Done written = write_output(options.json_file, json.dump() + "\n");
  return written ? 0 : complain(written.error());
}

}  // namespace

int run_keys(const KeysOptions& asked) {
  KeysOptions options = asked;
  if (options.city.empty()) options.city = demo_city().string();
  if (options.var.empty()) options.var = default_var().string();
  const fs::path folder = fs::path(options.var) / "keys";
  MadeKeys made;
  if (options.make) {
    const Result<City> city = read_city(options.city);
    if (!city) return complain(city.error());
    Result<MadeKeys> keys = make_device_keys(folder, names_of(*city));
    if (!keys) return complain(keys.error());
    made = *std::move(keys);
  }
  const Result<std::vector<KeyEntry>> keys = list_device_keys(folder);
  if (!keys) return complain(keys.error());
  return print_keys(options, *keys, made.made);
}

}  // namespace chorraha
