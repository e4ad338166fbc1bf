// SPDX-License-Identifier: EUPL-1.2
//
// The way through the technician's screen.
#include "apps/technician/screen.h"

#include "base/bytes.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

const char *const technician_languages[TECHNICIAN_LANGUAGES] = {"nl", "en", "ar"};
const char technician_test_code[] = "KT1:INLOOP";

static void take_code(struct technician *screen, const char *words, size_t len);
static void take_end(struct technician *screen, enum err err, const struct enrol_result *result);
static const char *failure_of(const struct technician *screen, enum err err);
static void take_hub_code(struct technician *screen, const char *old);

void technician_init(struct technician *screen, struct look *look, struct scenes *scenes,
                     const struct config *config)
{
    screen->look = look;
    screen->scenes = scenes;
    screen->config = config;
    screen->clock = clock_system();
    edit_init(&screen->enrol.name,
              (struct edit_rules){.kind = EDIT_PLATE, .chars_max = TECHNICIAN_NAME_CHARS_MAX});
    edit_init(&screen->enrol.code,
              (struct edit_rules){.kind = EDIT_PLATE, .chars_max = TECHNICIAN_CODE_CHARS_MAX});
    keyboard_init(&screen->enrol.keyboard,
                  (struct keyboard_setup){.layout = KEYBOARD_CODE, .has_dash = true});
    CHECK(qr_make(&screen->test_qr, technician_test_code) == OK);
}

void technician_finish(struct technician *screen)
{
    edit_finish(&screen->enrol.name);
    edit_finish(&screen->enrol.code);
    keyboard_finish(&screen->enrol.keyboard);
    wipe(&screen->enrol, sizeof screen->enrol);
}

void technician_set_language(struct technician *screen, const char *language)
{
    struct fault fault = {0};
    look_set_language(screen->look, language);
    if (phrases_read(&screen->phrases, screen->setup.strings_dir, language, &fault) != OK) {
        phrases_init(&screen->phrases); // keys on the screen: seen by the first person who looks
    }
}

void technician_take(struct technician *screen, const struct technician_news *news)
{
    switch (news->kind) {
    case NEWS_FACTS: {
        char old[FACTS_CODE_BYTES];
        memcpy(old, screen->facts.hub_code, sizeof old);
        screen->facts = news->facts;
        take_hub_code(screen, old);
        wipe(old, sizeof old);
        break;
    }
    case NEWS_REPORT:
        screen->report = news->report;
        break;
    case NEWS_HUB:
        screen->hub = news->hub;
        break;
    case NEWS_CODE:
        take_code(screen, news->code.words, news->code.len);
        break;
    case NEWS_SCANNER:
        screen->scanner = news->cable;
        break;
    case NEWS_READER:
        screen->reader = news->cable;
        screen->card = CARD_NONE;
        break;
    case NEWS_CARD:
        screen->card = news->card;
        if (screen->card == CARD_LIES && scenes_top(screen->scenes) == &technician_scene_test &&
            screen->test == TECHNICIAN_CARD) {
            technician_keep(screen, TECHNICIAN_CARD, OUTCOME_GOOD);
        }
        break;
    case NEWS_PRINTER:
        screen->printer = news->status;
        screen->knows_printer = true;
        break;
    case NEWS_SLIP:
        screen->slip = news->slip;
        break;
    case NEWS_ENROLLED:
        take_end(screen, news->enrolled.err, &news->enrolled.result);
        break;
    case NEWS_KEPT:
        screen->touch.is_kept = news->is_kept;
        break;
    }
}

void technician_enrol_begin(struct technician *screen)
{
    edit_clear(&screen->enrol.name);
    edit_clear(&screen->enrol.code);
    screen->enrol.stage = ENROL_NONE;
    screen->enrol.error[0] = '\0';
}

