// SPDX-License-Identifier: EUPL-1.2
//
// A pattern's text becomes a machine of states (Thompson's construction), one character after the
// other, without calling itself for what stands in brackets.
#include "forms/pattern_machine.h"

#include "base/text.h"

#include <string.h>

enum { REPEATS_MAX = 1000, NO_LIMIT = -2 };

static const struct pattern_piece nothing = {PATTERN_NOWHERE, PATTERN_NOWHERE, PATTERN_NOWHERE};

static void read_one(struct pattern_machine *machine);
static void open_group(struct pattern_machine *machine);
static void close_group(struct pattern_machine *machine);
static void end_choice(struct pattern_machine *machine);
static void read_escape(struct pattern_machine *machine);
static void read_set(struct pattern_machine *machine);
static bool read_quantifier(struct pattern_machine *machine, uint32_t c);
static void repeat(struct pattern_machine *machine, int min, int max);
static void add_atom(struct pattern_machine *machine, enum pattern_kind kind, uint32_t c);
static int16_t add_state(struct pattern_machine *machine, struct pattern_state state);
static void fail(struct pattern_machine *machine, enum err err);

enum err pattern_build(struct pattern_machine *machine, const char *pattern, int16_t *start)
{
    CHECK(pattern != NULL);

    machine->count = 0;
    machine->sets_count = 0;
    machine->depth = 1;
    machine->groups[0] = (struct pattern_group){nothing, nothing, nothing};
    machine->pattern = pattern;
    machine->len = strlen(pattern);
    machine->pos = 0;
    machine->err = machine->len > PATTERN_BYTES_MAX ? ERR_TOO_BIG : OK;
    while (machine->err == OK && machine->pos < machine->len) {
        read_one(machine);
    }
    if (machine->err == OK && machine->depth != 1) {
        fail(machine, ERR_MALFORMED);
    }
    end_choice(machine);
    const int16_t done =
        add_state(machine, (struct pattern_state){.kind = DONE, .next = PATTERN_NOWHERE});
    if (machine->err != OK) {
        return machine->err;
    }
    *start = machine->groups[0].choices.start;
    machine->states[machine->groups[0].choices.exit].next = done;
    return OK;
}

static void read_one(struct pattern_machine *machine)
{
    const uint32_t c = utf8_next(machine->pattern, machine->len, &machine->pos);
    switch (c) {
    case '(':
        open_group(machine);
        return;
    case ')':
        close_group(machine);
        return;
    case '|':
        end_choice(machine);
        return;
    case '[':
        read_set(machine);
        return;
    case '\\':
        read_escape(machine);
        return;
    case '^':
        add_atom(machine, AT_BEGIN, 0);
        return;
    case '$':
        add_atom(machine, AT_END, 0);
        return;
    case '.':
        if (machine->sets_count < PATTERN_SETS_MAX) {
            machine->sets[machine->sets_count] = (struct pattern_set){
                .is_negated = true, .count = 2, .ranges = {{'\n', '\n'}, {'\r', '\r'}}};
            add_atom(machine, TAKE_SET, (uint32_t)machine->sets_count++);
            return;
        }
        fail(machine, ERR_TOO_BIG);
        return;
    default:
        if (!read_quantifier(machine, c)) {
            add_atom(machine, TAKE_CHAR, c);
        }
    }
}

static void open_group(struct pattern_machine *machine)
{
    if (machine->pattern[machine->pos] == '?') {
        if (machine->pattern[machine->pos + 1] != ':') {
            fail(machine, ERR_UNSUPPORTED); // looks around, or gives a name
            return;
        }
        machine->pos += 2;
    }
    if (machine->depth == PATTERN_GROUPS_MAX) {
        fail(machine, ERR_TOO_BIG);
        return;
    }
    machine->groups[machine->depth] = (struct pattern_group){nothing, nothing, nothing};
    machine->depth++;
}

