# Where ML-KEM-768 comes from (docs/decisions/0020-ml-kem-source.md): sets SEALIFT_MLKEM to
#   openssl   OpenSSL 3.5 or later has it
#   pqclean   PQClean's C source, from the npm package of that name that tools/setup.sh installs;
#             sets SEALIFT_MLKEM_LIBRARY to the library made of it
#   none      neither: post-quantum keys are answered with "unsupported"
set(pqclean ${CMAKE_SOURCE_DIR}/tools/npm/node_modules/pqclean/deps/PQClean)
set(SEALIFT_MLKEM "" CACHE STRING "openssl, pqclean or none; empty: the first that is there")

if(SEALIFT_MLKEM STREQUAL "")
  if(OPENSSL_VERSION VERSION_GREATER_EQUAL 3.5)
    set(SEALIFT_MLKEM openssl)
  elseif(EXISTS ${pqclean}/crypto_kem/ml-kem-768/clean/kem.c)
    set(SEALIFT_MLKEM pqclean)
  else()
    set(SEALIFT_MLKEM none)
  endif()
endif()
message(STATUS "ML-KEM-768: ${SEALIFT_MLKEM}")

if(SEALIFT_MLKEM STREQUAL "pqclean")
  file(GLOB pqclean_sources ${pqclean}/crypto_kem/ml-kem-768/clean/*.c)
  add_library(sealift_pqclean STATIC ${pqclean_sources} ${pqclean}/common/fips202.c)
  target_include_directories(sealift_pqclean PRIVATE ${pqclean}/common)
  target_compile_options(sealift_pqclean PRIVATE -w -O3)
  set(SEALIFT_MLKEM_LIBRARY sealift_pqclean)
endif()
