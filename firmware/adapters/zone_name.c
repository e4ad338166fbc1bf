// SPDX-License-Identifier: EUPL-1.2
//
// One register's letter may be written in several ways, and issuers differ. So a name is compared
// by all ways at once: a set of places in the zone that the register's name can have reached.
#include "adapters/zone_name.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

// Where the register's name can be: bit n is before the zone's character n.
struct walk {
    const char *zone;
    size_t len;
    uint64_t places;
    bool is_longer;          // the zone was used up and the register's name went on
    bool is_longer_at_blank; // and did so with a new word
};

enum { SITES_MAX = 3 }; // in one name: eight spellings of it

// Where a name may be spelt otherwise, and at which of these it is.
struct sites {
    const size_t *at;
    size_t count;
    unsigned chosen; // bit n: at the n-th
};

static struct walk walk_begin(const char *zone);
static void walk_name(struct walk *walk, const char *name);
static void walk_character(struct walk *walk, uint32_t character);
static void walk_blank(struct walk *walk);
static uint64_t after(const struct walk *walk, const char *letters);
static bool is_dropped(uint32_t character);
static bool is_blank(uint32_t character);
static char base_letter(uint32_t character);
static bool is_whole(const struct walk *walk);
static size_t prefix_len(const char *surname);
static void add_variants(struct zone_spellings_private *list, const char *surname, size_t from,
                         size_t stem, bool is_rare);
static void add_variant(struct zone_spellings_private *list, const char *words, size_t from,
                        const struct sites *sites);
static void add_elided(struct zone_spellings_private *list, const char *words);
static void add(struct zone_spellings_private *list, const char *words);
static size_t find_sites(const char *words, size_t from, size_t at[], bool *has_more);

// Doc 9303-3 section 6, what is written with more than one letter. Those with an umlaut are also
// written with the plain letter, which base_letter gives.
static const struct {
    uint16_t upper;
    uint16_t lower;
    const char *letters;
} written_out[] = {
    {0xC4, 0xE4, "AE"},   {0xC5, 0xE5, "AA"},   {0xC6, 0xE6, "AE"},   {0xD1, 0xF1, "NXX"},
    {0xD6, 0xF6, "OE"},   {0xD8, 0xF8, "OE"},   {0xDC, 0xFC, "UE"},   {0xDC, 0xFC, "UXX"},
    {0xDE, 0xFE, "TH"},   {0xDF, 0x1E9E, "SS"}, {0x132, 0x133, "IJ"}, {0x152, 0x153, "OE"},
    {0x110, 0x111, "DJ"},
};

// U+00C0 to U+017F without their marks; '-' has no single letter.
static const char bases[] = "AAAAAA-CEEEEIIIIDNOOOOO-OUUUUY--"
                            "AAAAAA-CEEEEIIIIDNOOOOO-OUUUUY-Y"
                            "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII--JJKKK"
                            "LLLLLLLLLLNNNNNNNNNOOOOOO--RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUU"
                            "WWYYYZZZZZZS";

// Words of the register's table of prefixes (Landelijke tabel 36).
static const char *const prefix_words[] = {
    "A",     "AAN",   "AF",   "AL",  "AM",  "AN",    "AUF",  "AUS", "BEN",   "BIJ", "BIN",
    "BOVEN", "D",     "DA",   "DAL", "DE",  "DEGLI", "DEI",  "DEL", "DELLA", "DEN", "DER",
    "DES",   "DI",    "DIE",  "DO",  "DOS", "DU",    "EL",   "EN",  "ES",    "GLI", "HET",
    "I",     "IM",    "IN",   "L",   "LA",  "LAS",   "LE",   "LES", "LO",    "LOS", "NAAR",
    "ONDER", "OP",    "OVER", "S",   "T",   "TE",    "TEN",  "TER", "TO",    "TOE", "TOT",
    "UIT",   "UNTER", "VAN",  "VER", "VOM", "VON",   "VOOR", "VOR", "ZU",    "ZUM", "ZUR",
};

void zone_spellings(const char *surname, bool is_name_cut, struct zone_spellings_private *list)
{
    CHECK(strlen(surname) < ZONE_NAME_BYTES);

    memset(list, 0, sizeof *list);
    list->is_cut = is_name_cut;
    const size_t stem = prefix_len(surname);
    add_variants(list, surname, stem, stem, false);
    if (stem > 0) {
        add_variants(list, surname, 0, stem, false);
    }
    list->plain_count = list->count;
    add_variants(list, surname, stem, stem, true);
    add_elided(list, surname + stem);
}

