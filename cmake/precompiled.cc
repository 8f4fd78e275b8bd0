// What cmake/precompiled.cmake compiles its list of headers for.
