// SPDX-License-Identifier: EUPL-1.2
//
// The catalogue's order.
#include "core/catalogue.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

void catalogue_add(struct catalogue *catalogue, const struct published *form)
{
    CHECK(catalogue->forms_count <= CATALOGUE_MAX);

    size_t at = catalogue->forms_count;
    while (at > 0 && strcasecmp(form->title, catalogue->forms[at - 1].title) < 0) {
        at -= 1;
    }
    if (at == CATALOGUE_MAX) {
        return;
    }
    if (catalogue->forms_count < CATALOGUE_MAX) {
        catalogue->forms_count += 1;
    }
    memmove(&catalogue->forms[at + 1], &catalogue->forms[at],
            (catalogue->forms_count - at - 1) * sizeof catalogue->forms[0]);
    catalogue->forms[at] = *form;
}

const struct published *catalogue_find(const struct catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue->forms_count; i++) {
        if (text_equal(catalogue->forms[i].id, id)) {
            return &catalogue->forms[i];
        }
    }
    return NULL;
}
