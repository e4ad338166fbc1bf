// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a source may call a form: refused with a sentence, or walked to its end and back, every
// page checked, read and written.
#include "forms/walk.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct walk walk;

static void look_at(struct walk_page page)
{
    static int16_t lead[FORM_FIELDS_MAX];
    char words[128];
    size_t step = 0;
    size_t steps = 0;
    walk_position(&walk, page, &step, &steps);
    CHECK(step >= 1 && step <= steps);
    CHECK(walk_lead(&walk, page, lead, FORM_FIELDS_MAX) <= walk.form.fields_count);
    const struct form_field *field = &walk.form.fields[page.place.field];
    if (page.kind == WALK_READ) {
        return;
    }
    const struct check_result result =
        check_place(&walk.form, &walk.answers, &walk.logic, page.place, walk.today);
    CHECK(strlen(check_fault_name(result.fault)) > 0);
    answers_text(&walk.answers, &walk.form, page.place, words, sizeof words);
    struct walk_page again;
    CHECK(walk_at(&walk, page.place, &again) && again.kind == page.kind);
    if (page.kind == WALK_ITEMS && answers_may_add(&walk.answers, &walk.form, page.place.field)) {
        CHECK(answers_add_item(&walk.answers, &walk.form, page.place.field) == OK);
    }
    if (page.kind == WALK_ITEMS &&
        answers_items_count(&walk.answers, &walk.form, page.place.field) > 0) {
        struct walk_page inner;
        bool is_inside = walk_item(&walk, page.place.field, 0, &inner);
        for (size_t i = 0; is_inside && inner.kind != WALK_ITEMS; i++) {
            CHECK(i < walk.form.fields_count);
            inner = walk_next(&walk, inner);
        }
        return;
    }
    struct json *value = NULL;
    if (form_is_question(field) && answers_value(field, words, &value) == OK) {
        const enum err err = walk_answer(&walk, page.place, value, NULL);
        CHECK(err == OK || err == ERR_STATE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct json *document = NULL;
    struct fault fault = {0};
    if (json_parse((const char *)data, len, &document) != OK) {
        return 0;
    }
    const enum err err = walk_open(&walk, document, (struct date){2026, 11, 26}, &fault);
    if (err != OK) {
        CHECK(err == ERR_MALFORMED || err == ERR_TOO_BIG);
        CHECK(fault.text[0] != '\0');
        CHECK(walk.form.root == NULL);
        return 0;
    }
    struct walk_page page = walk_first(&walk);
    // Answers may show and hide on the way; forwards it still ends.
    for (size_t i = 0; page.kind != WALK_CHECK; i++) {
        CHECK(i <= walk.form.fields_count);
        look_at(page);
        page = walk_next(&walk, page);
    }
    for (size_t i = 0; walk_back(&walk, page, &page); i++) {
        CHECK(i <= walk.form.fields_count);
    }
    struct json *all = answers_write(&walk.answers, &walk.form, &walk.logic, -1);
    json_wipe_free(all);
    (void)walk_resume(&walk); // only that it ends
    walk_close(&walk);
    return 0;
}
