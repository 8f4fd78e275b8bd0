# Warnings, hardening, sanitizers, and the tools that make builds quick where they are present.
option(SEALIFT_CLANG_TIDY "Run clang-tidy on every file as it compiles" OFF)
option(SEALIFT_LIBFUZZER "Build the fuzz targets with libFuzzer" OFF)
set(SEALIFT_SANITIZE "" CACHE STRING "Value for -fsanitize=, empty for none")

find_program(SEALIFT_CCACHE ccache)
if(SEALIFT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${SEALIFT_CCACHE})
  # What ccache's manual asks for where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SEALIFT_CCACHE})
endif()
find_program(SEALIFT_MOLD mold)
if(SEALIFT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Paths in a binary start at the source tree, so that a build elsewhere gives the same bytes. ccache hands the compiler paths
# from the build folder on, where CCACHE_BASEDIR says so (the Makefile does).
file(RELATIVE_PATH SEALIFT_SOURCE_FROM_BUILD ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
string(REGEX REPLACE "/$" "" SEALIFT_SOURCE_FROM_BUILD ${SEALIFT_SOURCE_FROM_BUILD})
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${SEALIFT_SOURCE_FROM_BUILD}/=)

# What our own code compiles under; third-party C keeps its own warnings to itself.
add_library(sealift_options INTERFACE)
target_compile_options(sealift_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor)
# An error with the compilers that every change is built with; with others (Debian 13 has g++ 14) a
# warning stays one, so that a newer compiler's new opinion does not keep anybody from building.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
  target_compile_options(sealift_options INTERFACE -Werror)
endif()
target_compile_options(sealift_options INTERFACE -fstack-protector-strong)
# Some warnings of g++ 12 speak of its own optimiser's output: overlaps and sizes in std::string's
# concatenation (GCC bug 105651), and uninitialised members of temporaries in initializer lists. clang's and the
# sanitizers' findings on the same ground count.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sealift_options INTERFACE -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized -fpch-preprocess)
endif()

if(SEALIFT_SANITIZE)
  add_compile_options(-fsanitize=${SEALIFT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SEALIFT_SANITIZE})
  if(SEALIFT_LIBFUZZER)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
else()
  add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

if(SEALIFT_CLANG_TIDY)
  find_program(SEALIFT_CLANG_TIDY_PROGRAM NAMES clang-tidy-14 clang-tidy REQUIRED)
  set(SEALIFT_TIDY_COMMAND ${SEALIFT_CLANG_TIDY_PROGRAM} --quiet)
endif()
