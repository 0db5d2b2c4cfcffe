# consumer.cmake - installs the build, configures a project outside the tree, builds it
# twice (the second time nothing may be left to do), runs it.
set(work "${BUILD}/tests/consumer/${KIND}")
file(REMOVE_RECURSE "${work}")
file(MAKE_DIRECTORY "${work}")
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")
file(COPY "${FROM}/" DESTINATION "${work}/project")
file(COPY "${MODELS}/xor.dl" DESTINATION "${work}/project")
set(options -S "${work}/project" -B "${work}/build" -G Ninja
  "-DCMAKE_PREFIX_PATH=${work}/prefix")
if(KIND STREQUAL "cross")
  list(APPEND options "-DCMAKE_TOOLCHAIN_FILE=${work}/project/generic.cmake")
endif()
run("${CMAKE_COMMAND}" ${options})
run("${CMAKE_COMMAND}" --build "${work}/build")
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${work}/build"
  OUTPUT_VARIABLE again COMMAND_ERROR_IS_FATAL ANY)
if(NOT again MATCHES "no work to do")
  message(FATAL_ERROR "a second build is not empty: ${again}")
endif()
file(APPEND "${work}/project/xor.dl" "\n# touched\n")
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${work}/build"
  OUTPUT_VARIABLE again COMMAND_ERROR_IS_FATAL ANY)
if(again MATCHES "no work to do")
  message(FATAL_ERROR "a changed model is not compiled again")
endif()
if(KIND STREQUAL "native")
  run("${work}/build/app")
  # The installed dlc finds its runtime.
  execute_process(COMMAND "${work}/prefix/bin/dlc" xor.dl -o xor
    WORKING_DIRECTORY "${work}/project" COMMAND_ERROR_IS_FATAL ANY)
  run("${work}/project/xor" info)
endif()