// Names and codes are small letters; the keys show capitals, which are read more easily.
static void small(char *out, size_t out_bytes, const char *typed)
{
    text_copy_cut(out, out_bytes, typed);
    for (char *at = out; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
}

static void ask(struct technician *screen, const struct enrol_request *request)
{
    struct technician_enrol_private *enrol = &screen->enrol;
    enrol->error[0] = '\0';
    if (request->url[0] == '\0' || request->fingerprint[0] == '\0') {
        enrol->stage = ENROL_FAILED;
        text_copy_cut(enrol->failure, sizeof enrol->failure, "tech.fail.no_hub_known");
    } else {
        enrol->stage = ENROL_RUNS;
        if (screen->wishes.enrol != NULL) {
            screen->wishes.enrol(screen->wishes.ctx, request);
        }
    }
    edit_clear(&enrol->code);
    scenes_reset(screen->scenes, &technician_scene_home);
    scenes_push(screen->scenes, &technician_scene_enrolling);
}

void technician_enrol_typed(struct technician *screen)
{
    char device[ENROL_WORD_BYTES];
    char code[ENROL_WORD_BYTES];
    small(device, sizeof device, screen->enrol.name.text);
    small(code, sizeof code, screen->enrol.code.text);
    const struct enrol_request request = {.url = screen->facts.hub_url,
                                          .fingerprint = screen->facts.hub_fingerprint,
                                          .device = device,
                                          .code = code};
    ask(screen, &request);
    wipe(code, sizeof code);
}

void technician_enrol_scanned(struct technician *screen, char *code)
{
    struct enrol_request request = {0};
    if (enrol_code_read(code, &request) == OK) {
        ask(screen, &request);
    } else {
        text_copy_cut(screen->enrol.error, sizeof screen->enrol.error, "tech.enrol.not_a_code");
    }
}

bool technician_has_test(const struct technician *screen, enum technician_test test)
{
    const char *role = screen->facts.role;
    bool is_any =
        !screen->facts.is_enrolled && !technician_is_hub(screen); // it may become anything
    bool is_kiosk = is_any || text_equal(role, "kiosk");
    switch (test) {
    case TECHNICIAN_SCANNER:
    case TECHNICIAN_CARD:
    case TECHNICIAN_PRINTER:
    case TECHNICIAN_TOUCH:
        return is_kiosk;
    case TECHNICIAN_CHIME:
        return is_any || text_equal(role, "display");
    case TECHNICIAN_PICTURE:
        return true;
    case TECHNICIAN_TESTS_COUNT:
        break;
    }
    return false;
}

const char *technician_test_name(enum technician_test test)
{
    static const char *const names[TECHNICIAN_TESTS_COUNT] = {"scanner", "card",  "printer",
                                                              "touch",   "chime", "picture"};
    CHECK((size_t)test < TECHNICIAN_TESTS_COUNT);
    return names[test];
}

void technician_keep(struct technician *screen, enum technician_test test,
                     enum technician_outcome outcome)
{
    screen->results[test] =
        (struct technician_result){.outcome = outcome, .at_ms = clock_now_ms(&screen->clock)};
    if (screen->wishes.keep != NULL) {
        screen->wishes.keep(screen->wishes.ctx);
    }
}

bool technician_is_hub(const struct technician *screen)
{
    return text_equal(screen->facts.role, "hub");
}

const char *technician_trouble(const struct technician *screen)
{
    const struct facts *facts = &screen->facts;
    if (facts->interface[0] == '\0') {
        return "tech.net.no_card"; // as it is too while a device starts and its driver is not there
    }
    if (!facts->has_link) {
        return "tech.net.no_link";
    }
    if (facts->address[0] == '\0') {
        return "tech.net.no_address";
    }
    if (facts->is_clock_wrong) {
        return "tech.net.clock";
    }
    switch (screen->hub) {
    case HUB_NOT_KNOWN: // before enrolling that is as it should be: a scanned code says where
        return technician_is_hub(screen) || !facts->is_enrolled ? NULL : "tech.net.no_hub_known";
    case HUB_SILENT:
        return "tech.net.silent";
    case HUB_IS_OTHER:
        return "tech.net.other";
    case HUB_NOT_ASKED:
    case HUB_REACHED:
        break;
    }
    return NULL;
}

bool technician_common_event(struct technician *screen, struct scenes *scenes,
                             const struct scene_event *event)
{
    screen->now_ms = event->now_ms;
    if (event->kind != SCENE_ACTIVATED) {
        return false;
    }
    struct look *look = screen->look;
    if (scene_event_is(event, "bar.larger")) {
        look->is_large = !look->is_large;
    } else if (scene_event_is(event, "bar.contrast")) {
        look_set_contrast(look, !look->is_contrast);
    } else if (scene_event_is(event, "bar.language")) {
        size_t next = 0;
        while (next < TECHNICIAN_LANGUAGES &&
               !text_equal(technician_languages[next], look->language)) {
            next += 1;
        }
        technician_set_language(screen, technician_languages[(next + 1) % TECHNICIAN_LANGUAGES]);
    } else if (scene_event_is(event, "bar.back")) {
        scenes_pop(scenes);
    } else {
        return false;
    }
    return true;
}

int64_t technician_clock_tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct technician *screen = model;
    (void)scenes;
    screen->now_ms = now_ms;
    return now_ms + 60000 - clock_now_ms(&screen->clock) % 60000; // the clock in the field
}

