#include "apps/count/truth_file.hpp"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace chorraha::count {
namespace {

using nlohmann::json;

Result<std::vector<Span>> spans_of(const json& line, const char* key, const std::string& place) {
  std::vector<Span> spans;
  const auto found = line.find(key);
  if (found == line.end()) return spans;
  const std::string thing = place + "." + key;
  const char* allowed = "a list of [first, last] frame numbers, first <= last";
  if (!found->is_array()) return Fault{Reason::bad_input, thing, found->dump(), allowed};
  for (const json& pair : *found) {
    const bool numbers = pair.is_array() && pair.size() == 2 && pair[0].is_number_integer() &&
                         pair[1].is_number_integer();
    if (!numbers) return Fault{Reason::bad_input, thing, pair.dump(), allowed};
    const Span span{pair[0].get<std::int64_t>(), pair[1].get<std::int64_t>()};
    if (span.first > span.last) return Fault{Reason::bad_input, thing, pair.dump(), allowed};
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

Result<std::map<std::string, LineTruth>> read_truth_text(const std::string& text,
                                                         const std::string& file) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return Fault{Reason::bad_input, file, "not JSON", "a truth file"};
  const auto lines = document.is_object() ? document.find("lines") : document.end();
  if (!document.is_object() || lines == document.end() || !lines->is_array())
    return Fault{Reason::bad_input, file, "no list of lines", "an object with \"lines\": [...]"};

  std::map<std::string, LineTruth> truth;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    const json& line = (*lines)[i];
    const std::string place = file + " lines[" + std::to_string(i) + "]";
    const auto name = line.is_object() ? line.find("name") : line.end();
    if (!line.is_object() || name == line.end() || !name->is_string())
      return Fault{Reason::bad_input, place, "no name", "an object with a name"};
    auto required = spans_of(line, "crossings", place);
    if (!required) return required.error();
    auto optional = spans_of(line, "optional", place);
    if (!optional) return optional.error();
    truth[name->get<std::string>()] = {std::move(*required), std::move(*optional)};
  }
  return truth;
}

Result<std::map<std::string, LineTruth>> read_truth(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fault{Reason::bad_input, path, "cannot be opened", "a truth file"};
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_truth_text(text, path);
}

}  // namespace chorraha::count
