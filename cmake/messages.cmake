# Compiles data/messages/fr.po into cli/message_rows.inc, which cli/phrase.cc includes.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(messages_folder ${CMAKE_BINARY_DIR}/messages)
add_custom_command(OUTPUT ${messages_folder}/cli/message_rows.inc
  DEPENDS ${CMAKE_SOURCE_DIR}/data/messages/fr.po ${CMAKE_SOURCE_DIR}/tools/messages.py
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/messages.py
    ${CMAKE_SOURCE_DIR}/data/messages/fr.po ${messages_folder}/cli/message_rows.inc VERBATIM)
target_include_directories(sealift_cli PRIVATE ${messages_folder})
target_sources(sealift_cli PRIVATE ${messages_folder}/cli/message_rows.inc)
