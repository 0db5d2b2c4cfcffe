# What is installed: dlc, the runtime that `dlc -o prog` links with, the package.
include(CMakePackageConfigHelpers)

set(sanitize "")
if(DLC_SANITIZE)
  set(sanitize "link -fsanitize=${DLC_SANITIZE}\n")
endif()
# The build tree's copy stands beside the executable, see driver/program.c.
file(GENERATE OUTPUT "$<TARGET_FILE_DIR:dlc>/runtime.txt" CONTENT
"include ${PROJECT_SOURCE_DIR}/runtime
library $<TARGET_FILE:dlc_host>
${sanitize}link -lspng
link -lturbojpeg
link -lz
link -lpthread
link -lm
")
file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/installed/runtime.txt" CONTENT
"include ../../${CMAKE_INSTALL_INCLUDEDIR}/dlc
library ../$<TARGET_FILE_NAME:dlc_host>
${sanitize}link -lspng
link -lturbojpeg
link -lz
link -lpthread
link -lm
")

install(TARGETS dlc EXPORT dlcTargets)
install(TARGETS dlc_host DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/installed/runtime.txt"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/dlc")
install(FILES compiler/cmake/dlc.bash RENAME dlc
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
find_program(HELP2MAN help2man)
if(HELP2MAN) # optional: `dlc --help` as dlc(1)
  add_custom_command(OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/dlc.1"
    COMMAND "${HELP2MAN}" --no-info --name "ahead-of-time compiler for neural networks"
      --output "${CMAKE_CURRENT_BINARY_DIR}/dlc.1" $<TARGET_FILE:dlc>
    DEPENDS dlc VERBATIM)
  add_custom_target(man ALL DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/dlc.1")
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/dlc.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
install(FILES runtime/host/model.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/dlc/host")
install(FILES runtime/device/team.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/dlc/device")

install(DIRECTORY runtime/arch DESTINATION "${CMAKE_INSTALL_DATADIR}/dlc")

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/dlc")
configure_package_config_file(compiler/cmake/dlcConfig.cmake.in dlcConfig.cmake
  INSTALL_DESTINATION "${package}")
# dlc runs on the host whatever the project builds for: a 32-bit firmware project must
# not reject the 64-bit package.
write_basic_package_version_file(dlcConfigVersion.cmake
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(EXPORT dlcTargets NAMESPACE dlc:: DESTINATION "${package}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/dlcConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/dlcConfigVersion.cmake" compiler/cmake/DlcAddModel.cmake
  DESTINATION "${package}")
