# The age test kit, written out from its npm package for age/vectors_test.cc.
set(age_vectors ${CMAKE_BINARY_DIR}/age_vectors)
add_custom_command(OUTPUT ${age_vectors}.stamp
  COMMAND node ${CMAKE_SOURCE_DIR}/tools/age_vectors.mjs ${age_vectors}
  COMMAND ${CMAKE_COMMAND} -E touch ${age_vectors}.stamp
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/age_vectors.mjs
          ${CMAKE_SOURCE_DIR}/tools/npm/node_modules/cctv-age/index.js
  COMMENT "Writing the age test kit")
add_custom_target(age_vectors DEPENDS ${age_vectors}.stamp)
add_dependencies(age_test age_vectors)
target_compile_definitions(age_test PRIVATE SEALIFT_AGE_VECTORS="${age_vectors}")
