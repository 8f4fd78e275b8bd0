# The meaning model (data/meaning/meaning.model) linked into sealift_census, and the program that
# makes it.
enable_language(ASM)
set(meaning_model ${CMAKE_SOURCE_DIR}/data/meaning/meaning.model)
set(meaning_model_source ${CMAKE_SOURCE_DIR}/src/census/structure/meaning_model.S)
set_source_files_properties(${meaning_model_source} PROPERTIES
  OBJECT_DEPENDS ${meaning_model} COMPILE_DEFINITIONS "SEALIFT_MEANING_MODEL=\"${meaning_model}\"")
target_sources(sealift_census PRIVATE ${meaning_model_source})

# Only `make train-meaning` builds it.
add_executable(train-meaning EXCLUDE_FROM_ALL src/census/structure/train_meaning_main.cc)
sealift_own_code(train-meaning)
target_link_libraries(train-meaning PRIVATE sealift_census)
