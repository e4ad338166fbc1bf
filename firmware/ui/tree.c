// SPDX-License-Identifier: EUPL-1.2
//
// Nodes and words in fixed arenas. A parent always stands before its children, so that layout can
// go up and down by counting.
#include "ui/tree.h"

#include "base/bytes.h"
#include "base/json.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int16_t index_of(const struct tree *tree, const struct node *node);
static const char *own_id(struct tree *tree, const struct node *parent);
static struct json *export_node(const struct node *node, const struct look *look,
                                bool with_private);

const char *tree_role_name(enum role role)
{
    static const char *const names[ROLES_COUNT] = {
        [ROLE_GROUP] = "group",     [ROLE_SCREEN] = "screen",
        [ROLE_HEADING] = "heading", [ROLE_TEXT] = "text",
        [ROLE_BUTTON] = "button",   [ROLE_CARD] = "card",
        [ROLE_BADGE] = "badge",     [ROLE_ICON] = "icon",
        [ROLE_IMAGE] = "image",     [ROLE_FIELD] = "field",
        [ROLE_KEY] = "key",         [ROLE_LIST] = "list",
        [ROLE_ROW] = "row",         [ROLE_NOTICE] = "notice",
        [ROLE_TICKET] = "ticket",   [ROLE_PROGRESS] = "progress",
        [ROLE_ALERT] = "alert",     [ROLE_CLOCK] = "clock",
        [ROLE_QR] = "qr",           [ROLE_CHOICE] = "radio",
        [ROLE_CHECK] = "checkbox",
    };
    CHECK((size_t)role < ROLES_COUNT);
    return names[role];
}

void tree_clear(struct tree *tree)
{
    CHECK(tree->nodes_count <= TREE_NODES_MAX && tree->text_len <= TREE_TEXT_BYTES);

    wipe(tree->text, tree->text_len);
    wipe(tree->nodes, tree->nodes_count * sizeof tree->nodes[0]);
    tree->text_len = 0;
    tree->nodes_count = 0;
}

static bool draws_name(enum role role)
{
    switch (role) {
    case ROLE_HEADING:
    case ROLE_TEXT:
    case ROLE_BUTTON:
    case ROLE_BADGE:
    case ROLE_KEY:
    case ROLE_CLOCK:
    case ROLE_CHOICE:
    case ROLE_CHECK:
        return true;
    case ROLE_GROUP:
    case ROLE_SCREEN:
    case ROLE_CARD:
    case ROLE_ICON:
    case ROLE_IMAGE:
    case ROLE_FIELD:
    case ROLE_LIST:
    case ROLE_ROW:
    case ROLE_NOTICE:
    case ROLE_TICKET:
    case ROLE_PROGRESS:
    case ROLE_ALERT:
    case ROLE_QR:
    case ROLES_COUNT:
        break;
    }
    return false;
}

struct node *tree_add(struct tree *tree, struct node *parent, const char *id, enum role role,
                      const char *name)
{
    CHECK(tree->nodes_count < TREE_NODES_MAX);
    CHECK((parent == NULL) == (tree->nodes_count == 0));
    CHECK(id == NULL || strlen(id) < TREE_ID_BYTES);

    const char *words = id == NULL ? own_id(tree, parent) : tree_words(tree, id);
    struct node *node = &tree->nodes[tree->nodes_count];
    *node = (struct node){.id = words, .role = role, .name = "", .description = "", .value = ""};
    node->parent = -1;
    node->first_child = -1;
    node->last_child = -1;
    node->next = -1;
    node->has_text = draws_name(role);
    if (role == ROLE_BUTTON || role == ROLE_KEY || role == ROLE_FIELD || role == ROLE_CHOICE ||
        role == ROLE_CHECK) {
        node->states = NODE_ACTIONABLE;
    }
    int16_t index = (int16_t)tree->nodes_count;
    tree->nodes_count += 1;
    if (parent != NULL) {
        node->parent = index_of(tree, parent);
        if (parent->last_child >= 0) {
            tree->nodes[parent->last_child].next = index;
        } else {
            parent->first_child = index;
        }
        parent->last_child = index;
    }
    if (name != NULL) {
        tree_set_name(tree, node, name);
    }
    return node;
}

struct node *tree_add_item(struct tree *tree, struct node *parent, const char *stem, size_t index,
                           enum role role, const char *name)
{
    char id[TREE_ID_BYTES];
    struct text text;
    text_init(&text, id, sizeof id);
    text_format(&text, "%s.%zu", stem, index);
    CHECK(!text.is_cut);
    return tree_add(tree, parent, id, role, name);
}

void tree_set_name(struct tree *tree, struct node *node, const char *words)
{
    node->name = tree_words(tree, words);
}

void tree_set_description(struct tree *tree, struct node *node, const char *words)
{
    node->description = tree_words(tree, words);
}

void tree_set_value(struct tree *tree, struct node *node, const char *words)
{
    node->value = tree_words(tree, words);
}

void tree_set_icon(struct tree *tree, struct node *node, const char *icon, float icon_mm)
{
    static const char *const turning[] = {"icon-back", "icon-next", "icon-chev", "icon-stop",
                                          "icon-send"};
    node->icon = tree_words(tree, icon);
    node->icon_mm = icon_mm;
    for (size_t i = 0; i < sizeof turning / sizeof turning[0]; i++) {
        node->icon_mirrors = node->icon_mirrors || text_equal(icon, turning[i]);
    }
}

