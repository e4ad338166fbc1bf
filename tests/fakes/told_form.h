// SPDX-License-Identifier: EUPL-1.2
//
// A form as the hub tells it to a screen, and the hub's answers to what the screen does with it.
#ifndef INLOOP_TESTS_TOLD_FORM_H
#define INLOOP_TESTS_TOLD_FORM_H

#include "link/hub_client.h"

// Fills `message` with a form: `document` is {"steps","rules","prefill","data"}.
void told_form(struct hub_message_private *message, uint32_t command_id, const char *document);
// The one with every kind of question; caller frees.
char *told_every_kind(void);
// Children and partners: nobody yet, whom the register gave, and both; caller frees.
char *told_people(void);
// A published sample as it is; caller frees.
struct json *told_published(const char *name);
// A published sample's steps as such a document; caller frees.
char *told_sample(const char *name);
void told_saved(struct hub_message_private *message, uint32_t command_id, uint64_t revision,
                bool is_at_source);
void told_sent(struct hub_message_private *message, uint32_t command_id, enum api_form_state state,
               const char *reference);
void told_no(struct hub_message_private *message, uint32_t command_id, const char *code);
// An address for a document, good for as long as the hub's clock says.
void told_upload(struct hub_message_private *message, uint32_t command_id, int64_t expires_ms);
// All that came for the question `key`: `count` documents, each of its own. Caller frees with
// api_uploads_free.
void told_uploads(struct hub_message_private *message, uint32_t command_id, const char *key,
                  size_t count);
// The event that one came, or that it was refused.
void told_upload_news(struct hub_message_private *message, const char *key, bool is_refused);
void told_silence(struct hub_message_private *message, uint32_t command_id);

#endif
