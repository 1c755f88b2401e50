# SPDX-License-Identifier: Apache-2.0
#
# strip.awk - C text with comments, strings and character constants blanked, line by line, so that
# the other checks cannot mistake words in them for code. Output: FILE:LINE:TEXT.
function strip(text,    out, at, rest, first) {
    out = ""
    while (text != "") {
        if (in_comment) {
            at = index(text, "*/")
            if (at == 0) { return out }
            text = substr(text, at + 2)
            in_comment = 0
            out = out " "
            continue
        }
        if (!match(text, /\/\*|\/\/|"|'/)) { return out text }
        out = out substr(text, 1, RSTART - 1)
        first = substr(text, RSTART, RLENGTH)
        rest = substr(text, RSTART + RLENGTH)
        if (first == "/*") {
            in_comment = 1
            text = rest
        } else if (first == "//") {
            return out
        } else if (first == "\"") {
            match(rest, /^([^"\\]|\\.)*"?/)
            out = out "\"\""
            text = substr(rest, RLENGTH + 1)
        } else {
            match(rest, /^([^'\\]|\\.)*'?/)
            out = out "0"
            text = substr(rest, RLENGTH + 1)
        }
    }
    return out
}
FNR == 1 { in_comment = 0 }
{ print FILENAME ":" FNR ":" strip($0) }
