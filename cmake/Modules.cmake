# Builds the house from tools/layers/layers.txt: a static library per module (x.cc), a test program per module
# (x_test.cc), linked exactly as the table allows.

function(pawl_configure target)
  target_link_libraries(${target} PRIVATE pawl_options)
endfunction()

function(pawl_module name dependencies)
  string(REPLACE "/" "_" id ${name})
  # A module's own subfolder lib/ is part of it.
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc ${CMAKE_SOURCE_DIR}/src/${name}/lib/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*_test.cc ${CMAKE_SOURCE_DIR}/src/${name}/lib/*_test.cc)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")

  set(links "")
  foreach(dependency ${dependencies})
    string(REPLACE "/" "_" dependency_id ${dependency})
    list(APPEND links pawl_${dependency_id})
  endforeach()

  if(sources)
    add_library(pawl_${id} STATIC ${sources})
    # What ships is as fast in every build; tests need not be.
    target_compile_options(pawl_${id} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O2>)
    set(scope PUBLIC)
    pawl_configure(pawl_${id})
  else()
    add_library(pawl_${id} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(pawl_${id} ${scope} ${links} ${PAWL_LIBRARIES_${id}})

  if(tests AND PAWL_TESTS)
    add_executable(${id}_test ${tests})
    pawl_configure(${id}_test)
    target_precompile_headers(${id}_test PRIVATE <gtest/gtest.h> <string> <vector> <string_view>)
    target_link_libraries(${id}_test PRIVATE pawl_${id} pawl_test_support GTest::gtest_main)
    pawl_discover(${id}_test)
  endif()
endfunction()

# Registers every case of a GoogleTest program with ctest. Cases whose suite ends in "Slow" are labelled slow.
function(pawl_discover target)
  gtest_discover_tests(${target} TEST_PREFIX "${target}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES TIMEOUT 300)
endfunction()

function(pawl_modules_from_table)
  add_library(pawl_test_support INTERFACE)
  file(STRINGS ${CMAKE_SOURCE_DIR}/tools/layers/layers.txt rows REGEX "^[a-z]")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/layers/layers.txt)
  foreach(row ${rows})
    string(REGEX REPLACE " +" ";" words "${row}")
    list(POP_FRONT words name floor)
    pawl_module(${name} "${words}")
  endforeach()

  pawl_embed_policies(${CMAKE_BINARY_DIR}/policy_library.cc)
  target_sources(pawl_core_policy PRIVATE ${CMAKE_BINARY_DIR}/policy_library.cc)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/app/host.cc PROPERTIES COMPILE_DEFINITIONS PAWL_VERSION="${PROJECT_VERSION}")
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/app/main.cc)
    add_executable(pawl src/app/main.cc)
    pawl_configure(pawl)
    target_link_libraries(pawl PRIVATE pawl_app)
    if(NOT PAWL_SANITIZE)
      target_link_options(pawl PRIVATE -static-libstdc++ -static-libgcc $<$<NOT:$<BOOL:${PAWL_PIE}>>:-no-pie>)
    endif()
    set_target_properties(pawl PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
    install(TARGETS pawl RUNTIME DESTINATION bin)
  endif()
endfunction()
