# The elaborator, and the standard library as text inside the binary.
set(std_dir "${CMAKE_CURRENT_SOURCE_DIR}/../std")
file(GLOB std_files CONFIGURE_DEPENDS "${std_dir}/*.dl")
set(std_embedded "${CMAKE_CURRENT_BINARY_DIR}/library_modules.c")
add_custom_command(OUTPUT "${std_embedded}"
  COMMAND "${CMAKE_COMMAND}" -D "DIR=${std_dir}" -D "OUT=${std_embedded}"
          -P "${std_dir}/embed.cmake"
  DEPENDS ${std_files} "${std_dir}/embed.cmake" VERBATIM)

set(front_elaborate_sources
  arithmetic.c augment.c bind.c blame.c body.c builtin.c builtin_shape.c builtin_tensor.c call.c
  data.c data_source.c deploy.c elaborate.c every.c expression.c extern.c foreign.c import.c index.c
  keep_float.c leaf.c metric.c
  minimize.c module.c net.c observe.c over.c pattern.c plateau.c scan.c scope.c setting.c statement.c
  stream.c stream_rows.c tensor_value.c train.c train_settings.c update.c value.c weigh.c "${std_embedded}")
