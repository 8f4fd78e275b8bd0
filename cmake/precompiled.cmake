# Precompiled headers: the standard library, tl::expected and JSON are most of what a file compiles.
#
# With SEALIFT_PRECOMPILED our libraries are compiled after one list, and tests after the same list with
# GoogleTest. The clang preset leaves it off, so that a file which forgets an include
# is noticed there.
option(SEALIFT_PRECOMPILED "Compile after precompiled headers" OFF)

if(SEALIFT_PRECOMPILED)
  set(precompiled <algorithm> <array> <chrono> <condition_variable> <cstdint> <cstdio> <cstring> <filesystem> <functional>
    <iostream> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map>
    <unordered_set> <utility> <variant> <vector> <tl/expected.hpp> <nlohmann/json.hpp>)
  find_package(GTest REQUIRED)
  foreach(list IN ITEMS code test)
    add_library(sealift_precompiled_${list} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cc)
    target_link_libraries(sealift_precompiled_${list} PRIVATE sealift_options)
  endforeach()
  target_precompile_headers(sealift_precompiled_code PRIVATE ${precompiled})
  # Programs are compiled with -fPIE, libraries with -fPIC: a list serves one of the two.
  set_target_properties(sealift_precompiled_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(sealift_precompiled_test PRIVATE -fPIE -O1)
  target_link_libraries(sealift_precompiled_test PRIVATE GTest::gmock)
  target_precompile_headers(sealift_precompiled_test PRIVATE ${precompiled} <gmock/gmock.h> <gtest/gtest.h>)
endif()

function(sealift_precompile target)
  if(NOT SEALIFT_PRECOMPILED)
    return()
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    target_precompile_headers(${target} REUSE_FROM sealift_precompiled_code)
  elseif(target MATCHES "_test$")
    target_compile_options(${target} PRIVATE -O1)  # a test's own code runs once; what it tests keeps its -O3
    target_precompile_headers(${target} REUSE_FROM sealift_precompiled_test)
  endif()
endfunction()
