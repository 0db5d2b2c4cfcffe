# lit.cfg.py - tests of single passes: RUN and CHECK lines in small files.
# DLC and the folder to work in come from CMakeLists.txt.
import os

import lit.formats

config.name = "ir"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".dlir", ".dl"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = lit_config.params["exec_root"]
config.substitutions.append(("%dlc", lit_config.params["dlc"]))
config.substitutions.append(("%FileCheck", lit_config.params["filecheck"]))
