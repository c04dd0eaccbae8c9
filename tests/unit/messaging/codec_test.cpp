#include "messaging/codec/codec.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "chorraha.pb.h"
#include "tests/unit/messaging/random_nouns.hpp"

namespace chorraha {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t seed = 20240101;
constexpr std::size_t kinds = std::variant_size_v<Message>;

Bytes bytes_of(const wire::Envelope& envelope) {
  Bytes bytes(envelope.ByteSizeLong());
  envelope.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

/// A valid message, spoiled on the wire.
Fault fault_after(const Message& message, const std::function<void(wire::Envelope&)>& spoil) {
  const Bytes good = encode(message);
  wire::Envelope envelope;
  EXPECT_TRUE(envelope.ParseFromArray(good.data(), static_cast<int>(good.size())));
  EXPECT_TRUE(decode(good));
  spoil(envelope);
  const Result<Message> read = decode(bytes_of(envelope));
  if (read) {
    ADD_FAILURE() << "accepted a spoiled " << kind_of(*read);
    return {};
  }
  EXPECT_EQ(read.error().reason, Reason::bad_input);
  return read.error();
}

Fault missing(const std::string& field) {
  return {Reason::bad_input, field, "nothing", "a value"};
}

TEST(Codec, gives_back_every_noun_that_it_was_given) {
  RecordProperty("seed", std::to_string(seed));
  test::RandomNouns nouns(seed);
  for (std::size_t i = 0; i < 40 * kinds; ++i) {
    const Message message = nouns.message(i % kinds);

    const Result<Message> read = decode(encode(message));

    ASSERT_TRUE(read) << "seed " << seed << " case " << i << ": " << read.error().text();
    ASSERT_EQ(*read, message) << "seed " << seed << " case " << i << " " << kind_of(message);
  }
}

TEST(Codec, gives_back_every_plan_and_refuses_what_is_none) {
  test::RandomNouns nouns(seed);
  const HorizonPlan plan = nouns.horizon_plan();

  EXPECT_EQ(*decode_plan(encode_plan(plan)), Plan{plan});

  const Result<Plan> none = decode_plan(encode(HeartBeat{}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().text(),
            "plan: saw HeartBeat, allowed HorizonPlan, Renew or TimetablePlan");
}

TEST(Codec, an_explanation_may_leave_open_when_the_green_comes) {
  Explanations why;
  why.intersection = IntersectionId{"J1"};
  why.groups.emplace_back().group = GroupIndex{2};
  why.groups[0].earliest = Tick::max();

  EXPECT_EQ(*decode(encode(why)), Message{why});
}

TEST(Codec, calls_enumerators_on_the_wire_as_the_nouns_do) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  for (int v = 1; wire::Aspect_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::Aspect_Name(v)),
              "aspect_" + std::string(name_of(static_cast<Aspect>(v - 1))));
  for (int v = 1; wire::SignalMode_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::SignalMode_Name(v)),
              "signal_mode_" + std::string(name_of(static_cast<SignalMode>(v - 1))));
  for (int v = 1; wire::ControlSource_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::ControlSource_Name(v)),
              "control_source_" + std::string(name_of(static_cast<ControlSource>(v - 1))));
  for (int v = 1; wire::StageReason_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::StageReason_Name(v)),
              "stage_reason_" + std::string(name_of(static_cast<StageReason>(v - 1))));
  for (int v = 1; wire::EventKind_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::EventKind_Name(v)),
              "event_kind_" + std::string(name_of(static_cast<Event::Kind>(v - 1))));
  for (int v = 1; wire::VehicleClass_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::VehicleClass_Name(v)),
              "vehicle_class_" + std::string(name_of(static_cast<VehicleClass>(v - 1))));
  for (int v = 1; wire::Role_IsValid(v); ++v)
    EXPECT_EQ(lower(wire::Role_Name(v)),
              "role_" + std::string(name_of(static_cast<DeviceRole>(v - 1))));
}