// An enrolment code counts wherever one enrols; elsewhere every code only proves the scanner.
static void take_code(struct technician *screen, const char *words, size_t len)
{
    const struct scene *top = scenes_top(screen->scenes);
    if (top == &technician_scene_test && screen->test == TECHNICIAN_SCANNER && len > 0) {
        screen->scanned_len = len;
        screen->scanned_own = text_equal(words, technician_test_code);
        technician_keep(screen, TECHNICIAN_SCANNER, OUTCOME_GOOD);
        return;
    }
    bool may_enrol = !screen->facts.is_enrolled && !technician_is_hub(screen) &&
                     screen->enrol.stage != ENROL_RUNS;
    bool asks = top == &technician_scene_enrol || top == &technician_scene_home ||
                top == &technician_scene_enrolling;
    if (may_enrol && asks) {
        char code[TECHNICIAN_CODE_BYTES];
        text_copy_cut(code, sizeof code, words);
        technician_enrol_scanned(screen, code);
        wipe(code, sizeof code);
    }
}

static void take_end(struct technician *screen, enum err err, const struct enrol_result *result)
{
    struct technician_enrol_private *enrol = &screen->enrol;
    enrol->result = *result;
    enrol->stage = err == OK ? ENROL_DONE : ENROL_FAILED;
    text_copy_cut(enrol->failure, sizeof enrol->failure, failure_of(screen, err));
}

// In words a person can act on. A clock that is years off makes every certificate look wrong, so
// that is said before the hub is suspected.
static const char *failure_of(const struct technician *screen, enum err err)
{
    const struct facts *facts = &screen->facts;
    bool has_network = facts->has_link && facts->address[0] != '\0';
    switch (err) {
    case OK:
        return "";
    case ERR_REFUSED:
        return "tech.fail.code";
    case ERR_CRYPTO:
        return facts->is_clock_wrong ? "tech.fail.clock" : "tech.fail.other_hub";
    case ERR_IO:
        return "tech.fail.disk";
    case ERR_MALFORMED:
    case ERR_TOO_BIG:
    case ERR_UNSUPPORTED:
        return "tech.fail.answer";
    case ERR_FULL:
    case ERR_EMPTY:
    case ERR_NOT_FOUND:
    case ERR_STATE:
    case ERR_TIMEOUT:
    case ERR_GONE:
    case ERR_UNAVAILABLE:
    case ERR_UNKNOWN:
    case ERR_DUPLICATE:
    case ERR_EXPIRED:
        break;
    }
    return has_network ? "tech.fail.silent" : "tech.fail.network";
}

static void take_hub_code(struct technician *screen, const char *old)
{
    const char *code = screen->facts.hub_code;
    if (!text_equal(old, code) && (code[0] == '\0' || qr_make(&screen->hub_qr, code) != OK)) {
        screen->hub_qr.modules_count = 0; // the words beside it say where the code stands
    }
}
