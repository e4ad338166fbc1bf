// SPDX-License-Identifier: EUPL-1.2
//
// A list of choices that is longer than the screen: which of them stand on a page. Reckoned from
// the length of their titles, since a scene decides before anything is drawn.
#ifndef INLOOP_APPS_KIOSK_LIST_H
#define INLOOP_APPS_KIOSK_LIST_H

#include "apps/kiosk/frame.h"

enum { LIST_TITLE_BYTES = 100 };

struct list {
    const char *(*title)(const struct kiosk *kiosk, size_t index);
    size_t count;
    bool has_head; // one card more stands above them
};

// How many stand on the page that begins with `first`; at least one.
size_t list_page(const struct kiosk *kiosk, const struct list *list, size_t first);
// The first of the next page; of the last page the first of all.
size_t list_next(const struct kiosk *kiosk, const struct list *list, size_t first);
// One of them.
struct node *list_card(struct frame *frame, const char *id, size_t index, struct widget_card card);
// A title as it fits there: one as long as a paragraph is cut.
const char *list_title(struct frame *frame, const char *words);
// The way to the next page, when there is more than one. `left_key` counts those behind this page.
void list_more(struct frame *frame, const struct list *list, size_t first, const char *left_key);

#endif
