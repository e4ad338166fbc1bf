// SPDX-License-Identifier: EUPL-1.2
//
// A question that wants a document: the address a visitor's own phone brings it to, what arrived,
// and taking it away again. The document itself never comes near a screen.
#include "fill/fill.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

enum {
    // Without a hub (tests) these commands have ids of their own.
    ADDRESS_ID_ALONE = 3,
    READING_ID_ALONE = 4,
    MARGIN_MS = 30000, // a phone needs some time after it scanned
    FRESH_MS_MIN = 60000,
    FRESH_MS_MAX = 15 * 60000,
};

static void ask_address(struct fill_private *form);
static void forget_address(struct fill_private *form);
static void read_arrived(struct fill_private *form);
static void take_address(struct fill_private *form, const struct hub_message_private *message);
static void take_arrived(struct fill_private *form, const struct api_uploads_private *uploads);
static bool place_of(const struct fill_private *form, const struct api_uploaded_private *uploaded,
                     struct form_place *place);
static bool is_known(struct fill_private *form, const struct json *value);
static void add(struct fill_private *form, struct form_place place, const struct json *value);
static size_t room_of(const struct form_field *field);
static void answer(struct fill_private *form, struct form_place place, struct json *list);
static bool is_page(const struct fill_private *form, struct form_place place);

void fill_file_begin(struct fill_private *form)
{
    forget_address(form);
    // What arrived is still heard of, whatever page is shown by then.
    form->file = (struct form_file_private){.place = form->page.place,
                                            .reading_id = form->file.reading_id,
                                            .owes_reading = form->file.owes_reading};
    if (fill_is_file(form) && fill_files_count(form) == 0) {
        ask_address(form);
    }
}

bool fill_is_file(const struct fill_private *form)
{
    const struct form_field *field = fill_field(form);
    return field != NULL && field->kind == FORM_FILE && form->page.kind == WALK_QUESTION &&
           !fill_is_fixed(form) && !fill_is_beyond(form, form->page.place);
}

size_t fill_files_count(const struct fill_private *form)
{
    const struct json *list = answers_get(&form->walk.answers, &form->walk.form, form->page.place);
    return json_is_list(list) ? json_len(list) : 0;
}

bool fill_may_add_file(const struct fill_private *form)
{
    return fill_files_count(form) < room_of(fill_field(form));
}

void fill_add_file(struct fill_private *form)
{
    if (fill_is_file(form) && fill_may_add_file(form)) {
        ask_address(form);
    }
}

void fill_remove_file(struct fill_private *form, size_t index)
{
    struct form_place place = form->page.place;
    if (!fill_is_file(form) || index >= fill_files_count(form)) {
        return;
    }
    struct json *list = json_clone(answers_get(&form->walk.answers, &form->walk.form, place));
    json_remove_at(list, index);
    answer(form, place, list);
    if (fill_files_count(form) == 0) {
        ask_address(form);
    }
}

bool fill_take_file(struct fill_private *form, const struct hub_message_private *message)
{
    struct form_file_private *file = &form->file;
    if (file->address_id != 0 && message->command_id == file->address_id) {
        file->address_id = 0;
        take_address(form, message);
        return true;
    }
    if (file->reading_id == 0 || message->command_id != file->reading_id) {
        return false;
    }
    bool owes_more = file->owes_reading;
    file->reading_id = 0;
    file->owes_reading = false;
    if (message->answer == HUB_ANSWER_UPLOADS) {
        take_arrived(form, &message->uploads);
    }
    if (owes_more || message->answer == HUB_ANSWER_NO_HUB) {
        read_arrived(form);
    }
    return true;
}

void fill_file_news(struct fill_private *form, const struct api_upload_news *news)
{
    char key[CONTEXT_KEY_BYTES];
    int item = -1;
    if (!form->is_open || !text_equal(news->form, form->id)) {
        return;
    }
    *form->host->has_news = true; // whoever holds the phone stands before the screen
    fill_name(form, key, sizeof key, &item);
    if (news->state == API_UPLOAD_ARRIVED) {
        read_arrived(form);
    } else if (text_equal(news->key, key) && news->item == item) {
        form->file.is_refused = true;
    }
}

void fill_file_catch_up(struct fill_private *form)
{
    if (form->is_open && form->file.way == FILE_CODE) {
        read_arrived(form);
    }
}

int64_t fill_file_tick(struct fill_private *form, int64_t now_ms)
{
    if (!form->is_open || form->file.way != FILE_CODE) {
        return SCENE_NEVER;
    }
    if (now_ms >= form->file.ends_ms) {
        ask_address(form);
        return SCENE_NEVER;
    }
    return form->file.ends_ms;
}

static void ask_address(struct fill_private *form)
{
    struct api_upload_open open = {.item = -1};
    const struct fill_host *host = form->host;
    forget_address(form);
    fill_name(form, open.key, sizeof open.key, &open.item);
    form->file.way = open.key[0] == '\0' ? FILE_COUNTER : FILE_ASKING;
    form->file.is_refused = false;
    if (form->file.way == FILE_ASKING) {
        *host->commands_count += 1;
        form->file.address_id = *host->client == NULL
                                    ? ADDRESS_ID_ALONE
                                    : hub_form_upload(*host->client, form->id, &open);
    }
}

