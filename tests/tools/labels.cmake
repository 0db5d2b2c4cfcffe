# labels.cmake - tests are named <label>.<name>, and a label is a folder of tests/.
find_library(CMOCKA_LIBRARY cmocka)

# dlc_unit_test(<label> <name> <source>...): a cmocka program over the compiler.
function(dlc_unit_test label name)
  if(NOT CMOCKA_LIBRARY)
    message(FATAL_ERROR "cmocka is missing: apt-get install libcmocka-dev, or -DBUILD_TESTING=OFF")
  endif()
  add_executable(${label}_${name} ${ARGN})
  target_link_libraries(${label}_${name} PRIVATE dlc_core dlc_warnings ${CMOCKA_LIBRARY})
  add_test(NAME ${label}.${name} COMMAND ${label}_${name})
  set_tests_properties(${label}.${name} PROPERTIES LABELS "${label};quick" TIMEOUT 120)
endfunction()

# dlc_script_test(<label> <name> <script> <arg>...): a shell script of the label's folder,
# run in a folder of its own. Exit status 77: skipped.
function(dlc_script_test label name script)
  set(folder "${CMAKE_BINARY_DIR}/tests/${label}/${name}.dir")
  file(MAKE_DIRECTORY "${folder}")
  add_test(NAME ${label}.${name}
    COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/${script}" ${ARGN}
    WORKING_DIRECTORY "${folder}")
  set_tests_properties(${label}.${name} PROPERTIES
    LABELS "${label}" TIMEOUT 600 SKIP_RETURN_CODE 77
    ENVIRONMENT "DLC=$<TARGET_FILE:dlc>;ROOT=${PROJECT_SOURCE_DIR}")
endfunction()