enum zone_fit zone_name_fits(const struct zone_holder *zone, const struct register_name *known)
{
    struct walk surname = walk_begin(zone->surname);
    walk_name(&surname, known->prefix);
    if (known->prefix[0] != '\0') {
        // After an apostrophe ("d'") some write no blank.
        const struct walk joined = surname;
        walk_blank(&surname);
        const size_t len = strlen(known->prefix);
        surname.places |= known->prefix[len - 1] == '\'' ? joined.places : 0;
    }
    walk_name(&surname, known->surname);
    struct walk given = walk_begin(zone->given);
    walk_name(&given, known->given);
    if (is_whole(&surname) && is_whole(&given)) {
        return ZONE_FITS;
    }
    const bool resembles = zone->is_name_cut && (is_whole(&surname) || surname.is_longer) &&
                           (is_whole(&given) || given.is_longer);
    if (!resembles) {
        return ZONE_DIFFERS;
    }
    const bool has_first =
        zone->given[0] != '\0' && (strchr(zone->given, ' ') != NULL || given.is_longer_at_blank);
    return is_whole(&surname) && has_first ? ZONE_FITS : ZONE_RESEMBLES;
}

static struct walk walk_begin(const char *zone)
{
    const size_t len = strlen(zone);
    CHECK(len < ZONE_NAME_BYTES);
    return (struct walk){.zone = zone, .len = len, .places = 1};
}

static void walk_name(struct walk *walk, const char *name)
{
    const size_t len = strlen(name);
    size_t pos = 0;
    while (pos < len && (walk->places != 0)) {
        walk_character(walk, utf8_next(name, len, &pos));
    }
}

static void walk_character(struct walk *walk, uint32_t character)
{
    if (is_dropped(character)) {
        return;
    }
    if (is_blank(character)) {
        walk_blank(walk);
        return;
    }
    if ((walk->places >> walk->len & 1) != 0) {
        walk->is_longer = true;
    }
    uint64_t reached = 0;
    const char base[2] = {base_letter(character), '\0'};
    if (base[0] != '\0') {
        reached |= after(walk, base);
    }
    for (size_t i = 0; i < sizeof written_out / sizeof written_out[0]; i++) {
        if (character == written_out[i].upper || character == written_out[i].lower) {
            reached |= after(walk, written_out[i].letters);
        }
    }
    walk->places = reached;
}

// Fillers never stand twice nor at an end of the zone.
static void walk_blank(struct walk *walk)
{
    uint64_t reached = 0;
    if ((walk->places >> walk->len & 1) != 0) {
        walk->is_longer = true;
        walk->is_longer_at_blank = true;
    }
    for (size_t i = 0; i < walk->len; i++) {
        if ((walk->places >> i & 1) != 0) {
            const bool is_here = walk->zone[i] == ' ';
            const bool was_before = i == 0 || walk->zone[i - 1] == ' ';
            reached |= is_here ? (uint64_t)1 << (i + 1) : 0;
            reached |= was_before ? (uint64_t)1 << i : 0;
        }
    }
    walk->places = reached;
}

// The places behind `letters`, wherever the zone has them now. Letters that the zone's end cuts in
// two ("AE" at its last character) are not there: who is cut so narrowly goes to the counter.
static uint64_t after(const struct walk *walk, const char *letters)
{
    const size_t len = strlen(letters);
    uint64_t reached = 0;
    for (size_t i = 0; i + len <= walk->len; i++) {
        if ((walk->places >> i & 1) != 0 && memcmp(walk->zone + i, letters, len) == 0) {
            reached |= (uint64_t)1 << (i + len);
        }
    }
    return reached;
}

// Punctuation other than hyphens, and marks that stand by themselves.
static bool is_dropped(uint32_t character)
{
    return character == '\'' || character == '.' || character == ',' || character == '`' ||
           character == 0xB4 || character == 0x2018 || character == 0x2019 ||
           (character >= 0x300 && character <= 0x36F);
}

static bool is_blank(uint32_t character)
{
    return character == ' ' || character == '-' || character == 0x2010 || character == 0x2011 ||
           character == 0x2013;
}

static char base_letter(uint32_t character)
{
    if (character >= 'a' && character <= 'z') {
        return (char)(character - 'a' + 'A');
    }
    if (character >= 'A' && character <= 'Z') {
        return (char)character;
    }
    if (character < 0xC0 || character - 0xC0 >= sizeof bases - 1) {
        return '\0';
    }
    const char base = bases[character - 0xC0];
    return base == '-' ? '\0' : base;
}

static bool is_whole(const struct walk *walk)
{
    return (walk->places >> walk->len & 1) != 0;
}

