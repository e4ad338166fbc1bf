// SPDX-License-Identifier: EUPL-1.2
//
// A walk over short items that keeps the three tables of the HID standard: globals, locals and how
// far each report has grown.
#include "drivers/hid.h"

#include "base/bytes.h"

enum { DEPTH_MAX = 8, STACK_MAX = 4, USAGES_MAX = 64, REPORT_IDS = 256 };

// Prefix bytes without their two size bits.
enum {
    ITEM_INPUT = 0x80,
    ITEM_OUTPUT = 0x90,
    ITEM_FEATURE = 0xB0,
    ITEM_COLLECTION = 0xA0,
    ITEM_END_COLLECTION = 0xC0,
    ITEM_USAGE_PAGE = 0x04,
    ITEM_REPORT_SIZE = 0x74,
    ITEM_REPORT_ID = 0x84,
    ITEM_REPORT_COUNT = 0x94,
    ITEM_PUSH = 0xA4,
    ITEM_POP = 0xB4,
    ITEM_USAGE = 0x08,
    ITEM_USAGE_FIRST = 0x18,
    ITEM_USAGE_LAST = 0x28,
    ITEM_LONG = 0xFE, // a whole prefix byte
};

enum { COLLECTION_APPLICATION = 1, INPUT_IS_CONSTANT = 1 };

// Page in the upper half, as in a four-byte usage item.
#define USAGE_KEYBOARD 0x00010006U
#define USAGE_KEYPAD 0x00010007U
#define USAGE_BYTE_COUNT 0x0001003BU
#define USAGE_AIM_FIRST 0x008C00FBU
#define USAGE_AIM_LAST 0x008C00FDU
#define USAGE_DATA 0x008C00FEU
#define USAGE_CONTINUED 0x008C00FFU

struct globals {
    uint32_t page;
    uint32_t size_bits;
    uint32_t count;
    uint8_t report_id;
};

struct walk {
    struct hid_layout layout;
    struct globals now;
    struct globals stack[STACK_MAX];
    size_t stack_count;
    size_t depth;
    uint32_t usages[USAGES_MAX];
    size_t usages_count;
    uint32_t usage_first; // of a range
    uint16_t grown_bits[REPORT_IDS];
};

static enum err take_item(struct walk *walk, uint8_t kind, uint32_t value);
static void take_range(struct walk *walk, uint32_t last);
static enum err take_global(struct walk *walk, uint8_t kind, uint32_t value);
static enum err set_report_id(struct walk *walk, uint32_t value);
static enum err open_collection(struct walk *walk, uint32_t value);
static enum err take_input(struct walk *walk, uint32_t flags);
static void note_part(struct walk *walk, uint32_t usage, struct hid_part part);
static uint32_t usage_at(const struct walk *walk, size_t index);

enum err hid_parse(const uint8_t *descriptor, size_t len, struct hid_layout *layout)
{
    static const uint8_t value_bytes[] = {0, 1, 2, 4};
    if (len > HID_DESCRIPTOR_BYTES) {
        return ERR_TOO_BIG;
    }
    struct walk walk = {0};
    struct bytes_in in;
    bytes_in_init(&in, descriptor, len);
    while (bytes_in_left(&in) > 0) {
        uint8_t prefix = bytes_in_u8(&in);
        if (prefix == ITEM_LONG) {
            size_t skip = bytes_in_u8(&in);
            (void)bytes_in_take(&in, skip + 1); // its tag and data; none is defined
            continue;
        }
        uint32_t value = 0;
        for (unsigned i = 0; i < value_bytes[prefix & 3U]; i++) {
            value |= (uint32_t)bytes_in_u8(&in) << (8 * i);
        }
        enum err err = in.failed ? ERR_MALFORMED : take_item(&walk, prefix & 0xFCU, value);
        if (err != OK) {
            return err;
        }
    }
    if (in.failed || walk.depth != 0 || len == 0) {
        return ERR_MALFORMED;
    }
    *layout = walk.layout;
    return OK;
}

static enum err take_item(struct walk *walk, uint8_t kind, uint32_t value)
{
    enum err err = OK;
    switch (kind) {
    case ITEM_USAGE:
        if (walk->usages_count == USAGES_MAX) {
            return ERR_TOO_BIG;
        }
        walk->usages[walk->usages_count++] = value;
        return OK;
    case ITEM_USAGE_FIRST:
        walk->usage_first = value;
        return OK;
    case ITEM_USAGE_LAST:
        take_range(walk, value);
        return OK;
    case ITEM_COLLECTION:
        err = open_collection(walk, value);
        break;
    case ITEM_END_COLLECTION:
        err = walk->depth == 0 ? ERR_MALFORMED : OK;
        walk->depth -= err == OK ? 1 : 0;
        break;
    case ITEM_INPUT:
        err = take_input(walk, value);
        break;
    case ITEM_OUTPUT:
    case ITEM_FEATURE:
        break;
    default:
        return take_global(walk, kind, value);
    }
    walk->usage_first = 0;
    walk->usages_count = 0; // locals live until the next main item
    return err;
}

