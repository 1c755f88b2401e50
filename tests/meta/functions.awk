# SPDX-License-Identifier: Apache-2.0
#
# functions.awk - reads the output of strip.awk and prints one line for each function definition:
# FILE LINE NAME LINES COMPLEXITY PARAMETERS. Relies on the layout of clang-format: the braces of a
# function body stand alone in the first column. Complexity is 1 + branches (if, for, while, case, &&,
# ||, ?) as the common tools count it.
function count(text, pattern,    n) {
    n = gsub(pattern, "&", text)
    return n
}
function parameters(text,    depth, i, c, n, inside) {
    if (text !~ /\(/) { return 0 }
    depth = 0
    n = 1
    inside = ""
    for (i = index(text, name "("); i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "(") { depth++; if (depth == 1) { continue } }
        if (c == ")") { depth--; if (depth == 0) { break } }
        if (c == "," && depth == 1) { n++ }
        if (depth > 0) { inside = inside c }
    }
    gsub(/[ \t]/, "", inside)
    return inside == "" || inside == "void" ? 0 : n
}
{
    split($0, part, ":")
    file = part[1]
    line = part[2]
    text = substr($0, length(file) + length(line) + 3)
}
file != last_file { last_file = file; in_body = 0; head = "" }
in_body && text ~ /^}/ {
    print file, start, name, line - start + 1, complexity, parameter_count
    in_body = 0
    head = ""
    next
}
in_body {
    complexity += count(text, "(^|[^a-zA-Z0-9_])(if|for|while|case)[^a-zA-Z0-9_]")
    complexity += count(text, "&&") + count(text, "[|][|]") + count(text, "[?]")
    next
}
text ~ /^{$/ && head ~ /\)[ \t]*$/ {
    in_body = 1
    complexity = 1
    start = head_line
    gsub(/__attribute__ *\(\([^;]*\)\)\) */, "", head)
    name = head
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    parameter_count = parameters(head)
    next
}
text ~ /^[ \t]*$/ || text ~ /[;}]$/ || text ~ /^#/ { head = ""; next }
{
    if (head == "") { head_line = line }
    head = head (head == "" ? "" : " ") text
}
