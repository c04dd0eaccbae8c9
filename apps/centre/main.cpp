#include <cstdio>
#include <exception>
#include <variant>

#include "apps/centre/centre.hpp"
#include "apps/centre/options.hpp"

int main(int argc, char** argv) {
  const auto options = chorraha::parse_centre_options(argc, argv);
  if (const int* exit_code = std::get_if<int>(&options)) return *exit_code;
  try {
    return chorraha::run_centre(std::get<chorraha::CentreOptions>(options));
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "chorraha-centre: %s\n", fault.what());
    return 4;
  }
}