// Leads `left` into `right`, which lies right behind it.
static struct pattern_piece joined(struct pattern_machine *machine, struct pattern_piece left,
                                   struct pattern_piece right)
{
    if (left.first == PATTERN_NOWHERE) {
        return right;
    }
    if (right.first == PATTERN_NOWHERE || machine->err != OK) {
        return left;
    }
    machine->states[left.exit].next = right.start;
    return (struct pattern_piece){left.first, left.start, right.exit};
}

static void take_atom(struct pattern_machine *machine)
{
    struct pattern_group *group = &machine->groups[machine->depth - 1];
    group->sequence = joined(machine, group->sequence, group->atom);
    group->atom = nothing;
}

static struct pattern_piece empty_piece(struct pattern_machine *machine)
{
    const int16_t at =
        add_state(machine, (struct pattern_state){.kind = JUMP, .next = PATTERN_NOWHERE});
    return (struct pattern_piece){at, at, at};
}

static void end_choice(struct pattern_machine *machine)
{
    take_atom(machine);
    struct pattern_group *group = &machine->groups[machine->depth - 1];
    struct pattern_piece last = group->sequence;
    if (last.first == PATTERN_NOWHERE) {
        last = empty_piece(machine);
    }
    group->sequence = nothing;
    if (group->choices.first == PATTERN_NOWHERE) {
        group->choices = last;
        return;
    }
    const struct pattern_piece before = group->choices;
    const int16_t fork = add_state(
        machine, (struct pattern_state){.kind = FORK, .next = before.start, .other = last.start});
    const int16_t exit =
        add_state(machine, (struct pattern_state){.kind = JUMP, .next = PATTERN_NOWHERE});
    if (machine->err == OK) {
        machine->states[before.exit].next = exit;
        machine->states[last.exit].next = exit;
        group->choices = (struct pattern_piece){before.first, fork, exit};
    }
}

static void close_group(struct pattern_machine *machine)
{
    if (machine->depth == 1) {
        fail(machine, ERR_MALFORMED);
        return;
    }
    end_choice(machine);
    const struct pattern_piece inside = machine->groups[machine->depth - 1].choices;
    machine->depth--;
    take_atom(machine);
    machine->groups[machine->depth - 1].atom = inside;
}

static void add_range(struct pattern_machine *machine, struct pattern_set *set, uint32_t first,
                      uint32_t last)
{
    if (set->count == PATTERN_RANGES_MAX) {
        fail(machine, ERR_TOO_BIG);
        return;
    }
    set->ranges[set->count].first = first;
    set->ranges[set->count].last = last;
    set->count++;
}

// The six letters that stand for many characters. False: `letter` is none of them.
static bool add_many(struct pattern_machine *machine, struct pattern_set *set, uint32_t letter)
{
    static const struct {
        char letter;
        uint8_t count;
        uint32_t ends[10]; // first and last of each range, in order
    } many[] = {
        {'d', 1, {'0', '9'}},
        {'w', 4, {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}},
        {'s', 5, {0x09, 0x0d, ' ', ' ', 0xa0, 0xa0, 0x2000, 0x200a, 0x2028, 0x2029}},
    };
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        const bool is_other = letter + ('a' - 'A') == (uint32_t)many[i].letter;
        if (letter != (uint32_t)many[i].letter && !is_other) {
            continue;
        }
        uint32_t from = 0;
        for (size_t k = 0; k < many[i].count; k++) {
            const uint32_t first = many[i].ends[2 * k];
            const uint32_t last = many[i].ends[2 * k + 1];
            if (is_other) {
                add_range(machine, set, from, first - 1);
            } else {
                add_range(machine, set, first, last);
            }
            from = last + 1;
        }
        if (is_other) {
            add_range(machine, set, from, 0x10ffff);
        }
        return true;
    }
    return false;
}

