# Compiles data/errors/refusals.json into base/refusal_rows.inc, which base/refusal.cc includes.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(refusals_folder ${CMAKE_BINARY_DIR}/refusals)
add_custom_command(OUTPUT ${refusals_folder}/base/refusal_rows.inc
  DEPENDS ${CMAKE_SOURCE_DIR}/data/errors/refusals.json ${CMAKE_SOURCE_DIR}/tools/refusals.py
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/refusals.py
    ${CMAKE_SOURCE_DIR}/data/errors/refusals.json ${refusals_folder}/base/refusal_rows.inc VERBATIM)
target_include_directories(sealift_base PRIVATE ${refusals_folder})
target_sources(sealift_base PRIVATE ${refusals_folder}/base/refusal_rows.inc)
