#include <exception>
#include <iostream>

#include "apps/camera/log.hpp"
#include "apps/camera/options.hpp"
#include "apps/camera/run_camera.hpp"

int main(int argc, char** argv) {
  using chorraha::camera::CameraOptions;
  constexpr int exit_cannot_run = 4;
  try {
    const auto parsed = chorraha::camera::parse_options(argc, argv);
    if (const int* exit = std::get_if<int>(&parsed)) return *exit;
    const auto log = chorraha::camera::open_log();
    return chorraha::camera::run_camera(std::get<CameraOptions>(parsed), *log, {});
  } catch (const std::exception& trouble) {
    std::cerr << "chorraha-camera: " << trouble.what() << "\n";
    return exit_cannot_run;
  }
}