// Bytes of the prefix with the blank behind it; a name that is all prefix has none.
static size_t prefix_len(const char *surname)
{
    const char *at = surname;
    for (const char *blank = strchr(at, ' '); blank != NULL; blank = strchr(at, ' ')) {
        const size_t len = (size_t)(blank - at);
        bool is_prefix = false;
        for (size_t i = 0; i < sizeof prefix_words / sizeof prefix_words[0]; i++) {
            is_prefix = is_prefix ||
                        (strlen(prefix_words[i]) == len && memcmp(prefix_words[i], at, len) == 0);
        }
        if (!is_prefix) {
            break;
        }
        at = blank + 1;
    }
    return (size_t)(at - surname);
}

// Plain: as it stands, then with hyphens behind the prefix. Rare: with at least one mark that was
// written out.
static void add_variants(struct zone_spellings_private *list, const char *surname, size_t from,
                         size_t stem, bool is_rare)
{
    size_t at[SITES_MAX];
    struct sites sites = {.at = at};
    sites.count = find_sites(surname, stem, at, &list->is_incomplete);
    for (sites.chosen = 0; sites.chosen < 1U << sites.count; sites.chosen++) {
        bool has_mark = false;
        for (size_t i = 0; i < sites.count; i++) {
            has_mark = has_mark || ((sites.chosen >> i & 1) != 0 && surname[at[i]] != ' ');
        }
        if (has_mark == is_rare) {
            add_variant(list, surname, from, &sites);
        }
    }
}

static void add_variant(struct zone_spellings_private *list, const char *words, size_t from,
                        const struct sites *sites)
{
    char variant[ZONE_SPELLING_BYTES];
    struct text text;
    text_init(&text, variant, sizeof variant);
    size_t site = 0;
    for (size_t i = from; words[i] != '\0'; i++) {
        const bool is_site = site < sites->count && sites->at[site] == i;
        const bool is_chosen = is_site && (sites->chosen >> site & 1) != 0;
        site += is_site ? 1 : 0;
        if (!is_chosen) {
            text_format(&text, "%c", words[i]);
        } else if (words[i] == ' ') {
            text_add(&text, "-");
        } else {
            // The register looks past marks, so the letter without its mark finds it.
            text_add(&text, words[i] == 'S' ? "\xc3\x9f" : (char[2]){words[i], '\0'});
            i++;
        }
    }
    add(list, variant);
    wipe(variant, sizeof variant);
}

// "D'Hondt" and "O'Brien" lost their apostrophe and nothing stands in its place. A "d'" may also be
// the register's prefix.
static void add_elided(struct zone_spellings_private *list, const char *words)
{
    const bool is_vowel = words[0] != '\0' && words[1] != '\0' && strchr("AEIOUHY", words[1]);
    const bool is_article = (words[0] == 'D' || words[0] == 'L') && is_vowel;
    const bool is_irish = words[0] == 'O' && words[1] != '\0' && !is_vowel && words[1] != ' ';
    if (!is_article && !is_irish) {
        return;
    }
    char variant[ZONE_SPELLING_BYTES];
    struct text text;
    text_init(&text, variant, sizeof variant);
    text_format(&text, "%c'%s", words[0], words + 1);
    add(list, variant);
    if (is_article) {
        add(list, words + 1);
    }
    wipe(variant, sizeof variant);
}

static void add(struct zone_spellings_private *list, const char *words)
{
    if (list->count == ZONE_SPELLINGS_MAX) {
        list->is_incomplete = true;
        return;
    }
    struct text text;
    text_init(&text, list->words[list->count], sizeof list->words[0]);
    text_add(&text, words);
    // The register takes a wildcard behind three characters at least.
    text_add(&text, list->is_cut && strlen(words) >= 3 ? "*" : "");
    CHECK(!text.is_cut); // at most one byte more for each letter
    list->count++;
}

// Gives how many of the first SITES_MAX it filled; there may be more.
static size_t find_sites(const char *words, size_t from, size_t at[], bool *has_more)
{
    static const char *const pairs[] = {"AE", "OE", "UE", "AA", "SS"};
    size_t count = 0;
    for (size_t i = from; words[i] != '\0'; i++) {
        bool is_pair = false;
        for (size_t j = 0; j < sizeof pairs / sizeof pairs[0]; j++) {
            is_pair = is_pair || strncmp(words + i, pairs[j], 2) == 0;
        }
        if (!is_pair && words[i] != ' ') {
            continue;
        }
        if (count == SITES_MAX) {
            *has_more = true;
            break;
        }
        at[count++] = i;
        i += is_pair ? 1 : 0;
    }
    return count;
}
