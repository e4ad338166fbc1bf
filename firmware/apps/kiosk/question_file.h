// SPDX-License-Identifier: EUPL-1.2
//
// The part of a question's page that wants a document: the code for the visitor's phone, and what
// arrived.
#ifndef INLOOP_APPS_KIOSK_QUESTION_FILE_H
#define INLOOP_APPS_KIOSK_QUESTION_FILE_H

#include "apps/kiosk/frame.h"

void question_file_build(struct frame *frame, const struct form_field *field);
// True when the event was one of its buttons.
bool question_file_event(struct kiosk *kiosk, const struct scene_event *event);

#endif
