#include "apps/keys/device_keys.hpp"

namespace chorraha {

std::vector<std::string> device_key_names(std::span<const IntersectionId> controllers,
                                          std::span<const CameraId> cameras) {
  std::vector<std::string> names{key_name(DeviceRole::centre), key_name(DeviceRole::street)};
  for (const IntersectionId& id : controllers)
    names.push_back(key_name(DeviceRole::controller, id.text()));
  for (const CameraId& id : cameras) names.push_back(key_name(DeviceRole::camera, id.text()));
  return names;
}

Result<MadeKeys> make_device_keys(const std::filesystem::path& folder,
                                  std::span<const std::string> names) {
  const KeyStore store(folder);
  MadeKeys keys;
  for (const std::string& name : names) {
    const Result<bool> made = store.make(name);
    if (!made) return made.error();
    (*made ? keys.made : keys.kept).push_back(name);
  }
  return keys;
}

Result<std::vector<KeyEntry>> list_device_keys(const std::filesystem::path& folder) {
  return KeyStore(folder).list();
}

}  // namespace chorraha
