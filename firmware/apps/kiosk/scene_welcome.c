// SPDX-License-Identifier: EUPL-1.2
//
// The welcome: hold a code under the scanner, or take a number. Languages in their own words.
#include "apps/kiosk/frame.h"

#include "base/clock.h"

static void enter(void *model, struct scenes *scenes);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void draw_gables(const struct node *node, struct canvas *canvas, const struct look *look);
static void build_languages(struct frame *frame);
static void build_faults(struct frame *frame);

const struct scene kiosk_scene_welcome = {
    .id = "welcome", .enter = enter, .build = build, .event = event, .tick = tick};

static void enter(void *model, struct scenes *scenes)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->touched_ms = 0;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "welcome", "welcome.title");
    widget_heading(frame.maker, frame.field, "title", TYPE_WELCOME,
                   frame_say(&frame, "welcome.title"));
    frame_lead(&frame, frame_say(&frame, "welcome.question"));
    if (!look->is_large && !look->is_contrast) {
        struct node *picture = tree_add(tree, frame.screen, "gables", ROLE_IMAGE, NULL);
        picture->draw = draw_gables;
        picture->box.height_mm = DRAWN(230);
        picture->ground = COLOUR_FIELD;
        // The picture belongs between the field and the content.
        struct node *content = frame.content;
        frame.content = widget_column(frame.maker, frame.screen, DRAWN(20));
        frame.content->box = content->box;
        content->box = (struct box){0};
        content->states |= NODE_HIDDEN;
    }
    bool can_scan = kiosk->scanner_ok && kiosk->is_connected;
    if (can_scan) {
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = WIDGET_CARD_PLAIN,
                                         .id = "scan",
                                         .title = frame_say(&frame, "welcome.scan"),
                                         .detail = frame_say(&frame, "welcome.scan.detail"),
                                         .picture = "picto-codes",
                                         .end_icon = "icon-down",
                                         .is_big = true});
    }
    build_faults(&frame);
    if (kiosk->is_connected) {
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = WIDGET_CARD_PLAIN,
                                         .id = "no_code",
                                         .title = frame_say(&frame, "welcome.no_code"),
                                         .detail = frame_say(&frame, "welcome.no_code.detail"),
                                         .picture = "picto-slip",
                                         .is_big = true});
    }
    build_languages(&frame);
    frame_close(&frame, FRAME_BAR_SHORT);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t index = 0;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "no_code")) {
        scenes_push(scenes, &kiosk_scene_subject);
    } else if (scene_event_is(event, "scan")) {
        scenes_push(scenes, &kiosk_scene_help); // a tap on the picture explains the act
    } else if (scene_event_item(event, "language", &index) && index < KIOSK_LANGUAGES) {
        kiosk_set_language(kiosk, kiosk_languages[index]);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->now_ms = now_ms;
    struct clock clock = clock_system();
    return now_ms + 60000 - clock_now_ms(&clock) % 60000; // the clock in the field
}

