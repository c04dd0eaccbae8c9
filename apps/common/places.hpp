#pragma once

#include <filesystem>
#include <string>

namespace chorraha {

/// Where this program's siblings lie.
[[nodiscard]] std::filesystem::path program_folder();

/// The demo city: config/demo_city of the checkout that built this program, else the installed one.
[[nodiscard]] std::filesystem::path demo_city();

/// Where state lives when nobody says: var in the checkout, /var/lib/chorraha when installed.
[[nodiscard]] std::filesystem::path default_var();

}  // namespace chorraha
