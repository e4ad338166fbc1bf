// SPDX-License-Identifier: EUPL-1.2
//
// The way through a form: one page after the other, back without loss, to the counter and out.
#include "fill/fill.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static struct walk_page page_after(const struct fill_private *form);
static bool is_item(const struct fill_private *form);
static enum check_fault no_value(enum form_kind kind);
static void name_place(const struct fill_private *form, struct context_form_private *place);

void fill_close(struct fill_private *form)
{
    if (form->is_open) {
        walk_close(&form->walk);
    }
    json_wipe_free(form->prefill_private);
    json_wipe_free(form->stored_private);
    json_wipe_free(form->given_private);
    json_wipe_free(form->files_private);
    const struct fill_host *host = form->host;
    if (form->file.url[0] != '\0') {
        host->show_code(host->ctx, "");
    }
    wipe(form, sizeof *form);
    form->host = host;
}

void fill_tell(struct fill_private *form, enum fill_step news)
{
    form->host->tell(form->host->ctx, news);
}

void fill_start(struct fill_private *form, bool from_nothing)
{
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
        fill_show_trouble(form, FORM_CANNOT);
        return;
    }
    form->entry.is_loaded = false;
    json_wipe_free(form->given_private);
    form->given_private = fill_answers(form); // nothing of the visitor's yet
    struct walk_page page = from_nothing ? walk_first(walk) : walk_resume(walk);
    bool knows = !from_nothing && form->stopped.key[0] != '\0';
    struct walk_page stopped;
    if (knows && walk_find(walk, form->stopped.key, &stopped)) {
        page = stopped;
    }
    fill_show(form, page);
}

void fill_next(struct fill_private *form)
{
    if (form->goes_on || *form->host->waits_for != 0) {
        return; // the source is still looking at this page
    }
    form->error[0] = '\0';
    bool asks = form->page.kind == WALK_QUESTION || form->page.kind == WALK_ITEMS;
    enum err err = asks ? fill_store(form) : OK;
    if (err == ERR_STATE) {
        fill_show_trouble(form,
                          FORM_CANNOT); // the rules go round: nobody can say what comes
        return;
    }
    struct check_result result = {.fault = CHECK_OK};
    if (asks) {
        result = check_place(&form->walk.form, &form->walk.answers, &form->walk.logic,
                             form->page.place, form->walk.today);
    }
    if (err != OK) {
        result.fault = no_value(fill_field(form)->kind); // typed, yet no answer of its kind
    }
    if (result.fault != CHECK_OK) {
        char stem[FORM_STEM_BYTES];
        (void)snprintf(stem, sizeof stem, "form.error.%s", check_fault_name(result.fault)); // fits
        fill_refuse(form, stem, result);
        return;
    }
    if (form->walk.logic.is_blocked) {
        fill_refuse(form, "form.error.refused", result);
        return;
    }
    form->goes_on = true;
    fill_save(form);
    if (!form->asks_source) {
        form->goes_on = false;
        fill_next_page(form);
    }
}

void fill_next_page(struct fill_private *form)
{
    fill_show(form, page_after(form));
}