// A row of Dutch gables in two field tones and a white hall with its door open, in units of the
// drawn 1080 x 230.
static void draw_gables(const struct node *node, struct canvas *canvas, const struct look *look)
{
    static const float hall[][2] = {{384, 230}, {384, 90}, {376, 90}, {376, 82}, {480, 82},
                                    {480, 56},  {504, 56}, {504, 20}, {516, 20}, {516, 0},
                                    {564, 0},   {564, 20}, {576, 20}, {576, 56}, {600, 56},
                                    {600, 82},  {704, 82}, {704, 90}, {696, 90}, {696, 230}};
    static const float near_roofs[][2] = {
        {0, 230},   {0, 150},   {30, 150},  {30, 110},  {48, 110},  {48, 84},   {92, 70},
        {136, 84},  {136, 110}, {154, 110}, {154, 150}, {170, 150}, {170, 130}, {186, 130},
        {186, 112}, {202, 112}, {202, 94},  {226, 94},  {226, 112}, {242, 112}, {242, 130},
        {258, 130}, {258, 170}, {320, 120}, {384, 170}, {384, 230}};
    static const float far_roofs[][2] = {
        {696, 230},  {696, 170},  {752, 110},  {812, 170},  {826, 170}, {826, 100},
        {846, 100},  {846, 76},   {890, 62},   {934, 76},   {934, 100}, {954, 100},
        {954, 150},  {970, 150},  {970, 130},  {986, 130},  {986, 108}, {1010, 108},
        {1010, 130}, {1026, 130}, {1026, 150}, {1080, 150}, {1080, 230}};
    static const float door[][2] = {{496, 230}, {496, 140}, {508, 120}, {540, 110},
                                    {572, 120}, {584, 140}, {584, 230}};
    static const float light[][2] = {{524, 230}, {524, 112}, {540, 110},
                                     {572, 120}, {584, 140}, {584, 230}};
    const struct {
        const float (*points)[2];
        size_t count;
        enum colour colour;
    } shapes[] = {
        {near_roofs, sizeof near_roofs / sizeof near_roofs[0], COLOUR_FIELD_NEAR},
        {far_roofs, sizeof far_roofs / sizeof far_roofs[0], COLOUR_FIELD_FAR},
        {hall, sizeof hall / sizeof hall[0], COLOUR_ON_FIELD},
        {door, sizeof door / sizeof door[0], COLOUR_FIELD_NEAR},
        {light, sizeof light / sizeof light[0], COLOUR_LIGHT},
    };
    float x_px = node->area.x_mm * look->px_per_mm;
    float y_px = node->area.y_mm * look->px_per_mm;
    float scale_x = node->area.width_mm * look->px_per_mm / 1080.0F;
    float scale_y = node->area.height_mm * look->px_per_mm / 230.0F;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        float points[CANVAS_POINTS_MAX][2];
        for (size_t p = 0; p < shapes[i].count; p++) {
            points[p][0] = x_px + shapes[i].points[p][0] * scale_x;
            points[p][1] = y_px + shapes[i].points[p][1] * scale_y;
        }
        canvas_polygon(canvas, (const float(*)[2])points, shapes[i].count,
                       theme_colour(look->theme, shapes[i].colour));
    }
}

static void build_languages(struct frame *frame)
{
    static const char *const names[KIOSK_LANGUAGES] = {"Nederlands", "English", "العربية"};
    struct node *row = widget_row(frame->maker, frame->content, DRAWN(16));
    row->box.across = ALIGN_CENTER;
    row->box.pad.top_mm = DRAWN(12);
    widget_icon(frame->maker, row, "icon-globe", DRAWN(44));
    widget_text(frame->maker, row, "languages", TYPE_BADGE, "Taal · Language · لغة");
    struct node *grid = widget_grid(frame->maker, frame->content, KIOSK_LANGUAGES, DRAWN(12));
    for (size_t i = 0; i < KIOSK_LANGUAGES; i++) {
        char id[16] = "language.0";
        id[9] = (char)('0' + i);
        struct node *button =
            widget_button(frame->maker, grid,
                          (struct widget_button){.id = tree_words(frame->maker.tree, id),
                                                 .words = names[i],
                                                 .style = STYLE_BUTTON_SERVICE,
                                                 .height_mm = DRAWN(96)});
        button->type = TYPE_SERVICE; // names of languages must fit in every mode
        bool is_on = frame->maker.look->language[0] == kiosk_languages[i][0];
        button->states |= is_on ? NODE_CHECKED : 0U;
    }
}

// A missing part narrows the service and says so.
static void build_faults(struct frame *frame)
{
    const struct kiosk *kiosk = frame->kiosk;
    if (kiosk->is_connected && kiosk->scanner_ok && kiosk->printer_ok) {
        return;
    }
    bool is_hub = !kiosk->is_connected;
    bool is_scanner = !is_hub && !kiosk->scanner_ok;
    widget_notice(frame->maker, frame->content,
                  (struct widget_notice){
                      .id = "fault",
                      .tone = TONE_TODO,
                      .icon = is_hub       ? "picto-plugoff"
                              : is_scanner ? "icon-warn"
                                           : "picto-printoff",
                      .cause = frame_say(frame, is_hub       ? "fault.no_hub"
                                                : is_scanner ? "fault.no_scanner"
                                                             : "fault.no_printer"),
                      .consequence = frame_say(frame, is_hub       ? "fault.no_hub.so"
                                                      : is_scanner ? "fault.no_scanner.so"
                                                                   : "fault.no_printer.so")});
}
