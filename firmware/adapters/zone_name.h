// SPDX-License-Identifier: EUPL-1.2
//
// Names as the machine-readable zone of a travel document writes them (ICAO Doc 9303-3 sections 4.6
// and 6): capitals A to Z, marks written out or dropped, hyphens as blanks, apostrophes gone. Which
// spellings a register may have for one, and whether a register's name is written like it. Pure.
#ifndef INLOOP_ADAPTERS_ZONE_NAME_H
#define INLOOP_ADAPTERS_ZONE_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ZONE_NAME_BYTES = 40,
    ZONE_SPELLINGS_MAX = 12,
    ZONE_SPELLING_BYTES = 2 * ZONE_NAME_BYTES, // of UTF-8
};

// What the BRP calls geslachtsnaam, to search with. The register looks past marks and capitals, so
// a spelling needs neither; the prefix (voorvoegsel) is left to the comparison.
struct zone_spellings_private {
    char words[ZONE_SPELLINGS_MAX][ZONE_SPELLING_BYTES]; // with "*" at the end where it was cut
    size_t count;
    bool is_cut;
    // The first ones: with and without a prefix, hyphens for blanks. The others (marks that were
    // written out, elided prefixes) are worth asking only when these find nobody.
    size_t plain_count;
    bool is_incomplete; // the rules give more than these: who is not found may still be there
};

// `surname` is a zone's name: at most 39 letters and single blanks. Fills `list`; the caller wipes.
void zone_spellings(const char *surname, bool is_name_cut, struct zone_spellings_private *list);

struct zone_holder {
    const char *surname;
    const char *given; // may be ""
    bool is_name_cut;
};

// As the register has it, UTF-8 of any length; "" for what it does not have.
struct register_name {
    const char *given;
    const char *prefix;
    const char *surname;
};

enum zone_fit {
    ZONE_DIFFERS,
    ZONE_RESEMBLES, // as far as the zone goes, but surname or first given name was cut
    ZONE_FITS,      // whole; of a name that was cut at least surname and first given name
};

enum zone_fit zone_name_fits(const struct zone_holder *zone, const struct register_name *known);

#endif
