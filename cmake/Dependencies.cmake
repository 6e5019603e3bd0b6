# Everything comes from Debian packages (tools/packages.txt lists them).
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(Threads REQUIRED)
if(PAWL_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
find_path(FMT_INCLUDE_DIR fmt/format-inl.h REQUIRED)  # compiled in base/fmt.cc
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)  # its headers: the library is loaded at run time
find_path(EXPECTED_INCLUDE_DIR tl/expected.hpp REQUIRED)

# Where Debian has an archive it is linked: to load and relocate shared libraries took two thirds of a cold start.
find_library(CRYPTO_ARCHIVE libcrypto.a REQUIRED)
find_library(JSON_ARCHIVE libboost_json.a REQUIRED)
find_library(RE2_ARCHIVE libre2.a REQUIRED)
find_library(SQLITE_ARCHIVE libsqlite3.a REQUIRED)
find_library(XXHASH_ARCHIVE libxxhash.a REQUIRED)
find_library(YAML_ARCHIVE libyaml.a REQUIRED)
find_library(ZLIB_ARCHIVE libz.a REQUIRED)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# What each module links besides other modules. Only these modules may name a library.
set(PAWL_LIBRARIES_base ${XXHASH_ARCHIVE})
set(PAWL_LIBRARIES_crypto ${CRYPTO_ARCHIVE})
set(PAWL_LIBRARIES_os Threads::Threads ${CMAKE_DL_LIBS})  # libcurl is loaded at first use (os/http.cc)
set(PAWL_LIBRARIES_format ${YAML_ARCHIVE} ${JSON_ARCHIVE} ${RE2_ARCHIVE} ${ZLIB_ARCHIVE})
set(PAWL_LIBRARIES_core_cel ${RE2_ARCHIVE})
set(PAWL_LIBRARIES_adapters_sqlite ${SQLITE_ARCHIVE} Threads::Threads)
set(PAWL_LIBRARIES_cli CLI11::CLI11)
