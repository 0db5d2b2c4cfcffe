# The syntax half of front: scanner and parser are generated into the build tree.
find_package(BISON 3.8 REQUIRED)
find_package(FLEX 2.6 REQUIRED)

set(front_generated "${CMAKE_CURRENT_BINARY_DIR}/generated/front")
file(MAKE_DIRECTORY "${front_generated}")
bison_target(dl_grammar "${PROJECT_SOURCE_DIR}/grammar/dl.y"
  "${front_generated}/dl_grammar.c"
  DEFINES_FILE "${front_generated}/dl_grammar.h"
  COMPILE_FLAGS "-Wall -Werror -Wcounterexamples")
flex_target(dl_scanner "${PROJECT_SOURCE_DIR}/grammar/dl.l"
  "${front_generated}/dl_scanner.c")
add_flex_bison_dependency(dl_scanner dl_grammar)

set(front_syntax_sources
  token.c parse.c syntax_error.c ast.c ast_print.c ast_source.c
  format.c format_layout.c format_break.c format_align.c
  ${BISON_dl_grammar_OUTPUTS} ${FLEX_dl_scanner_OUTPUTS})