void fill_back(struct fill_private *form)
{
    struct walk_page before;
    if (form->shows_why || form->is_removing) {
        form->shows_why = false;
        form->is_removing = false;
        return;
    }
    form->goes_on = false;
    fill_keep(form);
    if (form->returns) {
        fill_show(form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    } else if (walk_back(&form->walk, form->page, &before)) {
        fill_show(form, before);
    } else {
        fill_leave(form);
    }
}

void fill_change(struct fill_private *form, struct walk_page page)
{
    fill_show(form, page);
    form->returns = true;
}

void fill_show(struct fill_private *form, struct walk_page page)
{
    bool stays_within = is_item(form) || page.place.item >= 0; // changing an item takes pages
    form->returns = form->returns && stays_within && page.kind != WALK_CHECK;
    form->page = page;
    form->error[0] = '\0';
    form->tries = 0;
    form->shows_why = false;
    form->is_removing = false;
    form->check_first = 0;
    form->items_first = 0;
    fill_file_begin(form);
    fill_load(form);
    fill_tell(form, FILL_PAGE);
}

void fill_leave(struct fill_private *form)
{
    fill_keep(form);
    if (*form->host->client != NULL && form->id[0] != '\0') {
        (void)hub_form_pen(*form->host->client, form->id,
                           API_PEN_GIVE); // the visit's end gives it too
    }
    fill_close(form);
    *form->host->waits_for = 0;
    fill_tell(form, FILL_LEFT);
}

void fill_show_trouble(struct fill_private *form, enum form_trouble trouble)
{
    form->trouble = trouble;
    form->wish = FORM_NO_WISH;
    form->goes_on = false;
    form->owes_send = false;
    fill_tell(form, FILL_TROUBLE);
}

const struct form_field *fill_field(const struct fill_private *form)
{
    int16_t field = form->page.place.field;
    return !form->is_open || field < 0 ? NULL : &form->walk.form.fields[field];
}

bool fill_is_fixed(const struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    return field != NULL &&
           (field->is_disabled || (field->kind == FORM_PEOPLE && !form_is_ticked(field)) ||
            (form->walk.logic.states[form->page.place.field] & LOGIC_DISABLED) != 0);
}

bool fill_is_beyond(const struct fill_private *form, struct form_place place)
{
    const struct walk *walk = &form->walk;
    const struct form_field *field = &walk->form.fields[place.field];
    bool is_closed = form->file.way == FILE_COUNTER && form->file.place.field == place.field &&
                     form->file.place.item == place.item;
    bool is_beyond = field->kind == FORM_UNKNOWN ||
                     (field->kind == FORM_FILE && (form->host->show_code == NULL || is_closed));
    bool has_nobody = field->kind == FORM_PEOPLE &&
                      answers_people_count(&walk->answers, &walk->form, place) == 0 &&
                      !logic_asks_people(&walk->logic, &walk->form, &walk->answers, place.field);
    return is_beyond || has_nobody;
}

void fill_place(const struct fill_private *form, struct context_form_private *place)
{
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

void fill_name(const struct fill_private *form, char *key, size_t key_bytes, int *item)
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

void fill_refuse(struct fill_private *form, const char *stem, struct check_result result)
{
    text_copy_cut(form->error, sizeof form->error, stem);
    form->result = result;
    form->tries += 1;
    form->shows_why = false;
}

// Behind the last question of an item one is back with the items.
static struct walk_page page_after(const struct fill_private *form)
{
    if (form->returns && !is_item(form)) {
        return (struct walk_page){WALK_CHECK, FORM_NOWHERE};
    }
    return walk_next(&form->walk, form->page);
}

static bool is_item(const struct fill_private *form)
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

static void name_place(const struct fill_private *form, struct context_form_private *place)
{
    if (form->page.place.field < 0) {
        return;
    }
    const struct form_field *field = &form->walk.form.fields[form->page.place.field];
    fill_name(form, place->key, sizeof place->key, &place->item);
    const struct form_field *repeat = form_repeat_of(&form->walk.form, field);
    // What we ask about a person has no words of the form: those of the people have.
    bool is_ours = form_is_of_person(&form->walk.form, field);
    fill_plain(is_ours ? repeat->label : field->label, place->label, sizeof place->label);
    const char *end = strrchr(form->error, '.');
    text_copy_cut(place->error, sizeof place->error, end == NULL ? "" : end + 1);
    bool is_sensitive = field->is_sensitive || (repeat != NULL && repeat->is_sensitive);
    bool may_tell = !is_sensitive && form->entry.is_loaded && form->entry.edits_count == 1;
    if (may_tell && text_is_printable(form->entry.edits[0].text)) {
        text_copy_cut(place->tried, sizeof place->tried, form->entry.edits[0].text);
    }
}