static void forget_address(struct fill_private *form)
{
    bool was_shown = form->file.url[0] != '\0';
    wipe(form->file.url, sizeof form->file.url);
    if (was_shown && form->host->show_code != NULL) {
        form->host->show_code(form->host->ctx, "");
    }
}

static void read_arrived(struct fill_private *form)
{
    const struct fill_host *host = form->host;
    if (form->file.reading_id != 0) {
        form->file.owes_reading = true; // what is in flight may have been told too early
        return;
    }
    *host->commands_count += 1;
    form->file.reading_id =
        *host->client == NULL ? READING_ID_ALONE : hub_form_uploads(*host->client, form->id);
}

static void take_address(struct fill_private *form, const struct hub_message_private *message)
{
    const struct fill_host *host = form->host;
    bool is_no = message->answer == HUB_ANSWER_PROBLEM;
    enum form_trouble trouble = is_no ? fill_trouble_of(&message->problem) : FORM_NO_TROUBLE;
    if (trouble != FORM_NO_TROUBLE) {
        fill_show_trouble(form, trouble);
        return;
    }
    if (message->answer != HUB_ANSWER_UPLOAD) {
        bool is_never = is_no && (text_equal(message->problem.code, "upload_unavailable") ||
                                  text_equal(message->problem.code, "not_found"));
        form->file.way = is_never ? FILE_COUNTER : FILE_LATER;
        return;
    }
    // The hub's clock may be another: never longer than it promises, never so short that it
    // flickers.
    int64_t left_ms = message->upload.expires_ms - clock_now_ms(host->clock);
    left_ms = left_ms < FRESH_MS_MIN ? FRESH_MS_MIN : left_ms;
    left_ms = left_ms > FRESH_MS_MAX ? FRESH_MS_MAX : left_ms;
    form->file.way = FILE_CODE;
    form->file.ends_ms = *host->now_ms + left_ms - MARGIN_MS;
    CHECK(text_copy(form->file.url, sizeof form->file.url, message->upload.url) == OK);
    host->show_code(host->ctx, form->file.url);
}

// Also for a question that was left meanwhile: it came, so it belongs to its answer.
static void take_arrived(struct fill_private *form, const struct api_uploads_private *uploads)
{
    if (!form->is_open || form->state != API_FORM_OPEN || form->trouble != FORM_NO_TROUBLE) {
        return;
    }
    for (size_t i = 0; i < uploads->uploads_count; i++) {
        const struct api_uploaded_private *one = &uploads->uploads[i];
        struct form_place place;
        if (place_of(form, one, &place) && !is_known(form, one->value)) {
            add(form, place, one->value);
        }
    }
}

static bool place_of(const struct fill_private *form, const struct api_uploaded_private *uploaded,
                     struct form_place *place)
{
    const struct form *what = &form->walk.form;
    const struct form_field *field = form_find(what, uploaded->key);
    if (field == NULL || field->kind != FORM_FILE) {
        return false;
    }
    const struct form_field *repeat = form_repeat_of(what, field);
    *place = (struct form_place){(int16_t)form_index(what, field), (int16_t)uploaded->item};
    if (repeat == NULL) {
        place->item = -1;
        return true;
    }
    size_t items =
        answers_items_count(&form->walk.answers, what, (int16_t)form_index(what, repeat));
    return uploaded->item >= 0 && (size_t)uploaded->item < items;
}

// The hub tells all that came for this form, also what was taken away again since.
static bool is_known(struct fill_private *form, const struct json *value)
{
    const char *url = json_get_text(value, "url");
    for (size_t i = 0; i < json_len(form->files_private); i++) {
        if (url == NULL || text_equal(json_text(json_at(form->files_private, i)), url)) {
            return true;
        }
    }
    if (form->files_private == NULL) {
        form->files_private = json_new_array();
    }
    if (url != NULL) {
        json_append(form->files_private, json_new_text(url));
    }
    return url == NULL;
}

// One too many takes the place of the last.
static void add(struct fill_private *form, struct form_place place, const struct json *value)
{
    const struct json *now = answers_get(&form->walk.answers, &form->walk.form, place);
    struct json *list = json_is_list(now) ? json_clone(now) : json_new_array();
    if (json_len(list) >= room_of(&form->walk.form.fields[place.field])) {
        json_remove_at(list, json_len(list) - 1);
    }
    json_append(list, json_clone(value));
    if (is_page(form, place)) {
        forget_address(form); // it worked once
        form->file.way = FILE_NO_WAY_YET;
        form->file.is_refused = false;
        form->error[0] = '\0';
    }
    answer(form, place, list);
}

static size_t room_of(const struct form_field *field)
{
    bool is_limited = field->chosen_max > 0 && field->chosen_max < API_UPLOADS_MAX;
    return !field->is_multiple ? 1 : is_limited ? field->chosen_max : API_UPLOADS_MAX;
}

// Takes `list`.
static void answer(struct fill_private *form, struct form_place place, struct json *list)
{
    struct fault fault = {0};
    enum err err = walk_answer(&form->walk, place, list, &fault);
    if (err == ERR_STATE) {
        fill_show_trouble(form, FORM_CANNOT);
    } else if (err == OK) {
        fill_save(form);
    }
}

static bool is_page(const struct fill_private *form, struct form_place place)
{
    return form->file.place.field == place.field && form->file.place.item == place.item;
}