// A keyboard's range of keys may be longer than our table; what is left out has no part we look
// for.
static void take_range(struct walk *walk, uint32_t last)
{
    for (uint32_t usage = walk->usage_first; usage <= last && walk->usages_count < USAGES_MAX;
         usage++) {
        walk->usages[walk->usages_count++] = usage;
        if (usage == UINT32_MAX) {
            return;
        }
    }
}

static enum err take_global(struct walk *walk, uint8_t kind, uint32_t value)
{
    switch (kind) {
    case ITEM_USAGE_PAGE:
        walk->now.page = value;
        return value > UINT16_MAX ? ERR_MALFORMED : OK;
    case ITEM_REPORT_SIZE:
        walk->now.size_bits = value;
        return value > HID_REPORT_BYTES * 8 ? ERR_TOO_BIG : OK;
    case ITEM_REPORT_COUNT:
        walk->now.count = value;
        return value > HID_REPORT_BYTES * 8 ? ERR_TOO_BIG : OK;
    case ITEM_REPORT_ID:
        return set_report_id(walk, value);
    case ITEM_PUSH:
        if (walk->stack_count == STACK_MAX) {
            return ERR_TOO_BIG;
        }
        walk->stack[walk->stack_count++] = walk->now;
        return OK;
    case ITEM_POP:
        if (walk->stack_count == 0) {
            return ERR_MALFORMED;
        }
        walk->now = walk->stack[--walk->stack_count];
        return OK;
    default:
        return OK; // limits and units do not move anything
    }
}

static enum err set_report_id(struct walk *walk, uint32_t value)
{
    if (value == 0 || value >= REPORT_IDS) {
        return ERR_MALFORMED;
    }
    walk->now.report_id = (uint8_t)value;
    if (walk->grown_bits[value] == 0) {
        walk->grown_bits[value] = 8; // the id itself
    }
    return OK;
}

static enum err open_collection(struct walk *walk, uint32_t value)
{
    if (walk->depth == DEPTH_MAX) {
        return ERR_TOO_BIG;
    }
    walk->depth++;
    uint32_t usage = usage_at(walk, 0);
    if (value == COLLECTION_APPLICATION && (usage == USAGE_KEYBOARD || usage == USAGE_KEYPAD)) {
        walk->layout.is_keyboard = true;
    }
    return OK;
}

static enum err take_input(struct walk *walk, uint32_t flags)
{
    const struct globals *now = &walk->now;
    uint32_t start = walk->grown_bits[now->report_id];
    uint32_t end = start + now->size_bits * now->count; // both at most 8192
    if (end > HID_REPORT_BYTES * 8) {
        return ERR_TOO_BIG;
    }
    walk->grown_bits[now->report_id] = (uint16_t)end;
    if ((flags & INPUT_IS_CONSTANT) != 0) {
        return OK;
    }
    for (size_t i = 0; i < walk->usages_count && i < now->count; i++) {
        // The last usage named stands for all fields that are left.
        uint32_t fields = i + 1 == walk->usages_count ? now->count - (uint32_t)i : 1;
        struct hid_part part = {.offset_bits = (uint16_t)(start + now->size_bits * (uint32_t)i),
                                .bits = (uint16_t)(now->size_bits * fields)};
        note_part(walk, usage_at(walk, i), part);
    }
    return OK;
}

static void note_part(struct walk *walk, uint32_t usage, struct hid_part part)
{
    struct hid_layout *layout = &walk->layout;
    if (layout->report_id != walk->now.report_id) {
        if (layout->data.bits != 0) {
            return; // the report with the text has been found already
        }
        *layout = (struct hid_layout){.is_keyboard = layout->is_keyboard,
                                      .report_id = walk->now.report_id};
    }
    bool is_bytes = part.offset_bits % 8 == 0 && part.bits % 8 == 0;
    if (usage == USAGE_DATA && is_bytes && walk->now.size_bits == 8 && layout->data.bits == 0) {
        layout->data = part;
    } else if (usage == USAGE_BYTE_COUNT && is_bytes && part.bits == 8) {
        layout->data_length = part;
    } else if (usage >= USAGE_AIM_FIRST && usage <= USAGE_AIM_LAST && is_bytes && part.bits == 8) {
        layout->aim[usage - USAGE_AIM_FIRST] = part;
    } else if (usage == USAGE_CONTINUED && part.bits != 0) {
        part.bits = 1;
        layout->is_continued = part;
    }
}

static uint32_t usage_at(const struct walk *walk, size_t index)
{
    if (index >= walk->usages_count) {
        return 0;
    }
    uint32_t usage = walk->usages[index];
    return usage > UINT16_MAX ? usage : (walk->now.page << 16 | usage);
}