// What stands behind a backslash and is one character. False: it is not, and `err` says why.
static bool escaped_char(struct pattern_machine *machine, uint32_t *c)
{
    static const char letters[] = "tnrfv";
    static const char meant[] = "\t\n\r\f\v";
    const uint32_t letter = utf8_next(machine->pattern, machine->len, &machine->pos);
    *c = letter;
    if (letter == 0) {
        fail(machine, ERR_MALFORMED);
        return false;
    }
    const bool is_word = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                         (letter >= 'A' && letter <= 'Z');
    if (!is_word) {
        return true;
    }
    const char *found = letter < 0x80 ? strchr(letters, (int)letter) : NULL;
    if (found == NULL) {
        fail(machine, ERR_UNSUPPORTED);
        return false;
    }
    *c = (uint32_t)meant[found - letters];
    return true;
}

static void read_escape(struct pattern_machine *machine)
{
    if (machine->sets_count == PATTERN_SETS_MAX) {
        fail(machine, ERR_TOO_BIG);
        return;
    }
    struct pattern_set *set = &machine->sets[machine->sets_count];
    *set = (struct pattern_set){0};
    if (add_many(machine, set, (uint32_t)(unsigned char)machine->pattern[machine->pos])) {
        machine->pos++;
        add_atom(machine, TAKE_SET, (uint32_t)machine->sets_count++);
        return;
    }
    uint32_t c = 0;
    if (escaped_char(machine, &c)) {
        add_atom(machine, TAKE_CHAR, c);
    }
}

// One end of a range. False: it was a whole set of its own, or an error.
static bool set_char(struct pattern_machine *machine, struct pattern_set *set, uint32_t *c)
{
    *c = utf8_next(machine->pattern, machine->len, &machine->pos);
    if (*c != '\\') {
        return true;
    }
    if (add_many(machine, set, (uint32_t)(unsigned char)machine->pattern[machine->pos])) {
        machine->pos++;
        return false;
    }
    return escaped_char(machine, c);
}

static void read_set(struct pattern_machine *machine)
{
    if (machine->sets_count == PATTERN_SETS_MAX) {
        fail(machine, ERR_TOO_BIG);
        return;
    }
    struct pattern_set *set = &machine->sets[machine->sets_count];
    *set = (struct pattern_set){.is_negated = machine->pattern[machine->pos] == '^'};
    machine->pos += set->is_negated;
    if (machine->pattern[machine->pos] == ']') {
        fail(machine, ERR_UNSUPPORTED); // nothing, or everything
        return;
    }
    while (machine->err == OK && machine->pos < machine->len &&
           machine->pattern[machine->pos] != ']') {
        uint32_t first = 0;
        if (!set_char(machine, set, &first)) {
            continue;
        }
        uint32_t last = first;
        const char *at = machine->pattern + machine->pos;
        if (at[0] == '-' && at[1] != ']' && at[1] != '\0') {
            machine->pos++;
            if (!set_char(machine, set, &last) || last < first) {
                fail(machine, ERR_MALFORMED);
                return;
            }
        }
        add_range(machine, set, first, last);
    }
    if (machine->pos >= machine->len) {
        fail(machine, ERR_MALFORMED);
        return;
    }
    machine->pos++;
    add_atom(machine, TAKE_SET, (uint32_t)machine->sets_count++);
}

// "{2}", "{2,}", "{2,5}" behind the brace; anything else is a brace like any character.
static bool read_counts(struct pattern_machine *machine, int *min, int *max)
{
    const char *at = machine->pattern + machine->pos;
    int counts[2] = {0, PATTERN_NOWHERE};
    size_t which = 0;
    size_t digits_count = 0;
    for (; *at != '}'; at++) {
        if (*at == ',' && which == 0 && digits_count > 0) {
            which = 1;
            counts[1] = NO_LIMIT;
        } else if (*at >= '0' && *at <= '9') {
            const int before = counts[which] < 0 ? 0 : counts[which];
            counts[which] = before > REPEATS_MAX ? before : before * 10 + (*at - '0');
            digits_count++;
        } else {
            return false;
        }
    }
    if (digits_count == 0) {
        return false;
    }
    *min = counts[0];
    *max = which == 0 ? counts[0] : counts[1];
    machine->pos = (size_t)(at - machine->pattern) + 1;
    return true;
}

