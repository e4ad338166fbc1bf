// SPDX-License-Identifier: EUPL-1.2
//
// Any data for a form with one of everything, and any typed text for each of its questions. The
// data stands before the first zero byte, the text behind it.
#include "forms/walk.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char definition[] =
    "{\"steps\":[{\"id\":\"1\",\"components\":["
    "{\"type\":\"textfield\",\"key\":\"text\",\"validate\":{\"pattern\":\"^(a|b.)*[x-z]{2,5}$\"}},"
    "{\"type\":\"textarea\",\"key\":\"long\",\"validate\":{\"maxWords\":5}},"
    "{\"type\":\"number\",\"key\":\"o.number\",\"validate\":{\"min\":1}},"
    "{\"type\":\"currency\",\"key\":\"o.money\"},{\"type\":\"date\",\"key\":\"date\"},"
    "{\"type\":\"datetime\",\"key\":\"moment\"},{\"type\":\"time\",\"key\":\"time\"},"
    "{\"type\":\"email\",\"key\":\"email\"},{\"type\":\"phoneNumber\",\"key\":\"phone\"},"
    "{\"type\":\"bsn\",\"key\":\"bsn\"},{\"type\":\"iban\",\"key\":\"iban\"},"
    "{\"type\":\"licenseplate\",\"key\":\"plate\"},{\"type\":\"postcode\",\"key\":\"postcode\"},"
    "{\"type\":\"addressNL\",\"key\":\"address\"},"
    "{\"type\":\"radio\",\"key\":\"one\",\"values\":[\"x\",\"y\"]},"
    "{\"type\":\"selectboxes\",\"key\":\"some\",\"values\":[\"x\",\"y\"]},"
    "{\"type\":\"select\",\"multiple\":true,\"key\":\"many\",\"values\":[\"x\",\"y\"]},"
    "{\"type\":\"checkbox\",\"key\":\"yes\"},{\"type\":\"signature\",\"key\":\"signature\"},"
    "{\"type\":\"file\",\"key\":\"file\"},{\"type\":\"children\",\"key\":\"children\"},"
    "{\"type\":\"children\",\"key\":\"ticked\",\"enableSelection\":true},"
    "{\"type\":\"partners\",\"key\":\"o.partners\"},{\"type\":\"map\",\"key\":\"map\"},"
    "{\"type\":\"textfield\",\"multiple\":true,\"key\":\"lines\"},"
    "{\"type\":\"editgrid\",\"key\":\"group\",\"components\":["
    "{\"type\":\"textfield\",\"key\":\"a\"},{\"type\":\"number\",\"key\":\"b\",\"conditional\":"
    "{\"show\":true,\"when\":\"a\",\"eq\":\"x\"}}]}]}],"
    "\"rules\":[{\"jsonLogicTrigger\":{\"in\":[\"x\",{\"var\":\"text\"}]},\"actions\":["
    "{\"component\":\"date\",\"action\":{\"type\":\"property\",\"property\":{\"value\":\"hidden\"},"
    "\"state\":true}}]}]}";

static struct walk walk;

// What is typed is refused, or stands the reading and writing again.
static void type_into(int16_t field, const char *typed)
{
    struct json *value = NULL;
    char words[512];
    const struct form_field *its = &walk.form.fields[field];
    const struct form_field *repeat = form_repeat_of(&walk.form, its);
    struct form_place place = {field, repeat == NULL ? -1 : 0};
    struct walk_page page;
    if (!form_is_question(its) || (repeat != NULL && !walk_at(&walk, place, &page)) ||
        answers_value(its, typed, &value) != OK) {
        return;
    }
    const enum err err = walk_answer(&walk, place, value, NULL);
    CHECK(err == OK || err == ERR_TOO_BIG);
    if (err != OK) {
        return;
    }
    const struct check_result result =
        check_place(&walk.form, &walk.answers, &walk.logic, place, walk.today);
    CHECK(result.fault < CHECK_FAULTS_COUNT);
    answers_text(&walk.answers, &walk.form, place, words, sizeof words);
    CHECK(utf8_is_valid(words, strlen(words)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *typed = malloc(len + 1);
    CHECK(typed != NULL);
    memcpy(typed, data, len);
    typed[len] = '\0';
    const size_t data_len = strlen(typed);
    struct json *document = NULL;
    struct json *given = NULL;
    CHECK(json_parse(definition, sizeof definition - 1, &document) == OK);
    if (json_parse(typed, data_len, &given) == OK) {
        json_set(document, "data", given);
    }
    if (walk_open(&walk, document, (struct date){2026, 11, 26}, NULL) == OK) {
        struct walk_page page;
        struct check_result result;
        (void)walk_first_fault(&walk, &page, &result); // only that it ends
        for (size_t i = 0; i < walk.form.fields_count; i++) {
            if (form_has_items(&walk.form, &walk.form.fields[i])) {
                const enum err err = answers_add_item(&walk.answers, &walk.form, (int16_t)i);
                CHECK(err == OK || err == ERR_FULL);
            }
            type_into((int16_t)i, data_len < len ? typed + data_len + 1 : typed);
        }
        struct json *all = answers_write(&walk.answers, &walk.form, &walk.logic, -1);
        struct json *step = answers_write(&walk.answers, &walk.form, &walk.logic, 0);
        CHECK(json_len(step) <= json_len(all));
        json_wipe_free(all);
        json_wipe_free(step);
        walk_close(&walk);
    }
    free(typed);
    return 0;
}
