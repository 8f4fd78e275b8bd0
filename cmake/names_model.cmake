# The name model (data/names/names.model) linked into sealift_census, and the program that makes it.
enable_language(ASM)
set(names_model ${CMAKE_SOURCE_DIR}/data/names/names.model)
set(names_model_source ${CMAKE_SOURCE_DIR}/src/census/names/names_model.S)
set_source_files_properties(${names_model_source} PROPERTIES
  OBJECT_DEPENDS ${names_model} COMPILE_DEFINITIONS "SEALIFT_NAMES_MODEL=\"${names_model}\"")
target_sources(sealift_census PRIVATE ${names_model_source})

# Only `make train-names` builds it.
add_executable(train-names EXCLUDE_FROM_ALL src/census/names/train_names_main.cc)
sealift_own_code(train-names)
target_link_libraries(train-names PRIVATE sealift_census)
