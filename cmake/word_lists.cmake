# sealift_words(<list> <row> [SORTED])
#
# Compiles data/words/<list>.*.txt into census/words/<list>.inc, one C++ row a phrase (tools/words.py),
# for a source of sealift_census to include. Someone who is no programmer adds a language's or a country's
# words as another file.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(word_lists_folder ${CMAKE_BINARY_DIR}/words)
target_include_directories(sealift_census PRIVATE ${word_lists_folder})

function(sealift_words list row)
  cmake_parse_arguments(arg "SORTED" "" "" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/words/${list}.*.txt)
  set(out ${word_lists_folder}/census/words/${list}.inc)
  set(order)
  if(arg_SORTED)
    set(order --sorted)
  endif()
  add_custom_command(OUTPUT ${out} DEPENDS ${files} ${CMAKE_SOURCE_DIR}/tools/words.py
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/words.py ${order} ${row} ${out} ${files} VERBATIM)
  target_sources(sealift_census PRIVATE ${out})
endfunction()

set(word_pair "{\"$phrase\", \"$value\"},")
set(word_alone "\"$phrase\",")
sealift_words(nicknames ${word_alone})
sealift_words(street_types ${word_pair})
sealift_words(street_types_weak ${word_pair})
sealift_words(street_types_french ${word_pair})
sealift_words(numbered_roads ${word_pair})
sealift_words(directions ${word_pair})
sealift_words(provinces ${word_pair})
sealift_words(unit_words ${word_alone})
sealift_words(no_cities ${word_alone})
sealift_words(cities ${word_alone} SORTED)
