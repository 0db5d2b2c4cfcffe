# bash completion of dlc. The options and their words are those of `dlc --help`.
_dlc()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} option words
    [ "$word" = "=" ] && word=
    if [ "$before" = "=" ]; then option=${COMP_WORDS[COMP_CWORD - 2]}; else option=$before; fi
    words=$("${COMP_WORDS[0]}" --help | sed -n "s/^  $option=\([a-z|]*|[a-z|]*\) .*/\1/p" | tr '|' ' ')
    case $option in
    --target) words=$("${COMP_WORDS[0]}" --list-targets | sed 's/ .*//') ;;
    --explain) words=$("${COMP_WORDS[0]}" --list-ops | sed 's/ .*//') ;;
    --stop-after | --dump-after) words=$("${COMP_WORDS[0]}" --list-passes | sed 's/ .*//') ;;
    esac
    case $word in
    -*) words=$("${COMP_WORDS[0]}" --help | sed -n 's/^  \(-[-a-zA-Z]*\).*/\1/p') ;;
    esac
    if [ -n "$words" ]; then
        COMPREPLY=($(compgen -W "$words" -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _dlc dlc
