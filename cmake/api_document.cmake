# The API's document (src/server/api/openapi.json) linked into the server, which gives it out.
enable_language(ASM)
set(api_document ${CMAKE_SOURCE_DIR}/src/server/api/openapi.json)
set(api_document_source ${CMAKE_SOURCE_DIR}/src/server/api/document.S)
set_source_files_properties(${api_document_source} PROPERTIES
  OBJECT_DEPENDS ${api_document} COMPILE_DEFINITIONS "SEALIFT_API_DOCUMENT=\"${api_document}\"")
target_sources(sealift_server PRIVATE ${api_document_source})
