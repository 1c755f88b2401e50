#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# Prints core/unicode.def from the Unicode tables of this perl. tests/meta/unicode.sh compares the
# committed table with this output when the perl has the same Unicode version.
use strict;
use warnings;
use Unicode::UCD;

my $version = Unicode::UCD::UnicodeVersion();

sub ranges {
    my ($matches) = @_;
    my (@out, $first);
    for my $c (0 .. 0x110000) {
        my $in = $c < 0x110000 && !($c >= 0xD800 && $c <= 0xDFFF) && $matches->(chr $c);
        if ($in && !defined $first) { $first = $c; }
        if (!$in && defined $first) { push @out, [$first, $c - 1]; undef $first; }
    }
    return @out;
}

sub table {
    my ($name, @ranges) = @_;
    my $line = '';
    for my $r (@ranges) {
        my $item = sprintf '%s(0x%04X, 0x%04X)', $name, @$r;
        if (length($line) + length($item) > 98) { print "$line\n"; $line = ''; }
        $line .= ($line eq '' ? '' : ' ') . $item;
    }
    print "$line\n";
}

print <<"HEAD";
/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.def - character classes of Unicode $version as ranges, in ascending order.
 *
 * UNICODE_LETTER(first, last)  general category L*
 * UNICODE_NUMBER(first, last)  general category N*
 * UNICODE_ZERO(first, last)    zero columns wide: Mn, Me, Cf (without U+00AD), Hangul medial vowels
 *                              and final consonants
 * UNICODE_WIDE(first, last)    two columns wide: East Asian Width W or F
 *
 * Data, not code: printed by tests/tools/unicode_tables.pl, never edited by hand.
 */
/* clang-format off */
HEAD
table('UNICODE_LETTER', ranges(sub { $_[0] =~ /\p{L}/ }));
table('UNICODE_NUMBER', ranges(sub { $_[0] =~ /\p{N}/ }));
table('UNICODE_ZERO', ranges(sub {
    my $c = ord $_[0];
    return $c != 0xAD && ($_[0] =~ /[\p{Mn}\p{Me}\p{Cf}]/ || ($c >= 0x1160 && $c <= 0x11FF));
}));
table('UNICODE_WIDE', ranges(sub {
    return $_[0] =~ /[\p{EA=W}\p{EA=F}]/;
}));
print "/* clang-format on */\n";
