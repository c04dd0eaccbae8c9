// chorraha-make-city DESCRIPTION.toml OUT_DIR [--svg FILE]: draws an invented city.
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "apps/make_city/description.hpp"
#include "apps/make_city/make_city.hpp"
#include "formats/city/city_folder.hpp"

namespace {

using chorraha::Fault;
using chorraha::Reason;

constexpr int exit_usage = 2;
constexpr int exit_bad_input = 3;
constexpr int exit_cannot_run = 4;

constexpr const char* usage =
    "chorraha-make-city DESCRIPTION.toml OUT_DIR [--svg FILE]\n"
    "Draws the city that DESCRIPTION.toml describes into the city folder OUT_DIR; the same\n"
    "description gives the same bytes. --svg FILE: a picture from above as well.\n"
    "Example: chorraha-make-city config/demo_city.toml config/demo_city\n";

struct Options {
  std::string description, folder;
  std::optional<std::string> svg;
};

std::optional<Options> options_of(int count, char** words) {
  Options options;
  int places = 0;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--svg" && i + 1 < count) {
      options.svg = words[++i];
    } else if (word.starts_with("-") || places == 2) {
      return std::nullopt;
    } else {
      (places++ == 0 ? options.description : options.folder) = word;
    }
  }
  if (places != 2) return std::nullopt;
  return options;
}

int say(const Fault& fault) {
  fmt::print(stderr, "{}\n", fault.text());
  return fault.reason == Reason::cannot_run ? exit_cannot_run : exit_bad_input;
}

int run(const Options& options) {
  const auto description = chorraha::make_city::read_description(options.description);
  if (!description) return say(description.error());
  const auto made = chorraha::make_city::make_city(*description);
  if (!made) return say(made.error());
  if (const auto done = chorraha::write_city(made->city, options.folder); !done)
    return say(done.error());
  if (options.svg) {
    std::ofstream out(*options.svg, std::ios::binary);
    out << chorraha::make_city::svg_of(made->city);
    out.close();
    if (!out) return say({Reason::cannot_run, *options.svg, "not written", "a writable file"});
  }
  fmt::print("{:<5} {:>8} {:>6} {:>6}  {}\n", "id", "veh/h", "v/c", "stages", "name");
  for (const auto& load : made->loads) {
    fmt::print("{:<5} {:>8.0f} {:>6.2f} {:>6}  {}\n", load.id, load.entering_veh_per_h,
               load.degree_of_saturation, load.stages, load.name);
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count == 2 && std::string_view(words[1]) == "--help") {
      fmt::print("{}", usage);
      return 0;
    }
    const std::optional<Options> options = options_of(count, words);
    if (options) return run(*options);
    fmt::print(stderr, "{}", usage);
    return exit_usage;
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    std::fputc('\n', stderr);
    return exit_cannot_run;
  }
}