const char *tree_words(struct tree *tree, const char *words)
{
    size_t bytes = strlen(words) + 1;
    CHECK(bytes <= TREE_TEXT_BYTES - tree->text_len);
    char *copy = tree->text + tree->text_len;
    memcpy(copy, words, bytes);
    tree->text_len += bytes;
    return copy;
}

struct node *tree_find(struct tree *tree, const char *id)
{
    for (size_t i = 0; i < tree->nodes_count; i++) {
        if (text_equal(tree->nodes[i].id, id)) {
            return &tree->nodes[i];
        }
    }
    return NULL;
}

struct node *tree_parent(const struct tree *tree, const struct node *node)
{
    // The caller's node is in this tree, so its parent may be changed as the node itself may.
    return node->parent < 0 ? NULL : (struct node *)&tree->nodes[node->parent];
}

bool tree_is_within(const struct tree *tree, const struct node *node, const struct node *parent)
{
    for (const struct node *at = node; at != NULL; at = tree_parent(tree, at)) {
        if (at == parent) {
            return true;
        }
    }
    return false;
}

bool tree_takes_focus(const struct node *node)
{
    unsigned wanted = node->states & (NODE_ACTIONABLE | NODE_DISABLED | NODE_HIDDEN);
    return wanted == NODE_ACTIONABLE;
}

struct node *tree_at(struct tree *tree, float x_mm, float y_mm)
{
    for (size_t i = tree->nodes_count; i > 0; i--) {
        struct node *node = &tree->nodes[i - 1];
        const struct area *area = &node->area;
        if (tree_takes_focus(node) && x_mm >= area->x_mm && x_mm < area->x_mm + area->width_mm &&
            y_mm >= area->y_mm && y_mm < area->y_mm + area->height_mm) {
            return node;
        }
    }
    return NULL;
}

const struct node *tree_after(const struct tree *tree, const struct node *node)
{
    if (node->first_child >= 0) {
        return &tree->nodes[node->first_child];
    }
    for (const struct node *at = node; at != NULL; at = tree_parent(tree, at)) {
        if (at->next >= 0) {
            return &tree->nodes[at->next];
        }
    }
    return NULL;
}

size_t tree_focus_order(const struct tree *tree, int16_t *order, size_t order_max)
{
    size_t count = 0;
    const struct node *node = tree->nodes_count > 0 ? &tree->nodes[0] : NULL;
    for (; node != NULL && count < order_max; node = tree_after(tree, node)) {
        if (tree_takes_focus(node)) {
            order[count] = index_of(tree, node);
            count += 1;
        }
    }
    return count;
}

char *tree_export(const struct tree *tree, const struct look *look, bool with_private)
{
    struct json *list = json_new_array();
    const struct node *node = tree->nodes_count > 0 ? &tree->nodes[0] : NULL;
    for (; node != NULL; node = tree_after(tree, node)) {
        json_append(list, export_node(node, look, with_private));
    }
    char *words = json_write_new(list);
    json_wipe_free(list);
    return words;
}

static int16_t index_of(const struct tree *tree, const struct node *node)
{
    CHECK(node >= tree->nodes && node < tree->nodes + TREE_NODES_MAX);
    return (int16_t)(node - tree->nodes);
}

// An id for nodes nobody asks for by name: the parent's and the position. The same model gives the
// same ids, which is all that finding changes needs.
static const char *own_id(struct tree *tree, const struct node *parent)
{
    if (parent == NULL) {
        return "screen";
    }
    size_t position = 0;
    for (int16_t at = parent->first_child; at >= 0; at = tree->nodes[at].next) {
        position += 1;
    }
    char id[TREE_ID_BYTES];
    struct text text;
    text_init(&text, id, sizeof id);
    text_format(&text, "%s/%zu", parent->id, position);
    if (text.is_cut) {
        // Deep nesting: the position in the tree is unique too, only less steady.
        text_init(&text, id, sizeof id);
        text_format(&text, "~%zu", tree->nodes_count);
    }
    return tree_words(tree, id);
}

static struct json *export_states(const struct node *node)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {
        {NODE_DISABLED, "disabled"}, {NODE_FOCUSED, "focused"}, {NODE_PRESSED, "pressed"},
        {NODE_CHECKED, "checked"},   {NODE_INVALID, "invalid"}, {NODE_LIVE, "live"},
        {NODE_HIDDEN, "hidden"},
    };
    struct json *states = json_new_array();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((node->states & names[i].bit) != 0) {
            json_append(states, json_new_text(names[i].name));
        }
    }
    return states;
}

static struct json *export_node(const struct node *node, const struct look *look, bool with_private)
{
    struct json *object = json_new_object();
    bool is_told = node->privacy == PRIVACY_PUBLIC || with_private;
    json_set_text(object, "id", node->id);
    json_set_text(object, "role", tree_role_name(node->role));
    json_set_text(object, "name", is_told ? node->name : "");
    json_set_text(object, "value", is_told ? node->value : "");
    json_set_int(object, "x", look_px(look, node->area.x_mm));
    json_set_int(object, "y", look_px(look, node->area.y_mm));
    json_set_int(object, "width", look_px(look, node->area.width_mm));
    json_set_int(object, "height", look_px(look, node->area.height_mm));
    json_set_bool(object, "focusable", tree_takes_focus(node));
    json_set(object, "states", export_states(node));
    return object;
}
