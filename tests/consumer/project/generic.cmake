# A bare machine: no programs can be linked, the sizes differ from the host's package.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR mcu)
set(CMAKE_C_COMPILER cc)
set(CMAKE_C_FLAGS_INIT "-ffreestanding")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
