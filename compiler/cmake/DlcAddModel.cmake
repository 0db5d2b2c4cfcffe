include_guard(GLOBAL)

# dlc_add_model(<target> SOURCE <file.dl>
#               [NAME <c_prefix>] [TARGET <dlc target>] [WEIGHTS <file.safetensors>]
#               [OPTIONS <flag>...])
#
# Compiles a model at build time and makes <target>, a static C99 library with the header
# <c_prefix>.h. Works in this tree, from an installed package, and in cross builds: dlc
# runs on the host, its output is compiled for the target.
function(dlc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE;NAME;TARGET;WEIGHTS" "OPTIONS")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dlc_add_model(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SOURCE)
    message(FATAL_ERROR "dlc_add_model(${target}): SOURCE is required")
  endif()
  if(NOT arg_NAME)
    string(MAKE_C_IDENTIFIER "${target}" arg_NAME)
  endif()
  set(source "${arg_SOURCE}")
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  # dlc runs in the source folder, so that the banner names the model as written here.
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    OUTPUT_VARIABLE shown)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.dlc")
  file(MAKE_DIRECTORY "${folder}")
  set(options --prefix "${arg_NAME}" ${arg_OPTIONS})
  if(arg_TARGET)
    list(APPEND options --target "${arg_TARGET}")
  endif()
  set(depends "${source}" dlc::dlc)
  if(arg_WEIGHTS)
    cmake_path(ABSOLUTE_PATH arg_WEIGHTS BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
      NORMALIZE)
    list(APPEND options --weights "${arg_WEIGHTS}")
    list(APPEND depends "${arg_WEIGHTS}")
  endif()
  set(stem "${folder}/${arg_NAME}")
  # Large constants go to a second file; it is made here when dlc does not need it.
  add_custom_command(
    OUTPUT "${stem}.c" "${stem}.h" "${stem}_data.c"
    COMMAND "${CMAKE_COMMAND}" -E rm -f "${stem}_data.c"
    COMMAND dlc::dlc "${shown}" ${options} -o "${stem}.c" -MD -MF "${stem}.d"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stem}_data.c"
    DEPENDS ${depends}
    DEPFILE "${stem}.d"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "dlc ${target}"
    VERBATIM)
  add_library(${target} STATIC "${stem}.c" "${stem}.h" "${stem}_data.c")
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${folder}>")
  set_target_properties(${target} PROPERTIES
    C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -ffp-contract=off)
endfunction()
