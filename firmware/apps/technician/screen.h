// SPDX-License-Identifier: EUPL-1.2
//
// What the technician's screen knows and where its person stands. Scenes draw it; screen.c moves it
// on by what the I/O thread tells. Nothing here is a visitor's.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_H

#include "apps/technician/enrol.h"
#include "apps/technician/screen_facts.h"
#include "apps/technician/screen_touch.h"
#include "base/clock.h"
#include "drivers/qr.h"
#include "ports/printer.h"
#include "ui/keyboard.h"
#include "ui/phrases.h"
#include "ui/scene.h"
#include "ui/setup.h"
#include "ui/sound.h"

enum {
    TECHNICIAN_LANGUAGES = 3,
    TECHNICIAN_KEY_BYTES = 48,
    TECHNICIAN_NAME_CHARS_MAX = 32,
    TECHNICIAN_CODE_CHARS_MAX = 24,
    TECHNICIAN_CODE_BYTES = 512, // an enrolment code as scanned
    TECHNICIAN_CHIME_MS = 1000,
};

// One page each; only what the role has is offered.
enum technician_test {
    TECHNICIAN_SCANNER,
    TECHNICIAN_CARD,
    TECHNICIAN_PRINTER,
    TECHNICIAN_TOUCH,
    TECHNICIAN_CHIME,
    TECHNICIAN_PICTURE,
    TECHNICIAN_TESTS_COUNT,
};
enum technician_outcome { OUTCOME_NONE, OUTCOME_GOOD, OUTCOME_BAD };

struct technician_result {
    enum technician_outcome outcome;
    int64_t at_ms; // of the wall; 0: never tried
};

enum technician_cable { CABLE_UNKNOWN, CABLE_READY, CABLE_MISSING, CABLE_REFUSED };
enum technician_card { CARD_NONE, CARD_LIES, CARD_SAYS_NOTHING };
enum technician_slip { SLIP_NOT_ASKED, SLIP_PRINTS, SLIP_IS_OUT, SLIP_FAILS };

// Why the hub is not reached.
enum technician_hub {
    HUB_NOT_ASKED,
    HUB_REACHED,
    HUB_NOT_KNOWN, // no address of it is configured
    HUB_SILENT,
    HUB_IS_OTHER, // somebody answers who is not our hub
};

enum technician_enrolment { ENROL_NONE, ENROL_RUNS, ENROL_FAILED, ENROL_DONE };

// What is typed or scanned to enrol; wiped once it was used.
struct technician_enrol_private {
    struct edit_private name;
    struct edit_private code;
    struct keyboard keyboard;
    enum technician_enrolment stage;
    char failure[TECHNICIAN_KEY_BYTES]; // stem of its phrases
    char error[TECHNICIAN_KEY_BYTES];   // phrase over the field; empty: none
    struct enrol_result result;
};

enum technician_news_kind {
    NEWS_FACTS,
    NEWS_REPORT,
    NEWS_HUB,     // `hub`
    NEWS_CODE,    // a code was scanned: `code` when it is for us, else only its length
    NEWS_SCANNER, // `cable`
    NEWS_READER,  // `cable`
    NEWS_CARD,    // `card`
    NEWS_PRINTER, // `status`
    NEWS_SLIP,    // `slip`
    NEWS_ENROLLED,
    NEWS_KEPT, // `is_kept`: results, and the calibration with them
};

struct technician_news {
    enum technician_news_kind kind;
    union {
        struct facts facts;
        struct report report;
        enum technician_hub hub;
        enum technician_cable cable;
        enum technician_card card;
        struct printer_status status;
        enum technician_slip slip;
        bool is_kept;
        struct {
            char words[TECHNICIAN_CODE_BYTES];
            size_t len; // as read
        } code;
        struct {
            enum err err;
            struct enrol_result result;
        } enrolled;
    };
};

// What the I/O thread is asked for.
struct technician_wishes {
    void (*enrol)(void *ctx, const struct enrol_request *request); // copies it
    void (*print)(void *ctx);                                      // the test slip
    void (*keep)(void *ctx);                                       // results and calibration
    void *ctx;
};

struct technician {
    struct setup setup;
    struct look *look;
    struct scenes *scenes;
    struct phrases phrases;
    struct clock clock; // wall time; tests hold it still
    const struct config *config;
    struct technician_wishes wishes; // zeroed in tests: nothing is asked
    struct sound sound;
    struct facts facts;
    struct report report;
    enum technician_hub hub;
    bool is_trouble; // the role program keeps stopping: shown first
    struct technician_enrol_private enrol;
    struct qr hub_qr; // of the first technician's code
    struct qr test_qr;
    // Self-test.
    enum technician_test test; // the one on the screen
    struct technician_result results[TECHNICIAN_TESTS_COUNT];
    enum technician_cable scanner;
    size_t scanned_len; // of the last code; 0: none yet
    bool scanned_own;   // it was the test slip's
    enum technician_cable reader;
    enum technician_card card;
    struct printer_status printer;
    bool knows_printer;
    enum technician_slip slip;
    int64_t chimes_until_ms; // monotonic
    struct touch_try touch;
    int64_t now_ms; // monotonic, of the last tick or event
};

extern const char *const technician_languages[TECHNICIAN_LANGUAGES];
extern const char technician_test_code[]; // what the test slip holds

void technician_init(struct technician *screen, struct look *look, struct scenes *scenes,
                     const struct config *config);
void technician_finish(struct technician *screen); // wipes what was typed
void technician_set_language(struct technician *screen, const char *language);
void technician_take(struct technician *screen, const struct technician_news *news);

// Enrolling: by what was typed, or by a code that was read. Says in `error` what is missing.
void technician_enrol_begin(struct technician *screen);
void technician_enrol_typed(struct technician *screen);
void technician_enrol_scanned(struct technician *screen, char *code);

bool technician_has_test(const struct technician *screen, enum technician_test test);
const char *
technician_test_name(enum technician_test test); // "scanner": in ids, phrases and the file
void technician_keep(struct technician *screen, enum technician_test test,
                     enum technician_outcome outcome);
bool technician_is_hub(const struct technician *screen);
// The stem of what stands in the way of the hub, or NULL: it is reached, or not asked yet.
const char *technician_trouble(const struct technician *screen);

// The bar, and leaving; true when the event was one of theirs.
bool technician_common_event(struct technician *screen, struct scenes *scenes,
                             const struct scene_event *event);
int64_t technician_clock_tick(void *model, struct scenes *scenes, int64_t now_ms);

extern const struct scene technician_scene_home;
extern const struct scene technician_scene_device;
extern const struct scene technician_scene_enrol;
extern const struct scene technician_scene_name;
extern const struct scene technician_scene_code;
extern const struct scene technician_scene_enrolling;
extern const struct scene technician_scene_hub;
extern const struct scene technician_scene_tests;
extern const struct scene technician_scene_test;
extern const struct scene technician_scene_touch;
extern const struct scene technician_scene_picture;
extern const struct scene technician_scene_state;
extern const struct scene technician_scene_errors;

#endif
