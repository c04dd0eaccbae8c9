#include "apps/keys/device_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

TEST(DeviceKeys, are_made_for_all_devices_once) {
  const test::ScratchFolder folder;
  const std::vector<IntersectionId> controllers{IntersectionId{"A1"}, IntersectionId{"B/2"}};
  const std::vector<CameraId> cameras{CameraId{"K"}};
  const std::vector<std::string> names = device_key_names(controllers, cameras);

  const MadeKeys first = make_device_keys(folder.path() / "keys", names).value();
  const MadeKeys second = make_device_keys(folder.path() / "keys", names).value();

  EXPECT_THAT(first.made, testing::ElementsAre("centre", "street", "controller-A1",
                                               "controller-B%2F2", "camera-K"));
  EXPECT_TRUE(second.made.empty());
  EXPECT_EQ(second.kept, first.made);
  EXPECT_EQ(list_device_keys(folder.path() / "keys")->size(), names.size());
}

}  // namespace
}  // namespace chorraha
