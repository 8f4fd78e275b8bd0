# sealift_refused(<module>)
#
# Each src/<module>/refused/*.cc compiles as it stands and must not compile with SEALIFT_REFUSED
# defined: what the types of a module rule out, as a test. The first half keeps the second honest.
function(sealift_refused module)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${module}/refused/*.cc)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    set(compile ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${CMAKE_SOURCE_DIR}/src ${source})
    add_test(NAME refused_${module}_${name}_control COMMAND ${compile})
    add_test(NAME refused_${module}_${name} COMMAND ${compile} -DSEALIFT_REFUSED)
    set_tests_properties(refused_${module}_${name} PROPERTIES WILL_FAIL ON)
    set_tests_properties(refused_${module}_${name}_control refused_${module}_${name} PROPERTIES TIMEOUT 60)
  endforeach()
endfunction()
