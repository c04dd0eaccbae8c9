# One library a room: chorraha_room(name HEADERS … SOURCES … NEEDS … USES …).
# NEEDS show in its headers, USES stay in its .cpp. `messaging/codec` becomes chorraha_messaging_codec,
# alias chorraha::messaging::codec.
function(chorraha_room name)
  cmake_parse_arguments(ROOM "" "" "HEADERS;SOURCES;NEEDS;USES" ${ARGN})
  if(ROOM_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "chorraha_room(${name}): unknown ${ROOM_UNPARSED_ARGUMENTS}")
  endif()
  string(REPLACE "/" "_" target "chorraha_${name}")
  string(REPLACE "/" "::" alias "chorraha::${name}")
  add_library(${target} STATIC)
  add_library(${alias} ALIAS ${target})
  target_sources(${target} PRIVATE ${ROOM_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ROOM_HEADERS})
  target_link_libraries(${target} PUBLIC ${ROOM_NEEDS} PRIVATE chorraha_warnings ${ROOM_USES})
endfunction()

# What the sanitizers run: unit, property and loop tests and the replays of the fuzz corpora.
add_custom_target(quick_tests)

# One test binary a room: chorraha_test(unit_traffic SOURCES … NEEDS … [LABELS …] [TIMEOUT s]).
function(chorraha_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;NEEDS;LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 600)  # generous: sanitizers and a busy machine take their time
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_NEEDS} chorraha_warnings GTest::gtest GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test-bin)
  if(name MATCHES "^(unit|property|loop)_")
    add_dependencies(quick_tests ${name})
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "CHORRAHA_SOURCE=${PROJECT_SOURCE_DIR};CHORRAHA_BUILD=${CMAKE_BINARY_DIR};TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp")
endfunction()

# One libFuzzer target a parser, built by clang only: chorraha_fuzz(name SOURCES … NEEDS …).
# Without clang the same file becomes a replay of its corpus, so that every build runs the corpora.
function(chorraha_fuzz name)
  cmake_parse_arguments(FUZZ "" "CORPUS" "SOURCES;NEEDS" ${ARGN})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    add_executable(${name} ${FUZZ_SOURCES})
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${FUZZ_SOURCES} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
  endif()
  target_link_libraries(${name} PRIVATE ${FUZZ_NEEDS} chorraha_warnings)
  add_dependencies(quick_tests ${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test-bin)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    add_test(NAME ${name} COMMAND ${name} -runs=2000 -seed=1 ${FUZZ_CORPUS})
  else()
    add_test(NAME ${name} COMMAND ${name} ${FUZZ_CORPUS})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 600)
endfunction()
