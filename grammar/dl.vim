" dl.vim - highlighting of dl programs for Vim. Copy to ~/.vim/syntax/dl.vim and add
"     autocmd BufNewFile,BufRead *.dl setfiletype dl
" to the vimrc. Soft keywords light up only where they are keywords.
if exists("b:current_syntax")
  finish
endif

syntax keyword dlKeyword import as const def net extern on for in repeat if then else
syntax keyword dlKeyword minimize over using assert
syntax keyword dlOperatorWord and or not
syntax keyword dlBool true false
syntax match dlSoft "\%(^\|[{;]\)\s*\zs\%(param\|state\|layer\|data\|augment\|train\|deploy\|metric\)\ze\s\+\h"
syntax match dlSoft "\%(^\|[{;]\)\s*\zstrain\ze\s*[({]"
syntax match dlSoft "\%(^\|[{;]\)\s*\zsevery\ze\s\+[^:=,.<]"
syntax match dlSetting "\%(^\|[{;]\)\s*\zs\h\w*\ze\s*:"
syntax match dlType "\<\%(f32\|f16\|bf16\|i8\|i16\|i32\|u8\|u16\|u32\|bool\|index\|simplex\|unit\)\>"
syntax match dlNumber "\<\d\%(_\?\d\)*\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\>"
syntax match dlNumber "\<0[xX]\x\%(_\?\x\)*\>"
syntax match dlNumber "\<\d\%(_\?\d\)*\%(\.\d\+\)\?\%(B\|KiB\|MiB\|GiB\|us\|ms\|s\|min\|Hz\|kHz\|MHz\|GHz\|deg\)\>"
syntax match dlOperator "|>\|->\|<-\|\*\*\|//\|\.\."
syntax match dlEscape contained "\\[\"\\nt]"
syntax match dlInterpolation contained "{[^}\"]*}"
syntax region dlString start=+"+ skip=+\\.+ end=+"\|$+ contains=dlEscape,dlInterpolation
syntax match dlComment "#.*$"
syntax match dlDoc "^\s*##\%([^#].*\)\?$"

highlight default link dlKeyword Keyword
highlight default link dlSoft Keyword
highlight default link dlOperatorWord Operator
highlight default link dlOperator Operator
highlight default link dlBool Boolean
highlight default link dlSetting Identifier
highlight default link dlType Type
highlight default link dlNumber Number
highlight default link dlString String
highlight default link dlEscape SpecialChar
highlight default link dlInterpolation SpecialChar
highlight default link dlComment Comment
highlight default link dlDoc SpecialComment

let b:current_syntax = "dl"
