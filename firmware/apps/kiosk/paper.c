// SPDX-License-Identifier: EUPL-1.2
//
// The words of the slip, in the visitor's language.
#include "apps/kiosk/paper.h"

#include "apps/kiosk/frame.h"
#include "base/text.h"

static void sent_paper(const struct frame *frame, struct slip *slip);
static const char *date_of(const struct frame *frame);

void kiosk_paper(const struct kiosk *kiosk, struct tree *words, struct slip *slip)
{
    const struct frame frame = {.kiosk = kiosk, .maker = {.tree = words, .look = kiosk->look}};
    const struct api_ticket *ticket = &kiosk->visit.ticket;
    if (!kiosk->visit.has_ticket) {
        sent_paper(&frame, slip);
        return;
    }
    const struct request_private *request = kiosk_request(kiosk);
    bool may_name = request != NULL && ticket->ticket.request[0] != '\0' &&
                    policy_allows(request->class, ticket->ticket.level, POLICY_PRINT);
    *slip = (struct slip){
        .town = kiosk->state.town,
        .date = date_of(&frame),
        .title = frame_say(&frame, "slip.title"),
        .number = ticket->ticket.number,
        .todo = frame_say(&frame, "slip.todo"),
        .follow = frame_say(&frame, "slip.follow"),
        .help = frame_say(&frame, "slip.help"),
        .privacy = frame_say(&frame, "slip.privacy"),
        .code = ticket->reference,
    };
    if (ticket->wait.is_known) {
        slip->time = frame_time(&frame, "common.around_time", ticket->wait.likely_ms);
        slip->wait =
            frame_fill(&frame, "message.number.wait", "wait", frame_wait(&frame, &ticket->wait));
    }
    if (may_name) {
        slip->subject = frame_request_title(&frame, request);
        slip->picture = request_subject_picture(request->subject);
        slip->bring = request->missing_count == 0
                          ? NULL
                          : frame_fill(&frame, "slip.bring", "item", request->missing[0]);
    }
}

// The reference only: what it was about is nobody's who finds the paper.
static void sent_paper(const struct frame *frame, struct slip *slip)
{
    *slip = (struct slip){
        .town = frame->kiosk->state.town,
        .date = date_of(frame),
        .title = frame_say(frame, "form.done.reference"),
        .number = frame->kiosk->visit.form.reference,
        .todo = frame_say(frame, "slip.sent"),
        .help = frame_say(frame, "slip.help"),
        .privacy = frame_say(frame, "slip.privacy"),
    };
}

static const char *date_of(const struct frame *frame)
{
    int64_t now_ms = clock_now_ms(&frame->kiosk->clock);
    char words[PHRASE_BYTES];
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text, "%s %d", frame_date(frame, now_ms), clock_local(now_ms).year);
    return tree_words(frame->maker.tree, words);
}
