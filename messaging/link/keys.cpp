#include "messaging/link/keys.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

namespace chorraha {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_characters = 40;  // Z85 of 32 bytes
constexpr std::array<std::pair<std::string_view, DeviceRole>, 2> exact_names{
    {{"centre", DeviceRole::centre}, {"street", DeviceRole::street}}};
constexpr std::array<std::pair<std::string_view, DeviceRole>, 2> prefixes{
    {{"controller-", DeviceRole::controller}, {"camera-", DeviceRole::camera}}};
constexpr std::size_t name_bytes_max = 200;
constexpr mode_t for_others = 077;

Fault cannot_run(const fs::path& path, std::string seen, std::string allowed) {
  return {Reason::cannot_run, "key file " + path.string(), std::move(seen), std::move(allowed)};
}
Fault errno_fault(const fs::path& path, std::string allowed) {
  const int error = errno;
  return cannot_run(path, error == ENOENT ? "nothing" : std::generic_category().message(error),
                    std::move(allowed));
}

/// An open file that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File(File&&) = delete;
  File& operator=(File&&) = delete;
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  [[nodiscard]] int number() const { return descriptor_; }

 private:
  int descriptor_;
};

bool is_z85(std::string_view text) {
  constexpr std::string_view alphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

/// The one line of a key file.
Result<std::string> key_line(const fs::path& path, const File& file) {
  constexpr std::string_view allowed = "one line of 40 characters Z85";
  std::array<char, key_characters + 8> buffer{};
  const ssize_t read = ::read(file.number(), buffer.data(), buffer.size());
  if (read < 0) return errno_fault(path, std::string(allowed));
  std::string_view text(buffer.data(), static_cast<std::size_t>(read));
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() != key_characters || !is_z85(text))
    return cannot_run(path, fmt::format("{} bytes that are no key", read), std::string(allowed));
  return std::string(text);
}

Done write_new(const fs::path& path, std::string_view key, mode_t mode) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  const std::string line = std::string(key) + "\n";
  if (!file.open() || ::fchmod(file.number(), mode) != 0 ||
      ::write(file.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      ::fsync(file.number()) != 0)
    return errno_fault(path, "a new file on a disk with room");
  return {};
}

Result<std::string> public_of(const fs::path& path, const std::string& secret) {
  std::array<char, key_characters + 1> text{};
  if (zmq_curve_public(text.data(), secret.c_str()) != 0)
    return cannot_run(path, "no CURVE secret", "a key of `chorraha keys make`");
  return std::string(text.data());
}

Done make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return cannot_run(folder, error.message(), "a folder that we may make");
  return {};
}

}  // namespace

std::string key_name(DeviceRole role, std::string_view id) {
  std::string name{name_of(role)};
  if (id.empty()) return name;
  name += '-';
  for (const char c : id) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("._-#:+").find(c) != std::string_view::npos;
    name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return name;
}

std::optional<DeviceRole> role_of_key(std::string_view name) {
  if (name.size() > name_bytes_max || name.find('/') != std::string_view::npos) return {};
  for (const auto& [text, role] : exact_names)
    if (name == text) return role;
  for (const auto& [text, role] : prefixes)
    if (name.starts_with(text) && name.size() > text.size()) return role;
  return {};
}

void AllowList::allow(std::string public_key, std::string name) {
  names_.insert_or_assign(std::move(public_key), std::move(name));
}

const std::string* AllowList::name_of(std::string_view public_key) const {
  const auto found = names_.find(std::string(public_key));
  return found == names_.end() ? nullptr : &found->second;
}

std::filesystem::path KeyStore::secret_path(std::string_view name) const {
  return folder_ / (std::string(name) + ".key");
}
std::filesystem::path KeyStore::public_path(std::string_view name) const {
  return folder_ / (std::string(name) + ".pub");
}

