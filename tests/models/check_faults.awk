# check_faults.awk - from the C of a program: a list of the kernels of its grad function
# (-v list=FILE), and the C in which each of them has a fault of its own, chosen by the
# environment: what it stores is 2 % too large. Kernels of one text have one fault, whether
# their buffers are restrict or meet in the arena.
NR == FNR && /^static void k[0-9]+_/ {
    name = $3
    sub(/\(.*/, "", name)
    reading = name
    text[name] = ""
}
NR == FNR && reading != "" {
    line = $0
    gsub(/restrict /, "", line)
    gsub(/ /, "", line)
    if (line ~ /^static/)
        sub(/voidk[0-9]+_[a-z0-9_]*/, "", line)
    text[reading] = text[reading] line
    if (/^}/)
        reading = ""
}
NR == FNR {
    if (/^void [a-z_]*_train_grad\(/)
        inside = 1
    else if (/^}/)
        inside = 0
    else if (inside && match($0, /^ *k[0-9]+_[a-z0-9_]*\(/)) {
        name = $1
        sub(/\(.*/, "", name)
        if (!(text[name] in number)) {
            number[text[name]] = ++n
            print n, name > list
        }
    }
    next
}
FNR == 1 {
    print "float fault(int k);"
}
/^static void k[0-9]+_/ {
    name = $3
    sub(/\(.*/, "", name)
    k = number[text[name]]
    split("", floats)
    signature = 1
}
/^}/ { k = 0 }
k && signature {
    rest = $0
    while (match(rest, /(const )?float \*(restrict )?[a-z0-9_]+/)) {
        word = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (word !~ /^const/) {
            sub(/.*[ *]/, "", word)
            floats[word] = 1
        }
    }
    if (/\)$/)
        signature = 0
}
k && !signature && match($0, /^ *[a-z0-9_]+\[[^=]*\] = .*;$/) {
    target = $1
    sub(/\[.*/, "", target)
    if (target in floats) {
        sub(/\] = /, "] = fault(" k ") * (")
        sub(/;$/, ");")
    }
}
{ print }
