# sealift_module(<name> [DEPENDS <module>...] [LIBRARIES <target>...] [APART <prefix>...]
#                [FOLDERS <folder>...])
#
# Makes from src/<name>/, src/<name>/internal/ and each src/<name>/<folder>/:
#   sealift_<name>   the library, from *.cc
#   <name>_test      the test program, from *_test.cc; one ctest of that name
#   <name>_bench     Google Benchmark, from *_bench.cc; built by `make bench`, not by default
#   <x>_fuzz         one program each, from *_fuzz.cc (cmake/sealift_fuzz.cmake)
# Files are found by pattern on purpose: a test that exists is a test that runs.
# APART: sources named <prefix>*.cc make a library of their own, sealift_<name>_<prefix>, that links
# the first; a program that must not have them does not link it. Tests and fuzz targets have both.
function(sealift_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;APART;FOLDERS" ${ARGN})
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  set(patterns ${folder}/*.cc ${folder}/internal/*.cc)
  foreach(inner IN LISTS arg_FOLDERS)
    list(APPEND patterns ${folder}/${inner}/*.cc)
  endforeach()
  file(GLOB all CONFIGURE_DEPENDS ${patterns})
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz|main)\\.cc$")
  list(TRANSFORM arg_DEPENDS PREPEND sealift_)
  set(libraries sealift_${name})
  foreach(prefix IN LISTS arg_APART)
    set(apart ${sources})
    list(FILTER apart INCLUDE REGEX "/${prefix}[^/]*$")
    list(REMOVE_ITEM sources ${apart})
    add_library(sealift_${name}_${prefix} STATIC ${apart})
    sealift_own_code(sealift_${name}_${prefix})
    target_link_libraries(sealift_${name}_${prefix} PUBLIC sealift_${name})
    list(APPEND libraries sealift_${name}_${prefix})
  endforeach()

  if(sources)
    add_library(sealift_${name} STATIC ${sources})
    set(scope PUBLIC)
    sealift_own_code(sealift_${name})
  else()
    add_library(sealift_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(sealift_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(sealift_${name} ${scope} ${arg_DEPENDS} ${arg_LIBRARIES})

  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(BUILD_TESTING AND tests)
    find_package(GTest REQUIRED)
    add_executable(${name}_test ${tests})
    sealift_own_code(${name}_test)
    target_link_libraries(${name}_test PRIVATE ${libraries} GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES LABELS module TIMEOUT 600
      ENVIRONMENT "SEALIFT_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
    add_dependencies(module_tests ${name}_test)
  endif()

  set(benches ${all})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  if(benches)
    find_package(benchmark REQUIRED)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    sealift_own_code(${name}_bench)
    target_link_libraries(${name}_bench PRIVATE ${libraries} benchmark::benchmark_main)
    add_dependencies(all_benches ${name}_bench)
  endif()

  set(fuzzers ${all})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  foreach(source IN LISTS fuzzers)
    sealift_fuzz(${name} ${source} ${libraries})
  endforeach()
endfunction()

# What every target of our own code shares: warnings, and clang-tidy where it is asked for. Tests,
# fuzz targets and benchmarks are not tidied: it takes longer than compiling them.
function(sealift_own_code target)
  target_link_libraries(${target} PRIVATE sealift_options)
  sealift_precompile(${target})
  if(SEALIFT_TIDY_COMMAND AND NOT target MATCHES "_(test|bench|fuzz)$")
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${SEALIFT_TIDY_COMMAND}")
  endif()
endfunction()

add_custom_target(all_benches)
add_custom_target(module_tests)
