# near.awk - two files of numbers (first -v other=FILE) agree within -v limit, relative to
# the largest output of the sample. Prints the worst; exit status 1: too far, or no line.
function magnitude(x) { return x < 0 ? -x : x }
{
    if ((getline line < other) <= 0) { print "fewer samples in " other; bad = 1; exit }
    n = split(line, b, " ")
    if (n != NF) { print "outputs: " NF ", " n; bad = 1; exit }
    size = 0
    for (i = 1; i <= NF; i++) if (magnitude($i) > size) size = magnitude($i)
    for (i = 1; i <= NF; i++) {
        if ($i !~ /^[-+0-9.e]+$/ || b[i] !~ /^[-+0-9.e]+$/) { print "not finite"; bad = 1; exit }
        d = magnitude($i - b[i])
        if (d > limit * size) bad = 1
        if (size > 0 && d / size > worst) worst = d / size
    }
}
END { printf "%d samples, apart by %.1e of the largest output\n", NR, worst; exit bad || NR == 0 }