TEST(Codec, names_the_field_that_is_missing) {
  test::RandomNouns nouns(seed);
  const HorizonPlan plan = nouns.horizon_plan();

  EXPECT_EQ(fault_after(plan, [](auto& e) { e.mutable_horizon_plan()->clear_intersection(); }),
            missing("HorizonPlan.intersection"));
  EXPECT_EQ(fault_after(plan, [](auto& e) { e.mutable_horizon_plan()->clear_boot(); }),
            missing("HorizonPlan.boot"));
  EXPECT_EQ(fault_after(plan, [](auto& e) { e.mutable_horizon_plan()->clear_sequence(); }),
            missing("HorizonPlan.sequence"));
  EXPECT_EQ(fault_after(plan,
                        [](auto& e) {
                          e.mutable_horizon_plan()->mutable_stages(0)->clear_end_latest_tick();
                        })
                .thing,
            "HorizonPlan.stages[0].end_latest_tick");
}

TEST(Codec, reads_a_street_that_does_not_tell_numbers_and_speeds) {
  StreetView told{Instant{Milliseconds{1'704'067'200'000}}, {}, {}};
  told.vehicles.push_back({1, 2, 0.5F, 5, VehicleClass::car, 731, 8.5F});
  const Bytes bytes = encode(told);
  wire::Envelope envelope;
  ASSERT_TRUE(envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  wire::VehicleView& vehicle = *envelope.mutable_street_view()->mutable_vehicles(0);
  vehicle.clear_number();
  vehicle.clear_speed_mps();

  const Result<Message> read = decode(bytes_of(envelope));

  ASSERT_TRUE(read) << read.error().text();
  told.vehicles[0].number = 0;
  told.vehicles[0].speed_mps = 0;
  EXPECT_EQ(std::get<StreetView>(*read), told);
}

TEST(Codec, refuses_a_renewal_of_which_any_field_is_left_out) {
  test::RandomNouns nouns(seed);
  const Message renew = nouns.message(4);
  const auto clear_each = [&](auto clear) { return fault_after(renew, clear).seen; };

  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_intersection(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_boot(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_built_on_tick(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_sequence(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_of(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->mutable_of()->clear_epoch(); }), "nothing");
  EXPECT_EQ(clear_each([](auto& e) { e.mutable_renew()->clear_lease_until_tick(); }), "nothing");
}

TEST(Codec, refuses_too_many_and_too_few_stages) {
  test::RandomNouns nouns(seed);
  HorizonPlan plan = nouns.horizon_plan();
  plan.stages.resize(1);

  EXPECT_EQ(fault_after(plan, [](auto& e) { e.mutable_horizon_plan()->clear_stages(); }).text(),
            "HorizonPlan.stages: saw 0 entries, allowed 1 to 8");

  plan.stages.resize(9, plan.stages.front());
  EXPECT_EQ(decode(encode(plan)).error().text(),
            "HorizonPlan.stages: saw 9 entries, allowed 1 to 8");
}

TEST(Codec, refuses_enumerators_it_does_not_know) {
  test::RandomNouns nouns(seed);
  StateReport report = std::get<StateReport>(nouns.message(2));
  report.groups.resize(1);

  EXPECT_EQ(fault_after(report,
                        [](auto& e) {
                          e.mutable_state_report()->mutable_groups(0)->set_aspect(
                              static_cast<wire::Aspect>(8));
                        })
                .text(),
            "StateReport.groups[0].aspect: saw 8, allowed 1 to 7");
  EXPECT_EQ(fault_after(
                report,
                [](auto& e) { e.mutable_state_report()->set_mode(wire::SIGNAL_MODE_UNSPECIFIED); })
                .text(),
            "StateReport.mode: saw 0, allowed 1 to 4");
}

TEST(Codec, refuses_numbers_that_are_out_of_range_or_not_finite) {
  Detection detection;
  detection.detector = DetectorId{"d"};
  const Detections batch{1, {detection}};
  const auto with_confidence = [&](double confidence) {
    return fault_after(batch, [=](auto& e) {
      e.mutable_detections()->mutable_detections(0)->set_confidence(confidence);
    });
  };

  EXPECT_EQ(with_confidence(1.5).text(),
            "Detections.detections[0].confidence: saw 1.5, allowed 0 to 1");
  EXPECT_EQ(with_confidence(std::numeric_limits<double>::quiet_NaN()).seen, "nan");
  EXPECT_EQ(with_confidence(-std::numeric_limits<double>::infinity()).seen, "-inf");
  EXPECT_EQ(
      fault_after(
          batch, [](auto& e) { e.mutable_detections()->mutable_detections(0)->set_speed_mps(1e9); })
          .thing,
      "Detections.detections[0].speed_mps");
  EXPECT_EQ(fault_after(HeartBeat{}, [](auto& e) { e.mutable_heart_beat()->set_at_ms(-1); }).thing,
            "HeartBeat.at_ms");
}

TEST(Codec, refuses_a_stage_that_ends_before_it_may_end) {
  test::RandomNouns nouns(seed);
  HorizonPlan plan = nouns.horizon_plan();
  plan.stages.resize(1);
  plan.stages[0].end_earliest = Tick{Ticks{200}};
  plan.stages[0].end_latest = Tick{Ticks{199}};

  EXPECT_EQ(
      decode(encode(plan)).error().text(),
      "HorizonPlan.stages[0].end_latest_tick: saw 199, allowed at least end_earliest_tick 200");
}

TEST(Codec, refuses_names_that_are_empty_long_or_hold_control_characters) {
  const auto with_camera = [](const std::string& id) {
    return decode(encode(PictureWanted{CameraId{id}, 5}));
  };

  EXPECT_TRUE(with_camera(std::string(256, 'c')));
  EXPECT_EQ(with_camera("").error().text(), "PictureWanted.camera: saw 0 bytes, allowed 1 to 256");
  EXPECT_EQ(with_camera(std::string(257, 'c')).error().seen, "257 bytes");
  EXPECT_EQ(with_camera("c\n2 forged line").error().seen, "a control character");
  EXPECT_EQ(with_camera("\xff\xfe").error().thing, "message");
}

TEST(Codec, refuses_another_version_of_the_schema) {
  Hello hello;
  hello.version = 2;

  EXPECT_EQ(decode(encode(hello)).error().text(), "Hello.version: saw 2, allowed 1 to 1");
}

TEST(Codec, refuses_what_is_larger_than_a_message_may_be) {
  Picture picture;
  picture.camera = CameraId{"c"};
  picture.jpeg.resize(message_bytes_max + 1);
  EXPECT_TRUE(decode(encode(picture)));

  picture.jpeg.resize(picture_bytes_max);
  EXPECT_EQ(decode(encode(picture)).error().allowed, "at most 4194304");

  Bytes large = encode(Hello{});
  large.resize(message_bytes_max + 1);
  EXPECT_EQ(decode(large).error().text(), "message: saw 1048577 bytes, allowed at most 1048576");
}

TEST(Codec, refuses_a_large_message_that_only_begins_as_a_picture) {
  wire::Envelope start;
  start.mutable_picture();
  const Bytes head = bytes_of(start);
  wire::Envelope rest;
  rest.mutable_state_report()->set_intersection(std::string(message_bytes_max, 'x'));
  Bytes both = head;
  const Bytes tail = bytes_of(rest);
  both.insert(both.end(), tail.begin(), tail.end());

  EXPECT_EQ(decode(both).error().allowed, "at most 1048576");
}

TEST(Codec, survives_any_spoiled_bytes) {
  RecordProperty("seed", std::to_string(seed));
  test::RandomNouns nouns(seed);
  std::mt19937_64 random(seed);
  int refused = 0;
  for (std::size_t i = 0; i < 200 * kinds; ++i) {
    Bytes bytes = encode(nouns.message(i % kinds));
    if (i % 2 == 0) bytes.resize(random() % (bytes.size() + 1));
    for (std::size_t flips = random() % 4; flips > 0 && !bytes.empty(); --flips)
      bytes[random() % bytes.size()] ^= static_cast<std::byte>(1U << (random() % 8));

    const Result<Message> read = decode(bytes);

    if (!read) ++refused;
    if (read) {
      ASSERT_EQ(*decode(encode(*read)), *read) << "seed " << seed << " case " << i;
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(Codec, says_that_nothing_is_no_message) {
  EXPECT_EQ(decode({}).error().thing, "message");
  EXPECT_EQ(decode(bytes_of(wire::Envelope{})).error().seen, "no content that this version knows");
}

}  // namespace
}  // namespace chorraha
