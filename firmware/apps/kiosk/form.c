// SPDX-License-Identifier: EUPL-1.2
//
// The way through a form: one page after the other, back without loss, to the counter and out.
#include "apps/kiosk/kiosk.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static struct walk_page page_after(const struct kiosk_form_private *form);
static bool is_item(const struct kiosk_form_private *form);
static enum check_fault no_value(enum form_kind kind);
static void name_place(const struct kiosk_form_private *form, struct context_form_private *place);

void kiosk_form_close(struct kiosk_form_private *form)
{
    if (form->is_open) {
        walk_close(&form->walk);
    }
    json_wipe_free(form->prefill_private);
    json_wipe_free(form->stored_private);
    json_wipe_free(form->given_private);
    wipe(form, sizeof *form);
}

void kiosk_form_start(struct kiosk *kiosk, bool from_nothing)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct walk *walk = &form->walk;
    struct fault fault = {0};
    CHECK(form->is_open);
    // Until the first page is left nothing was overwritten: who comes back may still choose.
    answers_close(&walk->answers);
    enum err err = answers_open(&walk->answers, &walk->form, form->prefill_private,
                                from_nothing ? NULL : form->stored_private, &fault);
    CHECK(err == OK); // it was read once already
    err = logic_apply(&walk->logic, &walk->form, &walk->answers, walk->today, &fault);
    if (err != OK || (walk->logic.is_unsure && !form->asks_source)) {
        kiosk_form_show_trouble(kiosk, FORM_CANNOT);
        return;
    }
    form->entry.is_loaded = false;
    json_wipe_free(form->given_private);
    form->given_private = kiosk_form_answers(form); // nothing of the visitor's yet
    struct walk_page page = from_nothing ? walk_first(walk) : walk_resume(walk);
    bool knows = !from_nothing && form->stopped.key[0] != '\0';
    struct walk_page stopped;
    if (knows && walk_find(walk, form->stopped.key, &stopped)) {
        page = stopped;
    }
    kiosk_form_show(kiosk, page);
}

void kiosk_form_next(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (form->goes_on || kiosk->waits_for != 0) {
        return; // the source is still looking at this page
    }
    form->error[0] = '\0';
    bool asks = form->page.kind == WALK_QUESTION || form->page.kind == WALK_ITEMS;
    enum err err = asks ? kiosk_form_store(kiosk) : OK;
    if (err == ERR_STATE) {
        kiosk_form_show_trouble(kiosk,
                                FORM_CANNOT); // the rules go round: nobody can say what comes
        return;
    }
    struct check_result result = {.fault = CHECK_OK};
    if (asks) {
        result = check_place(&form->walk.form, &form->walk.answers, &form->walk.logic,
                             form->page.place, form->walk.today);
    }
    if (err != OK) {
        result.fault = no_value(kiosk_form_field(kiosk)->kind); // typed, yet no answer of its kind
    }
    if (result.fault != CHECK_OK) {
        char stem[FORM_STEM_BYTES];
        (void)snprintf(stem, sizeof stem, "form.error.%s", check_fault_name(result.fault)); // fits
        kiosk_form_refuse(kiosk, stem, result);
        return;
    }
    if (form->walk.logic.is_blocked) {
        kiosk_form_refuse(kiosk, "form.error.refused", result);
        return;
    }
    form->goes_on = true;
    kiosk_form_save(kiosk);
    if (!form->asks_source) {
        form->goes_on = false;
        kiosk_form_next_page(kiosk);
    }
}

void kiosk_form_next_page(struct kiosk *kiosk)
{
    kiosk_form_show(kiosk, page_after(&kiosk->visit.form));
}

void kiosk_form_back(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct walk_page before;
    if (form->shows_why || form->is_removing) {
        form->shows_why = false;
        form->is_removing = false;
        return;
    }
    form->goes_on = false;
    kiosk_form_keep(kiosk);
    if (form->returns) {
        kiosk_form_show(kiosk, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    } else if (walk_back(&form->walk, form->page, &before)) {
        kiosk_form_show(kiosk, before);
    } else {
        kiosk_form_leave(kiosk);
    }
}

void kiosk_form_change(struct kiosk *kiosk, struct walk_page page)
{
    kiosk_form_show(kiosk, page);
    kiosk->visit.form.returns = true;
}

void kiosk_form_show(struct kiosk *kiosk, struct walk_page page)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    bool stays_within = is_item(form) || page.place.item >= 0; // changing an item takes pages
    form->returns = form->returns && stays_within && page.kind != WALK_CHECK;
    form->page = page;
    form->error[0] = '\0';
    form->tries = 0;
    form->shows_why = false;
    form->is_removing = false;
    form->check_first = 0;
    form->items_first = 0;
    kiosk_form_load(kiosk);
    scenes_replace(kiosk->scenes, kiosk_form_scene(kiosk));
}

void kiosk_form_ask_counter(struct kiosk *kiosk)
{
    kiosk_form_keep(kiosk);
    scenes_push(kiosk->scenes, &kiosk_scene_consent);
}

void kiosk_form_leave(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    kiosk_form_keep(kiosk);
    if (kiosk->client != NULL && form->id[0] != '\0') {
        (void)hub_form_pen(kiosk->client, form->id, API_PEN_GIVE); // the visit's end gives it too
    }
    kiosk_form_close(form);
    kiosk->waits_for = 0;
    scenes_reset(kiosk->scenes, &kiosk_scene_requests);
}

const struct scene *kiosk_form_scene(const struct kiosk *kiosk)
{
    switch (kiosk->visit.form.page.kind) {
    case WALK_ITEMS:
        return &kiosk_scene_form_items;
    case WALK_CHECK:
        return &kiosk_scene_form_check;
    case WALK_QUESTION:
    case WALK_READ:
    case WALK_HAND_OVER:
        break;
    }
    return &kiosk_scene_question;
}

