#include "formats/sumo/sumo_config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "formats/sumo/xml_file.hpp"

namespace chorraha::sumo {
namespace {

// SUMO knows each option by several names, in any section of the file.
pugi::xml_node option(const pugi::xml_node& root, std::initializer_list<std::string_view> names) {
  return root.find_node([names](const pugi::xml_node& node) {
    return node.attribute("value") && std::ranges::find(names, node.name()) != names.end();
  });
}

Result<std::vector<std::filesystem::path>> named_files(const XmlFile& xml,
                                                       const pugi::xml_node& node,
                                                       const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  const std::string value = node.attribute("value").value();
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find_first_of(", \n\t", begin), value.size());
    const std::string name = value.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty()) continue;
    files.push_back(folder / name);
    std::error_code error;
    if (!std::filesystem::is_regular_file(files.back(), error)) {
      return Fault{Reason::bad_input, fmt::format("{} <{}>", xml.place(node), node.name()), name,
                   "a file that exists: " + files.back().string()};
    }
  }
  return files;
}

Result<double> time_option(const XmlFile& xml, const pugi::xml_node& node) {
  const Result<double> time_s = seconds_in(node.attribute("value").value());
  if (!time_s) return xml.fault(node, "value", time_s.error().allowed);
  return *time_s;
}

Done read_times(const XmlFile& xml, SumoConfig& config) {
  if (const pugi::xml_node node = option(xml.root(), {"begin", "b"})) {
    const Result<double> begin_s = time_option(xml, node);
    if (!begin_s) return begin_s.error();
    config.begin_s = *begin_s;
  }
  if (const pugi::xml_node node = option(xml.root(), {"end", "e"})) {
    const Result<double> end_s = time_option(xml, node);
    if (!end_s) return end_s.error();
    if (*end_s >= 0) config.end_s = *end_s;  // SUMO: -1 means none
    if (*end_s >= 0 && *end_s <= config.begin_s)
      return xml.fault(node, "value", fmt::format("after the begin, {} s", config.begin_s));
  }
  if (const pugi::xml_node node = option(xml.root(), {"step-length"})) {
    const Result<double> step_s = time_option(xml, node);
    if (!step_s) return step_s.error();
    if (*step_s < 0.1 || *step_s > 1) return xml.fault(node, "value", "0.1 to 1 s");
    config.step_length = Milliseconds{std::llround(*step_s * 1000)};
    if (config.step_length.count() % 100 != 0)
      return xml.fault(node, "value", "a multiple of 0.1 s, the grain of the lamps");
  }
  return {};
}

}  // namespace

Result<SumoConfig> read_sumo_config(const std::filesystem::path& file) {
  const Result<XmlFile> xml = XmlFile::load(file);
  if (!xml) return xml.error();
  SumoConfig config;
  config.file = file;
  const std::filesystem::path folder = file.parent_path();

  const pugi::xml_node net = option(xml->root(), {"net-file", "net", "n"});
  if (!net) {
    return Fault{Reason::bad_input, xml->place(xml->root()) + " <net-file>", "nothing",
                 "the network: <input><net-file value=\"…\"/></input>"};
  }
  Result<std::vector<std::filesystem::path>> nets = named_files(*xml, net, folder);
  if (!nets) return nets.error();
  if (nets->size() != 1) return xml->fault(net, "value", "one file");
  config.network = nets->front();

  if (const pugi::xml_node node = option(xml->root(), {"route-files", "r"})) {
    auto routes = named_files(*xml, node, folder);
    if (!routes) return routes.error();
    config.routes = std::move(*routes);
  }
  if (const pugi::xml_node node = option(xml->root(), {"additional-files", "additional", "a"})) {
    auto additional = named_files(*xml, node, folder);
    if (!additional) return additional.error();
    config.additional = std::move(*additional);
  }
  if (const Done done = read_times(*xml, config); !done) return done.error();
  return config;
}

}  // namespace chorraha::sumo
