#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "messaging/codec/message.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// One CURVE key pair; Z85 text of 40 characters each (RFC ZeroMQ 32).
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

/// The name of a device's key: "centre", "street", "controller-ID", "camera-ID". Characters of an
/// id that a file name may not hold stand as %XX.
[[nodiscard]] std::string key_name(DeviceRole role, std::string_view id = {});
/// The role that a key's name gives; nothing when it is none of these.
[[nodiscard]] std::optional<DeviceRole> role_of_key(std::string_view name);

/// Who may connect: public key -> name. Roles follow from the names.
class AllowList {
 public:
  void allow(std::string public_key, std::string name);
  /// nullptr when the key is not allowed.
  [[nodiscard]] const std::string* name_of(std::string_view public_key) const;
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  friend bool operator==(const AllowList&, const AllowList&) = default;

 private:
  std::unordered_map<std::string, std::string> names_;
};

/// What is known of one key without reading its secret.
struct KeyEntry {
  std::string name;
  DeviceRole role = DeviceRole::controller;
  std::string public_key;
  bool has_secret = false;
  bool revoked = false;
  unsigned mode = 0;  // of the secret's file, 0 without one
  friend bool operator==(const KeyEntry&, const KeyEntry&) = default;
};

/// The folder of keys, mode 0700: NAME.key the secret (mode 0600), NAME.pub the public key; each
/// one line of Z85. A peer is allowed while its NAME.pub lies there; NAME.pub.revoked is kept so
/// that making keys again does not bring it back. There is no default key, and nothing starts
/// without one. Faults: cannot_run, naming the path, what was seen and what is allowed.
class KeyStore {
 public:
  explicit KeyStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path secret_path(std::string_view name) const;
  [[nodiscard]] std::filesystem::path public_path(std::string_view name) const;

  /// A pair of our own. Refused: missing, readable by others, a link, malformed.
  [[nodiscard]] Result<KeyPair> load(std::string_view name) const;
  /// The public key of a peer.
  [[nodiscard]] Result<std::string> load_public(std::string_view name) const;
  /// Every NAME.pub with a known role.
  [[nodiscard]] Result<AllowList> allow_list() const;
  /// By name.
  [[nodiscard]] Result<std::vector<KeyEntry>> list() const;

  /// Makes a pair; true if there was none. Never overwrites, never brings back a revoked key.
  [[nodiscard]] Result<bool> make(std::string_view name) const;
  /// The peer is refused from the next reading of the allow-list on.
  [[nodiscard]] Done revoke(std::string_view name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace chorraha