Result<KeyPair> KeyStore::load(std::string_view name) const {
  const fs::path path = secret_path(name);
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return errno_fault(path, "a key made by `chorraha keys make`");
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return errno_fault(path, "a readable file");
  if (!S_ISREG(status.st_mode)) return cannot_run(path, "no plain file", "a plain file");
  if ((status.st_mode & for_others) != 0)
    return cannot_run(path, fmt::format("mode {:04o}", status.st_mode & 07777U),
                      "mode 0600: readable by its owner alone");
  Result<std::string> secret = key_line(path, file);
  if (!secret) return secret.error();
  Result<std::string> known = public_of(path, *secret);
  if (!known) return known.error();
  return KeyPair{*std::move(known), *std::move(secret)};
}

Result<std::string> KeyStore::load_public(std::string_view name) const {
  const fs::path path = public_path(name);
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return errno_fault(path, "a public key made by `chorraha keys make`");
  return key_line(path, file);
}

Result<std::vector<KeyEntry>> KeyStore::list() const {
  constexpr std::array<std::string_view, 3> endings{".key", ".pub", ".pub.revoked"};
  std::error_code error;
  std::map<std::string, KeyEntry> entries;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error)) {
    const std::string text = file->path().filename().string();
    const auto ending =
        std::ranges::find_if(endings, [&](std::string_view e) { return text.ends_with(e); });
    if (ending == endings.end()) continue;
    const std::string name = text.substr(0, text.size() - ending->size());
    const auto role = role_of_key(name);
    if (!role) continue;
    KeyEntry& entry = entries[name];
    entry.name = name;
    entry.role = *role;
    if (*ending == ".key") {
      std::error_code unreadable;
      entry.has_secret = true;
      entry.mode = static_cast<unsigned>(file->status(unreadable).permissions());
      continue;
    }
    entry.revoked = *ending == ".pub.revoked";
    const File key(::open(file->path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!key.open()) return errno_fault(file->path(), "a readable file");
    Result<std::string> line = key_line(file->path(), key);
    if (!line) return line.error();
    entry.public_key = *std::move(line);
  }
  if (error) return cannot_run(folder_, error.message(), "the folder of keys");
  std::vector<KeyEntry> all;
  all.reserve(entries.size());
  for (auto& [name, entry] : entries) all.push_back(std::move(entry));
  return all;
}

Result<AllowList> KeyStore::allow_list() const {
  Result<std::vector<KeyEntry>> entries = list();
  if (!entries) return entries.error();
  AllowList allowed;
  for (const KeyEntry& entry : *entries)
    if (!entry.revoked && !entry.public_key.empty()) allowed.allow(entry.public_key, entry.name);
  return allowed;
}

Result<bool> KeyStore::make(std::string_view name) const {
  if (!role_of_key(name))
    return Fault{Reason::bad_input, "key name", std::string(name),
                 "centre, street, controller-ID or camera-ID, at most 200 bytes"};
  if (const Done done = make_folder(folder_); !done) return done.error();
  std::error_code error;
  const fs::path known = public_path(name);
  const bool revoked = fs::exists(known.string() + ".revoked", error);
  if (fs::exists(secret_path(name), error)) {
    const Result<KeyPair> pair = load(name);
    if (!pair) return pair.error();
    if (revoked || fs::exists(known, error)) return false;
    if (const Done done = write_new(known, pair->public_key, 0644); !done) return done.error();
    return false;  // the secret was there: a start that was cut short is completed
  }
  if (revoked || fs::exists(known, error)) return false;  // a peer's key, made elsewhere
  std::array<char, key_characters + 1> public_key{};
  std::array<char, key_characters + 1> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
    return errno_fault(secret_path(name), "libzmq with CURVE");
  if (const Done done = write_new(secret_path(name), secret_key.data(), 0600); !done)
    return done.error();
  if (const Done done = write_new(known, public_key.data(), 0644); !done) return done.error();
  return true;
}

Done KeyStore::revoke(std::string_view name) const {
  const fs::path known = public_path(name);
  std::error_code error;
  fs::rename(known, known.string() + ".revoked", error);
  if (error) return cannot_run(known, error.message(), "a key that is allowed now");
  return {};
}

}  // namespace chorraha