void kiosk_form_show_trouble(struct kiosk *kiosk, enum form_trouble trouble)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    form->trouble = trouble;
    form->wish = FORM_NO_WISH;
    form->goes_on = false;
    form->owes_send = false;
    scenes_replace(kiosk->scenes, &kiosk_scene_form_trouble);
}

const struct form_field *kiosk_form_field(const struct kiosk *kiosk)
{
    const struct kiosk_form_private *form = &kiosk->visit.form;
    int16_t field = form->page.place.field;
    return !form->is_open || field < 0 ? NULL : &form->walk.form.fields[field];
}

bool kiosk_form_is_fixed(const struct kiosk *kiosk)
{
    const struct kiosk_form_private *form = &kiosk->visit.form;
    const struct form_field *field = kiosk_form_field(kiosk);
    return field != NULL &&
           (field->is_disabled ||
            (form->walk.logic.states[form->page.place.field] & LOGIC_DISABLED) != 0);
}

bool kiosk_form_is_beyond(const struct kiosk *kiosk, struct form_place place)
{
    const struct walk *walk = &kiosk->visit.form.walk;
    const struct form_field *field = &walk->form.fields[place.field];
    bool is_beyond = field->kind == FORM_UNKNOWN || field->kind == FORM_FILE;
    bool has_nobody =
        field->kind == FORM_PEOPLE && answers_people_count(&walk->answers, &walk->form, place) == 0;
    return is_beyond || has_nobody;
}

void kiosk_form_place(const struct kiosk *kiosk, struct context_form_private *place)
{
    const struct kiosk_form_private *form = &kiosk->visit.form;
    *place = (struct context_form_private){.item = -1};
    if (!form->is_open) {
        return;
    }
    size_t counts[4] = {0};
    memcpy(place->id, form->id, sizeof place->id);
    walk_position(&form->walk, form->page, &counts[0], &counts[1]);
    walk_progress(&form->walk, &counts[2], &counts[3]);
    place->step = (uint16_t)counts[0];
    place->steps = (uint16_t)counts[1];
    place->answered = (uint16_t)counts[2];
    place->asked = (uint16_t)counts[3];
    name_place(form, place);
}

void kiosk_form_name(const struct kiosk_form_private *form, char *key, size_t key_bytes, int *item)
{
    struct form_place place = form->page.place;
    key[0] = '\0';
    *item = place.item;
    if (place.field < 0) {
        return;
    }
    const struct form_field *field = &form->walk.form.fields[place.field];
    const struct form_field *repeat = form_repeat_of(&form->walk.form, field);
    struct text text;
    text_init(&text, key, key_bytes);
    text_format(&text, "%s%s%s", repeat == NULL ? "" : repeat->key, repeat == NULL ? "" : ".",
                field->key);
    if (text.is_cut) {
        key[0] = '\0'; // half a name would be another's
    }
}

void kiosk_form_refuse(struct kiosk *kiosk, const char *stem, struct check_result result)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    text_copy_cut(form->error, sizeof form->error, stem);
    form->result = result;
    form->tries += 1;
    form->shows_why = false;
}

// Behind the last question of an item one is back with the items.
static struct walk_page page_after(const struct kiosk_form_private *form)
{
    if (form->returns && !is_item(form)) {
        return (struct walk_page){WALK_CHECK, FORM_NOWHERE};
    }
    return walk_next(&form->walk, form->page);
}

static bool is_item(const struct kiosk_form_private *form)
{
    return form->page.kind == WALK_QUESTION && form->page.place.item >= 0;
}

static enum check_fault no_value(enum form_kind kind)
{
    static const enum check_fault faults[FORM_UNKNOWN + 1] = {
        [FORM_NUMBER] = CHECK_NO_NUMBER,     [FORM_MONEY] = CHECK_NO_NUMBER,
        [FORM_DATE] = CHECK_NO_DATE,         [FORM_DATE_TIME] = CHECK_NO_DATE,
        [FORM_TIME] = CHECK_NO_TIME,         [FORM_EMAIL] = CHECK_NO_EMAIL,
        [FORM_PHONE] = CHECK_NO_PHONE,       [FORM_BSN] = CHECK_NO_BSN,
        [FORM_IBAN] = CHECK_NO_IBAN,         [FORM_PLATE] = CHECK_NO_PLATE,
        [FORM_POSTCODE] = CHECK_NO_POSTCODE, [FORM_ADDRESS] = CHECK_NO_ADDRESS,
        [FORM_ONE] = CHECK_NO_CHOICE,        [FORM_SOME] = CHECK_NO_CHOICE,
    };
    return faults[kind] == CHECK_OK ? CHECK_PATTERN : faults[kind];
}

static void name_place(const struct kiosk_form_private *form, struct context_form_private *place)
{
    if (form->page.place.field < 0) {
        return;
    }
    const struct form_field *field = &form->walk.form.fields[form->page.place.field];
    kiosk_form_name(form, place->key, sizeof place->key, &place->item);
    kiosk_form_plain(field->label, place->label, sizeof place->label);
    const char *end = strrchr(form->error, '.');
    text_copy_cut(place->error, sizeof place->error, end == NULL ? "" : end + 1);
    bool may_tell = !field->is_sensitive && form->entry.is_loaded && form->entry.edits_count == 1;
    if (may_tell && text_is_printable(form->entry.edits[0].text)) {
        text_copy_cut(place->tried, sizeof place->tried, form->entry.edits[0].text);
    }
}
