# Warnings and code generation for Pawl's own code only: third-party headers arrive as system includes.
add_library(pawl_options INTERFACE)
target_include_directories(pawl_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_compile_options(pawl_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers -Wold-style-cast -Wcast-qual -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough -Wswitch-enum
  -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees dangling and overflowing accesses in std::variant and std::string that are not there (PR 105562, 105651).
  target_compile_options(pawl_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-null-dereference
    -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # GCC 12's std::stable_sort uses what its own header deprecates.
  target_compile_options(pawl_options INTERFACE -Wno-deprecated-declarations)
endif()
if(PAWL_WARNINGS_AS_ERRORS)
  target_compile_options(pawl_options INTERFACE -Werror)
endif()
if(PAWL_SANITIZE)
  target_compile_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE})
  target_link_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE})
endif()
