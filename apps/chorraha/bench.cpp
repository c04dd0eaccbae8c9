#include "apps/chorraha/bench.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "apps/chorraha/bench_figure.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/output.hpp"

namespace chorraha {
namespace {

using nlohmann::ordered_json;

struct Subject {
  std::string_view name;
  Result<BenchFigures> (*measure)(const StopAsked& stop);
};

constexpr Subject subjects[] = {{"simulation", bench_simulation},
                                {"counting", bench_counting},
                                {"optimiser", bench_optimiser},
                                {"messaging", bench_messaging}};

int complain(const Fault& fault) {
  std::fprintf(stderr, "chorraha: %s\n", fault.text().c_str());
  return exit_code_of(fault.reason);
}

bool is_wanted(const BenchOptions& options, std::string_view subject) {
  return options.subjects.empty() ||
         std::ranges::find(options.subjects, subject) != options.subjects.end();
}

void show_progress(const BenchOptions& options, std::string_view subject) {
  if (options.quiet || ::isatty(STDERR_FILENO) == 0) return;
  std::fputs(subject.empty() ? fmt::format("\r{:40}\r", "").c_str()
                             : fmt::format("\rmeasuring {:30}", subject).c_str(),
             stderr);
}

/// Five digits are more than any spread allows.
double rounded(double value) {
  if (value == 0) return 0;
  const double digits = 4 - std::floor(std::log10(std::abs(value)));
  const double scale = std::pow(10.0, std::abs(digits));
  return digits < 0 ? std::round(value / scale) * scale : std::round(value * scale) / scale;
}

void print_table(const BenchFigures& figures) {
  std::string text = fmt::format("{:<24}{:>12}{:>12}{:>12}{:>9}  {}\n", "benchmark", "min",
                                 "median", "max", "repeats", "unit");
  for (const BenchFigure& figure : figures) {
    text += fmt::format("{:<24}{:>12.5g}{:>12.5g}{:>12.5g}{:>9}  {}\n", figure.name,
                        rounded(figure.min()), rounded(figure.median()), rounded(figure.max()),
                        figure.samples.size(), figure.unit);
  }
  std::fputs(text.c_str(), stdout);
}

Done write_json(const BenchFigures& figures, const std::string& file) {
  ordered_json json{{"benchmarks", ordered_json::array()}};
  for (const BenchFigure& figure : figures) {
    json["benchmarks"].push_back({{"name", figure.name},
                                  {"unit", figure.unit},
                                  {"min", rounded(figure.min())},
                                  {"median", rounded(figure.median())},
                                  {"max", rounded(figure.max())},
                                  {"repeats", figure.samples.size()}});
  }
  return write_output(file, json.dump() + "\n");
}

}  // namespace

Fault bench_stopped() {
  return Fault{Reason::refused, "benchmark", "a signal to stop", "none"};
}

double BenchFigure::min() const {
  return *std::ranges::min_element(samples);
}

double BenchFigure::max() const {
  return *std::ranges::max_element(samples);
}

double BenchFigure::median() const {
  std::vector<double> sorted = samples;
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

int run_bench(const BenchOptions& options) {
  BenchFigures figures;
  for (const Subject& subject : subjects) {
    if (!is_wanted(options, subject.name)) continue;
    show_progress(options, subject.name);
    Result<BenchFigures> measured =
        subject.measure([&options] { return options.stop_signal() != 0; });
    show_progress(options, {});
    if (options.stop_signal() != 0) break;
    if (!measured) return complain(measured.error());
    std::ranges::move(*measured, std::back_inserter(figures));
  }
  if (options.json_file != "-") print_table(figures);
  if (!options.json_file.empty()) {
    if (const Done written = write_json(figures, options.json_file); !written)
      return complain(written.error());
  }
  const int signal = options.stop_signal();
  return signal == 0 ? exit_ok : exit_code_of_signal(signal);
}

}  // namespace chorraha
