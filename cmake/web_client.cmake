# The web client (web/): its bundle, made by Vite from the npm packages that tools/setup.sh installs, linked
# into sealiftd. Without those packages the server gives out a page that says so.
find_program(SEALIFT_NODE NAMES node nodejs REQUIRED)
set(web ${CMAKE_SOURCE_DIR}/web)
set(web_bundle ${CMAKE_BINARY_DIR}/web/bundle)
set(web_made ${CMAKE_BINARY_DIR}/web/made)
set(web_vite ${web}/node_modules/vite/bin/vite.js)

file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/absent/* ${web}/public/*)
list(FILTER web_sources EXCLUDE REGEX "/src/api/generated/")  # made below, from the API document
list(APPEND web_sources ${web}/index.html ${web}/vite.config.ts ${web}/svelte.config.js ${web}/package-lock.json ${web}/tools/embed.mjs
  ${web}/tools/make_api_types.mjs ${CMAKE_SOURCE_DIR}/src/server/api/openapi.json
  ${CMAKE_SOURCE_DIR}/src/http/response_head.h ${CMAKE_SOURCE_DIR}/data/errors/refusals.json)

# The core in WebAssembly is another compiler's (make web-core) and lies below web/src, so it is among the
# sources. Without it the pages say that this server was built without it.

if(EXISTS ${web_vite})
  message(STATUS "Web client: built with Vite")
  set(web_build ${CMAKE_COMMAND} -E env SEALIFT_WEB_OUT=${web_bundle}
    ${SEALIFT_NODE} ${web_vite} build --config ${web}/vite.config.ts --logLevel warn)
else()
  message(STATUS "Web client: its npm packages are not installed (make setup); left out")
  set(web_build ${CMAKE_COMMAND} -E copy_directory ${web}/absent ${web_bundle})
endif()

add_custom_command(
  OUTPUT ${web_made}/web_bundle.cc ${web_made}/web_bundle.S
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_bundle} ${web_made}
  COMMAND ${SEALIFT_NODE} ${web}/tools/make_api_types.mjs
  COMMAND ${web_build}
  COMMAND ${SEALIFT_NODE} ${web}/tools/embed.mjs ${web_bundle} ${web_made} ${PROJECT_VERSION}
    ${CMAKE_SOURCE_DIR}/src/http/response_head.h
  DEPENDS ${web_sources}
  WORKING_DIRECTORY ${web}
  COMMENT "Building the web client"
  VERBATIM)
add_custom_target(web DEPENDS ${web_made}/web_bundle.cc)
target_sources(sealiftd PRIVATE ${web_made}/web_bundle.cc ${web_made}/web_bundle.S)
