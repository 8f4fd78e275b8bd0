# sealift_fuzz(<module> <source> <library>...)
#
# With SEALIFT_LIBFUZZER the target is a libFuzzer program, run by `make fuzz`. Without it the same
# file is linked with a main that replays its seeds (src/<module>/fuzz_seeds/<target>/*, and the
# empty input), so every ordinary test run executes every fuzz target.
add_custom_target(all_fuzzers)

function(sealift_fuzz module source)
  get_filename_component(target ${source} NAME_WE)
  set(target ${module}_${target})
  add_executable(${target} ${source})
  sealift_own_code(${target})
  target_link_libraries(${target} PRIVATE ${ARGN})
  add_dependencies(all_fuzzers ${target})
  if(SEALIFT_LIBFUZZER)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
    return()
  endif()
  target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/fuzz_replay.cc)
  get_filename_component(seeds ${source} NAME_WE)
  add_test(NAME fuzz_seeds_${target}
    COMMAND ${target} ${CMAKE_SOURCE_DIR}/src/${module}/fuzz_seeds/${seeds})
  set_tests_properties(fuzz_seeds_${target} PROPERTIES LABELS fuzz_seeds TIMEOUT 120)
endfunction()
