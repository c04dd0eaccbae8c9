#include "apps/chorraha/keys.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/common/places.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

int complain(const Fault& fault) {
  std::fprintf(stderr, "chorraha: %s\n", fault.text().c_str());
  return fault.reason == Reason::bad_input ? 3 : 4;
}

std::vector<std::string> names_of(const City& city) {
  std::vector<std::string> names{key_name(DeviceRole::centre), key_name(DeviceRole::street)};
  for (const IntersectionConfig& config : city.intersections)
    names.push_back(key_name(DeviceRole::controller, config.id().text()));
  for (const CameraConfig& camera : city.cameras)
    names.push_back(key_name(DeviceRole::camera, camera.id.text()));
  return names;
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
  const std::string text = json.dump() + "\n";
  if (options.json_file == "-") {
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  std::ofstream out(options.json_file);
  out << text;
  if (!out.flush())
    return complain(
        Fault{Reason::cannot_run, options.json_file, "not written", "a file that can be written"});
  return 0;
}

}  // namespace

int run_keys(const KeysOptions& asked) {
  KeysOptions options = asked;
  if (options.city.empty()) options.city = demo_city().string();
  if (options.var.empty()) options.var = default_var().string();
  const KeyStore store(fs::path(options.var) / "keys");
  std::vector<std::string> made;
  if (options.make) {
    const Result<City> city = read_city(options.city);
    if (!city) return complain(city.error());
    for (const std::string& name : names_of(*city)) {
      const Result<bool> one = store.make(name);
      if (!one) return complain(one.error());
      if (*one) made.push_back(name);
    }
  }
  const Result<std::vector<KeyEntry>> keys = store.list();
  if (!keys) return complain(keys.error());
  return print_keys(options, *keys, made);
}

}  // namespace chorraha
