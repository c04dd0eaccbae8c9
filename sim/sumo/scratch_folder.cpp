#include "sim/sumo/scratch_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <pugixml.hpp>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace chorraha::sumo {
namespace {

constexpr std::string_view prefix = "chorraha-sumo-";  // then PID-XXXXXX

// Whose folder it is by its name; nothing if it is none of ours.
std::optional<pid_t> process_in(std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  const std::string_view number = name.substr(0, name.find('-'));
  pid_t pid = 0;
  const std::span<const char> letters(number);
  const auto [end, error] = std::from_chars(letters.data(), letters.data() + letters.size(), pid);
  const bool is_whole = error == std::errc{} && end == letters.data() + letters.size();
  if (!is_whole || pid <= 0 || number.size() == name.size()) return std::nullopt;
  return pid;
}

bool is_gone(pid_t process) {
  return kill(process, 0) != 0 && errno == ESRCH;
}

bool is_folder_of_ours(const std::filesystem::path& path) {
  struct stat about{};
  return lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid();
}

// A process that is killed takes nothing with it. What cannot be read or removed stays.
void remove_left_behind(const std::filesystem::path& temporary) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(temporary, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::optional<pid_t> process = process_in(entry->path().filename().string());
    if (!process || !is_gone(*process) || !is_folder_of_ours(entry->path())) continue;
    std::error_code ignored;
    std::filesystem::remove_all(entry->path(), ignored);
  }
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make() {
  const std::filesystem::path temporary = std::filesystem::temp_directory_path();
  remove_left_behind(temporary);
  std::string name = (temporary / fmt::format("{}{}-XXXXXX", prefix, getpid())).string();
  if (mkdtemp(name.data()) == nullptr) {
    return Fault{Reason::cannot_run, name, std::generic_category().message(errno),
                 "permission and space for it"};
  }
  return ScratchFolder(name);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), mirrored_(std::move(other.mirrored_)) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(mirrored_, other.mirrored_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::filesystem::path> ScratchFolder::mirror(const std::filesystem::path& file,
                                                    std::span<const std::string> written) {
  std::error_code error;
  const std::filesystem::path folder =
      std::filesystem::absolute(file, error).lexically_normal().parent_path();
  const auto known = std::ranges::find(mirrored_, folder);
  const std::filesystem::path place = path_ / fmt::format("input{}", known - mirrored_.begin());
  if (known != mirrored_.end()) return place / file.filename();

  std::filesystem::create_directory(place, error);
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::filesystem::path name = entry->path().filename();
    if (std::ranges::find(written, name.string()) != written.end()) continue;
    std::filesystem::create_symlink(entry->path(), place / name, error);
  }
  if (error)
    return Fault{Reason::cannot_run, folder.string(), error.message(),
                 "a folder that can be linked to"};
  mirrored_.push_back(folder);
  return place / file.filename();
}

std::vector<std::string> outputs_named_in(const std::filesystem::path& file) {
  std::vector<std::string> names;
  pugi::xml_document document;
  if (!document.load_file(file.c_str())) return names;
  const auto add = [&names](const char* value) {
    std::string name = std::filesystem::path(value).filename().string();
    if (!name.empty()) names.push_back(std::move(name));
  };
  for (const char* section : {"output", "report"}) {
    for (const pugi::xml_node& option : document.document_element().child(section))
      add(option.attribute("value").value());
  }
  for (const pugi::xml_node& node : document.document_element().children()) {
    if (std::string_view(node.name()) == "rerouter") continue;  // its file is an input
    for (const char* key : {"file", "dest", "output"}) add(node.attribute(key).value());
  }
  return names;
}

}  // namespace chorraha::sumo