static bool read_quantifier(struct pattern_machine *machine, uint32_t c)
{
    int min = c == '+' ? 1 : 0;
    int max = c == '?' ? 1 : NO_LIMIT;
    if (c != '*' && c != '+' && c != '?' && (c != '{' || !read_counts(machine, &min, &max))) {
        return false;
    }
    // Patient or greedy takes the same texts.
    machine->pos += machine->pattern[machine->pos] == '?';
    repeat(machine, min, max);
    return true;
}

// The same row once more behind the last one.
static struct pattern_piece copy_of(struct pattern_machine *machine, struct pattern_piece piece)
{
    const int16_t by = (int16_t)(machine->count - piece.first);
    for (int16_t at = piece.first; at <= piece.exit && machine->err == OK; at++) {
        struct pattern_state state = machine->states[at];
        state.next = (int16_t)(state.next == PATTERN_NOWHERE ? PATTERN_NOWHERE : state.next + by);
        state.other = (int16_t)(state.kind == FORK ? state.other + by : PATTERN_NOWHERE);
        (void)add_state(machine, state); // its place is known
    }
    return (struct pattern_piece){(int16_t)(piece.first + by), (int16_t)(piece.start + by),
                                  (int16_t)(piece.exit + by)};
}

// None or one, or none or any number.
static struct pattern_piece optional(struct pattern_machine *machine, struct pattern_piece piece,
                                     bool is_many)
{
    const int16_t fork = add_state(
        machine,
        (struct pattern_state){.kind = FORK, .next = piece.start, .other = PATTERN_NOWHERE});
    const int16_t exit =
        add_state(machine, (struct pattern_state){.kind = JUMP, .next = PATTERN_NOWHERE});
    if (machine->err == OK) {
        machine->states[fork].other = exit;
        machine->states[piece.exit].next = is_many ? fork : exit;
    }
    return (struct pattern_piece){piece.first, fork, exit};
}

static void repeat(struct pattern_machine *machine, int min, int max)
{
    struct pattern_group *group = &machine->groups[machine->depth - 1];
    const struct pattern_piece atom = group->atom;
    if (atom.first == PATTERN_NOWHERE || (max != NO_LIMIT && max < min)) {
        fail(machine, ERR_MALFORMED);
        return;
    }
    if (min > REPEATS_MAX || max > REPEATS_MAX) {
        fail(machine, ERR_TOO_BIG);
        return;
    }
    // The atom itself is only the mould; what is asked for are copies behind it.
    struct pattern_piece whole = nothing;
    for (int i = 0; i < min && machine->err == OK; i++) {
        whole = joined(machine, whole, copy_of(machine, atom));
    }
    for (int i = min; i < (max == NO_LIMIT ? min + 1 : max) && machine->err == OK; i++) {
        const struct pattern_piece once =
            optional(machine, copy_of(machine, atom), max == NO_LIMIT);
        whole = joined(machine, whole, once);
    }
    if (whole.first == PATTERN_NOWHERE) {
        whole = empty_piece(machine);
    }
    whole.first = atom.first;
    group->atom = whole;
    // A second quantifier has nothing to repeat: what is repeated already starts a new sequence.
    take_atom(machine);
}

static void add_atom(struct pattern_machine *machine, enum pattern_kind kind, uint32_t c)
{
    take_atom(machine);
    const int16_t at =
        add_state(machine, (struct pattern_state){.kind = kind, .c = c, .next = PATTERN_NOWHERE});
    const int16_t exit =
        add_state(machine, (struct pattern_state){.kind = JUMP, .next = PATTERN_NOWHERE});
    if (machine->err == OK) {
        machine->states[at].next = exit;
        machine->groups[machine->depth - 1].atom = (struct pattern_piece){at, at, exit};
    }
}

static int16_t add_state(struct pattern_machine *machine, struct pattern_state state)
{
    if (machine->count == PATTERN_STATES_MAX) {
        fail(machine, ERR_TOO_BIG);
        return 0;
    }
    machine->states[machine->count] = state;
    return machine->count++;
}

static void fail(struct pattern_machine *machine, enum err err)
{
    if (machine->err == OK) {
        machine->err = err;
    }
}
