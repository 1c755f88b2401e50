# SPDX-License-Identifier: Apache-2.0
#
# include_graph.awk - prints FROM LINE TO for every project include of the files given. `#include
# "x.h"` without a folder is looked up beside the including file.
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    system_like = $0 ~ /</
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)
    if (system_like && name !~ /^plimsoll\//) { next }
    if (name ~ /^plimsoll\//) {
        name = "include/" name
    } else if (name !~ /\//) {
        folder = FILENAME
        sub(/[^\/]*$/, "", folder)
        name = folder name
    }
    print FILENAME, FNR, name
}
