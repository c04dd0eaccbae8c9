#include "apps/monitor/monitor_files.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "formats/city/city_folder.hpp"
#include "formats/city/intersection_file.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

constexpr std::array rules{Trip::Rule::conflict,         Trip::Rule::red_fail,
                           Trip::Rule::dual_indication,  Trip::Rule::short_amber,
                           Trip::Rule::short_intergreen, Trip::Rule::silence,
                           Trip::Rule::config_mismatch,  Trip::Rule::mode};

Fault cannot_run(const fs::path& path, std::string seen, std::string allowed) {
  return {Reason::cannot_run, path.string(), std::move(seen), std::move(allowed)};
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

/// What was renamed in `folder` stays so after a power loss.
void keep(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

/// The old file or the new one, also after a power loss.
Done write_whole(const fs::path& path, std::string_view text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const fs::path fresh = path.string() + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = file >= 0 && write_all(file, text);
  if (file >= 0) ::close(file);
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0)
    return cannot_run(path, std::generic_category().message(errno), "a file that we may write");
  keep(path.parent_path());
  return {};
}

std::string group_name(const IntersectionConfig& config, GroupIndex group) {
  return group.valid() ? config.group(group).id.text() : "-";
}

/// One line a trip, tab-separated: rule, group, other group, milliseconds measured.
std::string latch_text(const IntersectionConfig& config, const std::vector<Trip>& trips) {
  std::string text;
  for (const Trip& trip : trips)
    text += fmt::format("{}\t{}\t{}\t{}\n", name_of(trip.rule), group_name(config, trip.group),
                        group_name(config, trip.other), trip.measured.count());
  return text;
}

Trip trip_of(const IntersectionConfig& config, const std::string& line) {
  std::istringstream in(line);
  std::array<std::string, 4> fields;
  for (std::string& field : fields) std::getline(in, field, '\t');
  Trip trip;
  trip.rule = Trip::Rule::mode;
  for (const Trip::Rule rule : rules)
    if (name_of(rule) == fields[0] && is_latched(rule)) trip.rule = rule;
  trip.group = config.find_group(GroupId{fields[1]});
  trip.other = config.find_group(GroupId{fields[2]});
  return trip;
}

}  // namespace

fs::path MonitorFiles::config_path(const IntersectionId& id) const {
  return folder_ / (file_stem(id.text()) + ".json");
}
fs::path MonitorFiles::latch_path(const IntersectionId& id) const {
  return folder_ / (file_stem(id.text()) + ".latch");
}

Result<MonitorFiles::Accepted> MonitorFiles::read(const IntersectionId& id) const {
  const fs::path path = config_path(id);
  std::error_code error;
  if (!fs::exists(path, error))
    return cannot_run(path, "nothing", "a configuration accepted by `chorraha-monitor accept DIR`");
  Result<IntersectionConfig> config = read_canonical(path);
  if (!config) return config.error();
  const ConfigHash hash = hash_of(*config);
  return Accepted{*std::move(config), hash};
}

Result<std::vector<MonitorFiles::Accepted>> MonitorFiles::read_all() const {
  std::error_code error;
  std::set<fs::path> paths;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error))
    if (file->path().extension() == ".json") paths.insert(file->path());
  if (paths.empty())
    return cannot_run(folder_, "no configuration",
                      "those accepted by `chorraha-monitor accept DIR`");
  std::vector<Accepted> all;
  for (const fs::path& path : paths) {
    Result<IntersectionConfig> config = read_canonical(path);
    if (!config) return config.error();
    const ConfigHash hash = hash_of(*config);
    all.push_back({*std::move(config), hash});
  }
  return all;
}

bool MonitorFiles::untouched() const {
  std::error_code error;
  if (!fs::exists(folder_, error)) return !error;
  fs::directory_iterator file(folder_, error);
  for (const fs::directory_iterator end; !error && file != end; file.increment(error))
    if (file->path().extension() != ".new") return false;
  return !error;
}

Done MonitorFiles::accept(const std::vector<IntersectionConfig>& configs) const {
  return untouched() ? accept_first(configs) : accept_again(configs);
}

Done MonitorFiles::accept_first(const std::vector<IntersectionConfig>& configs) const {
  const fs::path fresh = folder_.string() + ".new";
  std::error_code error;
  fs::remove_all(fresh, error);
  if (error) return cannot_run(fresh, error.message(), "a folder that we may remove");
  fs::create_directories(fresh, error);
  if (error) return cannot_run(fresh, error.message(), "a folder that we may make");
  for (const IntersectionConfig& config : configs) {
    const fs::path path = fresh / config_path(config.id()).filename();
    if (const Done done = write_whole(path, canonical_json(config)); !done) return done.error();
  }
  fs::remove_all(folder_, error);  // nothing but the beginning of a file
  if (!error) fs::rename(fresh, folder_, error);
  if (error) return cannot_run(folder_, error.message(), "a folder that we may write");
  keep(folder_.parent_path());
  return {};
}

Done MonitorFiles::accept_again(const std::vector<IntersectionConfig>& configs) const {
  std::set<fs::path> kept;
  for (const IntersectionConfig& config : configs) {
    const fs::path path = config_path(config.id());
    kept.insert(path);
    if (const Done done = write_whole(path, canonical_json(config)); !done) return done.error();
  }
  std::error_code error;
  std::set<fs::path> old;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end;
       file.increment(error))
    if (file->path().extension() == ".json" && !kept.contains(file->path()))
      old.insert(file->path());
  for (const fs::path& path : old) fs::remove(path, error);
  if (error) return cannot_run(folder_, error.message(), "a folder that we may write");
  return {};
}

Done MonitorFiles::check(const IntersectionId& id, const ConfigHash& hash,
                         const fs::path& city) const {
  const std::string help = fmt::format("what `chorraha-monitor accept {}` accepts", city.string());
  const Result<Accepted> accepted = read(id);
  if (!accepted && accepted.error().reason == Reason::cannot_run)
    return cannot_run(config_path(id), "nothing", help);
  if (!accepted) return accepted.error();
  if (accepted->hash != hash)
    return cannot_run(config_path(id),
                      fmt::format("a configuration with hash {:.12}, while the city's has {:.12}",
                                  accepted->hash.hex(), hash.hex()),
                      help);
  return {};
}

Done MonitorFiles::latch(const IntersectionConfig& config, const std::vector<Trip>& trips) const {
  return write_whole(latch_path(config.id()), latch_text(config, trips));
}

std::vector<Trip> MonitorFiles::latched(const IntersectionConfig& config) const {
  std::vector<Trip> trips;
  if (!is_latched(config.id())) return trips;
  std::ifstream in(latch_path(config.id()));
  for (std::string line; std::getline(in, line);) trips.push_back(trip_of(config, line));
  if (trips.empty()) trips.push_back(trip_of(config, ""));
  return trips;
}

bool MonitorFiles::is_latched(const IntersectionId& id) const {
  std::error_code error;
  return fs::exists(latch_path(id), error) || error;
}

Done MonitorFiles::reset(const IntersectionId& id) const {
  std::error_code error;
  if (fs::remove(latch_path(id), error)) return {};
  if (error) return cannot_run(latch_path(id), error.message(), "a file that we may remove");
  return Fault{Reason::bad_input, "intersection " + id.text(), "no latched fault",
               "one with " + latch_path(id).string()};
}

}  // namespace chorraha
