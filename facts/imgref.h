/* SPDX-License-Identifier: Apache-2.0
 *
 * imgref.h - image references: the grammar and normalisation of distribution/reference.
 *
 * A parsed reference is a set of views into the text it was made from, so parsing allocates nothing
 * and takes one pass; the text must outlive it. Written forms are appended to a buffer. Nothing
 * here knows stages, variables or platforms: "scratch" and stage names are the caller's business.
 * Thread rule: pure.
 */
#ifndef FACTS_IMGREF_H
#define FACTS_IMGREF_H

#include <stdbool.h>

#include <plimsoll/version.h>

#include "core/buf.h"
#include "core/str.h"

/* Why a text is no reference. X(name, text) */
#define IMGREF_FAULT_LIST(X)                                                                       \
    X(NONE, "valid reference")                                                                     \
    X(FORMAT, "invalid reference format")                                                          \
    X(UPPERCASE, "repository name must be lowercase")                                              \
    X(TOO_LONG, "repository name must not be more than 255 characters")                            \
    X(HEX_ID, "a 64-digit hexadecimal text is an image identifier, not a repository name")         \
    X(DIGEST_ALGORITHM, "unsupported digest algorithm")                                            \
    X(DIGEST_LENGTH, "invalid digest length")                                                      \
    X(DIGEST_FORMAT, "invalid digest format")

enum imgref_fault {
#define IMGREF_FAULT_ENUM(name, text) IMGREF_FAULT_##name,
    IMGREF_FAULT_LIST(IMGREF_FAULT_ENUM)
#undef IMGREF_FAULT_ENUM
};

/* A reference in normal form. Views point into the parsed text or at static text. */
struct imgref {
    struct str domain; /* "docker.io" when none was written; empty only for a first component that
                          looks like a domain (it has a dot) but is none, as in "a_b.c/d" */
    struct str remote; /* the path; "library/" is still to be put before it if implied_library */
    bool implied_library;
    struct str tag;    /* empty when none was written */
    struct str digest; /* "sha256:…", empty when none was written */
};

/* How a reference is written. */
enum imgref_form {
    IMGREF_FORM_PATH,     /* library/ubuntu */
    IMGREF_FORM_NAME,     /* docker.io/library/ubuntu */
    IMGREF_FORM_NORMAL,   /* docker.io/library/ubuntu plus tag and digest as written */
    IMGREF_FORM_TAGGED,   /* the same with ":latest" when neither tag nor digest was written */
    IMGREF_FORM_FAMILIAR, /* ubuntu plus tag and digest as written */
};

/* Parses `text` as the reference library's ParseNormalizedNamed does. IMGREF_FAULT_NONE on success;
 * otherwise `out` is untouched. Time is linear in the text. */
enum imgref_fault imgref_parse(struct imgref *out, struct str text) PLIM_MUST_CHECK;

/* One line of English for a fault. Static text. */
struct str imgref_fault_text(enum imgref_fault fault);

/* Appends one written form; failures are the buffer's sticky status. */
void imgref_append(struct buf *out, const struct imgref *ref, enum imgref_form form);

/* Whether a tag was written (a tag that is only implied does not count). */
static inline bool imgref_has_tag(const struct imgref *ref)
{
    return ref->tag.len > 0;
}

/* Whether a digest was written, which pins the content. */
static inline bool imgref_has_digest(const struct imgref *ref)
{
    return ref->digest.len > 0;
}

#endif
